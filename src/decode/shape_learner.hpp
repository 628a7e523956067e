#pragma once

#include "outline.hpp"
#include "shape_book.hpp"

namespace imdswatch {

/// What is to be compared with a message just read, told key by key. For one message.
class ShapeBook::Learner {
 public:
  Learner(std::string_view message, const SlotSet& asked) : message_(message), asked_(asked) {}

  /// Nothing where its looks do not decide.
  std::optional<Variant> learn(const Look& look, const char* text, std::span<const Walk::Visit> visits, const Decoded& outcome);
  /// The same for any order of its keys.
  std::optional<Variant> learn(const Survey& survey, std::span<const Walk::Visit> visits, const Decoded& outcome);

 private:
  /// A key of the message. For any order nothing is known of the first three.
  struct Place {
    const Outline::Key* key;
    std::uint32_t number;    ///< among all that the look sees
    std::size_t value;       ///< where its value begins
    std::string_view token;  ///< of an object only its brace
    bool holds_keys;         ///< its value
    bool before_value;       ///< whether a value of any length follows; else what follows up to the next key is always the same
    Role role = Role::free;
  };

  bool begin(const Decoded& outcome, std::span<const Walk::Visit> visits);
  /// False where it is not sure that something that looks like a key is one, or is none.
  bool find_places(const Outline& outline, const Look& look);
  bool take(Place& place, const PathTree::Node* node, const Value& value);
  std::optional<Variant> result();
  /// What decides about a key's value at `node`; nothing if that depends on other keys.
  std::optional<Role> role_at(const PathTree::Node* node, std::string_view token);
  /// Adds what is to be asked of a value, but for its being the same token. False if it is not so in this message.
  bool add_check(Role role, std::string_view token, const Value& value);
  /// Adds a key of a process start to what is read of it at once, and to what is kept of it, if it can tell something of the process.
  /// `literal`: the token that its value must be, or nothing.
  void keep(const Value& value, const PathTree::Node* node, std::string_view literal);
  /// Between which places the value of place number `i` stands.
  [[nodiscard]] Value value_of(std::size_t i) const;
  [[nodiscard]] Spot from_end(std::size_t at) const;
  bool add_skeleton();

  std::string_view message_;
  const SlotSet& asked_;
  Places at_{nullptr};  ///< of what was seen of the message
  std::vector<Place> places_;
  std::size_t tail_ = 0;  ///< where the last value ends
  Variant out_;
  EventTime time_;
  bool timed_ = false;
  bool any_order_ = false;  ///< whether the event may have its keys in another
  std::array<std::uint8_t, slot_count> surest_{};  ///< rank of the surest path at which a key of each slot stands
  SlotSet outranked_;  ///< slots of which a less sure key has been passed over
  SlotSet spoken_;  ///< slots whose value is settled: a later key of the same slot has no say
  SlotSet silent_;
  std::array<bool, slot_count> met_{};  ///< slots at whose surest path a key was met
  std::vector<StartShape::Part> parts_;
};

}  // namespace imdswatch
