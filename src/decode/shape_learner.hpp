#pragma once

#include "outline.hpp"
#include "shape_book.hpp"

namespace imdswatch {

/// What is to be compared with a message just read, told key by key.
class ShapeBook::Learner {
 public:
  Learner(std::string_view message, const Look& look, const SlotSet& asked) : message_(message), look_(look), asked_(asked) {}

  /// Nothing where its looks do not decide.
  std::optional<Variant> learn(const char* text, std::span<const Walk::Visit> visits, const Decoded& outcome);

 private:
  bool begin(const Decoded& outcome);
  /// `node`: what may stand at the key, or null.
  bool add(const Outline::Key& place, const PathTree::Node* node);
  /// What decides about a key's value at `node`; nothing if that depends on other keys.
  std::optional<Role> role_at(const PathTree::Node* node, std::string_view token);
  /// Completes a check by what its value must be.
  bool complete(Check& check, std::string_view token);
  [[nodiscard]] Key key_from(std::size_t begin, const Outline::Key& place, std::size_t value) const;
  /// Adds a key of a process start to what is read of it at once, and to what is kept of it, if it can tell something of the process.
  /// `literal`: the token that its value must be, or nothing.
  void keep(Key key, const PathTree::Node* node, std::string_view literal);

  std::string_view message_;
  const Look& look_;
  const SlotSet& asked_;
  Variant out_;
  EventTime time_;
  bool timed_ = false;
  std::array<std::uint8_t, slot_count> surest_{};  ///< rank of the surest path at which a key of each slot stands
  SlotSet outranked_;  ///< slots of which a less sure key has been passed over
  SlotSet spoken_;  ///< slots whose value is settled: a later key of the same slot has no say
  SlotSet silent_;
  std::vector<StartShape::Part> parts_;
};

}  // namespace imdswatch
