#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "imdswatch/decode/decoder.hpp"
#include "json_text.hpp"
#include "look.hpp"
#include "outline.hpp"
#include "skeleton.hpp"
#include "slot_roles.hpp"
#include "start_shape.hpp"
#include "survey.hpp"
#include "walk.hpp"

namespace imdswatch {

/// Events once read in full, by their shape, so that the next of the same kind need not be: where the fields stand that decided its
/// account, and what they said. An event is recognised if it has the same keys in the same order, lying in one another in the same way, and
/// these fields say the same (a closed list's value), or something of the same sort (a time, an address that is not wanted, a name). Its other
/// values are not looked at.
///
/// Where an event's keys come in another order each time, it is recognised by the nodes at which they stand, whatever their order.
class ShapeBook {
 public:
  static constexpr std::size_t usual_max_bytes = 16u << 20;  ///< of memory, about; far more than a fleet's shippers need
  /// Beyond so many of a shape the one met longest ago goes. For any order there are more of one, as fewer keys tell shapes apart: all kinds of events
  /// of a log that name the same things.
  static constexpr std::size_t max_variants_of_shape = 16, max_variants_of_any_order = 64;
  static constexpr std::size_t max_literal_bytes = 200;    ///< a deciding value longer than this is never recognised
  static constexpr std::uint32_t learned_freely_for_each = 4;   ///< variant that a shape may have; then ever more seldom
  static constexpr std::uint32_t orders_learned_freely = 16;  ///< of one shape for any order; likewise
  // Learning costs some times what reading does, and is lost on events whose every shape is new: in the long run one in so many is learned.
  static constexpr std::uint32_t looks_for_learning = 16, most_learned_in_a_row = 4096;

  /// Between which places a key's value stands.
  struct Value {
    Spot begin, end;
    /// All that stands there; of an array without its end. Empty if that is nothing.
    [[nodiscard]] std::string_view written(std::string_view message, Places places) const {
      const std::size_t from = begin.in(places);
      const std::size_t to = end.in(places);
      return from < to && to <= message.size() ? message.substr(from, to - from) : std::string_view();
    }
    /// The same, if it is a single token; else empty.
    [[nodiscard]] std::string_view token(std::string_view message, Places places) const {
      const std::string_view all = written(message, places);
      if (all.empty()) return {};
      const auto from = static_cast<std::size_t>(all.data() - message.data());
      if (all.front() == '"' && find_soon(message, '"', from + 1) == from + all.size() - 1) return all;
      return first_token(message, from, from + all.size());
    }

   private:
    /// What stands from `from` to `to`, if it is a single token, or an array.
    static std::string_view first_token(std::string_view message, std::size_t from, std::size_t to);
  };
  /// What a value is to a start's identity (StartIdentity).
  enum class Meaning : std::uint8_t { none, host, program, entity_id, pid, started, other };  ///< other: none, as long as it says something
  /// A value that means something to it.
  struct Identifying {
    Value value;
    Meaning meaning;
  };
  /// A key of a process start that tells which process it is.
  struct StartKey {
    const PathTree::Node* node;
    Role role;
    std::string literal;    ///< the token that is its value in all starts of the shape; else empty
    std::string text;       ///< of the literal, if that is a scalar without escapes that says something
    std::size_t value = 0;  ///< where there is no literal: its number among the values
  };
  /// How starts of a shape are read.
  struct Start {
    KeptStart kept;             ///< of the shape; the latest one's tokens
    std::vector<Value> values;  ///< that tell of a process and are not the same in all starts of the shape
    std::vector<StartKey> keys;
    std::vector<Identifying> identifying;
    /// What is written is hashed with it, as the same may mean something else in another shape; 0 while `identifying` is not known.
    std::uint64_t number = 0;
    int attempts = 4;  ///< left to find them out, as a start may say too little
  };
  /// Until the next call.
  struct Recognised {
    Glance* glance = nullptr;  ///< of a process start without identity
    Start* start = nullptr;
  };

  /// Beyond half of `max_bytes` all that was not met since the last time is forgotten.
  explicit ShapeBook(std::vector<IpAddress> wanted, std::size_t max_bytes = usual_max_bytes) : wanted_(std::move(wanted)), max_bytes_(max_bytes) {}

  /// No glance if no event like `message` was learned, or if it may be a connection to a wanted address. `look` is of this message.
  Recognised find(std::string_view message, const Look& look);
  /// The same of an event whose keys may come in any order.
  Recognised find(std::string_view message, const Survey& survey);
  /// From a message just read in full: its one event's outcome, the keys that were met (they point into `text`, a copy of the
  /// message), and what was asked for. Nothing is learned where that does not decide.
  void learn(std::string_view message, const Look& look, const char* text, std::span<const Walk::Visit> visits, const SlotSet& asked,
             const Decoded& outcome);
  /// The same, for any order. Nothing is learned where the keys met are not those that `survey` saw.
  void learn(std::string_view message, const Survey& survey, std::span<const Walk::Visit> visits, const SlotSet& asked, const Decoded& outcome);
  /// Whether the order of the keys of an event that `survey` saw, which was not learned, should be: unless many others were of the same keys.
  bool may_keep_its_order(const Survey& survey);
  [[nodiscard]] std::size_t bytes() const { return recent_.bytes + former_.bytes; }

 private:
  /// A value that must say a name.
  struct Name {
    Value value;
    bool of_host;
    bool slash;  ///< whether another's than a host's begins with one
    [[nodiscard]] bool fits(std::string_view message, Places places) const;
  };
  /// Where a value must end.
  struct Ending {
    Spot at;
    bool in_text;  ///< at the closing quote, which must not be one within the text, of a message that was cut off
    [[nodiscard]] bool fits(std::string_view message, Places places) const {
      const std::size_t behind = at.in(places);
      if (behind == 0 || behind > message.size()) return false;
      return in_text ? message[behind - 1] != '\\' : ends_value(message[behind - 1]);
    }
  };
  /// A deciding value where keys come in any order; else it is part of the skeleton.
  struct Literal {
    Value value;
    std::string text;
  };
  static constexpr std::size_t any_order = Look::max_bytes;  ///< more keys than a look can see
  struct Variant {
    // Of one whose keys come in one order.
    std::size_t keys = any_order;  ///< that the look sees
    Spot front{0, 0};      ///< the message's beginning
    Skeleton skeleton;
    std::vector<Ending> endings;  ///< before braces and at the message's end, where another brace would say more
    std::vector<std::uint32_t> no_keys;  ///< numbers of what ends in `":` as keys do, but is part of a text
    // Of both.
    Value time;
    std::vector<Name> names;
    std::vector<Value> addresses;
    Glance glance;
    Start start;
    // Of one for any order.
    std::vector<std::uint64_t> nodes;  ///< at which its keys stand
    std::vector<Literal> literals;
    [[nodiscard]] std::size_t bytes() const;
  };
  struct Shape {
    std::vector<std::unique_ptr<Variant>> variants;  ///< the ones met lately come first
    std::uint32_t learned = 0;
    std::uint32_t orders = 0;  ///< met that were not learned, if its variants are for any order
    [[nodiscard]] std::size_t bytes() const;
  };
  struct Generation {
    std::unordered_map<std::uint64_t, Shape> shapes;
    std::size_t bytes = 0;
  };

  static bool fits(const Variant& variant, std::string_view message, const Look& look);
  static bool fits(const Variant& variant, std::string_view message, const Survey& survey);
  /// Whether the values say what they must. Puts the event's time into the variant's glance.
  bool values_fit(Variant& variant, std::string_view message, Places places) const;
  /// Seen: a Look, or a Survey.
  template <class Seen>
  Recognised find_as(std::string_view message, const Seen& seen);
  [[nodiscard]] bool is_call(const Decoded& outcome) const;
  /// The shape to which another variant may be added; null if that is not worth it.
  Shape* shape_to_learn(std::uint64_t number, std::size_t max_variants);
  void add(Shape& shape, std::uint64_t number, std::size_t max_variants, Variant variant);
  [[nodiscard]] bool is_wanted(const IpAddress& destination) const;
  class Learner;

  void begin_generation_if_full();
  /// The shape's, among those met lately; null if it is not known.
  Shape* met(std::uint64_t shape);

  /// Of `recent_`, by the shape's first bits: found without searching.
  struct AtHand {
    std::uint64_t shape = 0;
    Shape* known = nullptr;
    Variant* first = nullptr;  ///< of the shape's; most events are of it, and it is fetched without asking for the shape
  };
  AtHand& at_hand(std::uint64_t shape) { return at_hand_[shape >> (64 - at_hand_bits)]; }
  /// One bit for the shapes that share it: off if none of them is known.
  [[nodiscard]] bool may_be_known(std::uint64_t shape) const { return known_[shape >> (64 - known_bits)]; }
  static constexpr unsigned known_bits = 14;
  static constexpr unsigned at_hand_bits = 8;

  std::vector<IpAddress> wanted_;
  std::size_t max_bytes_;
  Generation recent_, former_;
  std::uint32_t may_learn_ = most_learned_in_a_row * looks_for_learning;
  std::array<AtHand, std::size_t{1} << at_hand_bits> at_hand_{};
  std::bitset<std::size_t{1} << known_bits> known_;
};

}  // namespace imdswatch
