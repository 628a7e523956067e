#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "imdswatch/decode/decoder.hpp"
#include "look.hpp"
#include "slot_roles.hpp"
#include "start_shape.hpp"
#include "walk.hpp"

namespace imdswatch {

/// Events once read in full, by their shape, so that the next of the same kind need not be: where the fields stand that decided its
/// account, and what they said. An event is recognised if it has the same keys, and these fields say the same (a closed list's
/// value), or something of the same sort (a time, an address, a name). Nothing else of it is looked at.
class ShapeBook {
 public:
  static constexpr std::size_t usual_max_bytes = 16u << 20;  ///< of memory, about; far more than a fleet's shippers need
  static constexpr std::size_t max_variants_of_shape = 16;  ///< beyond it the one met longest ago goes
  static constexpr std::size_t max_literal_bytes = 200;    ///< a deciding value longer than this is never recognised

  /// A key of interest: the n-th of the message.
  struct Key {
    std::uint32_t number;
    std::uint32_t to_end;  ///< of `written`: bytes before the key's closing quote
    std::string written;   ///< from before the key's opening quote to its value
    /// Where its value begins, if the key stands there as it did; else npos.
    [[nodiscard]] std::size_t value_in(std::string_view message, const Look& look) const;
  };
  /// A key of a process start that tells which process it is, or explains it.
  struct StartKey {
    Key key;
    const PathTree::Node* node;
    bool identifies;
    std::string literal;  ///< the token that is its value in all starts of the shape; else empty
  };
  struct StartKeys {
    std::vector<StartKey> keys;  ///< but those which have one value and only explain
    std::shared_ptr<const StartShape> shape;
  };
  struct Recognised {
    Glance glance;
    const StartKeys* start;  ///< of a process start; until the next call
  };

  /// Beyond half of `max_bytes` all that was not met since the last time is forgotten.
  explicit ShapeBook(std::size_t max_bytes = usual_max_bytes) : max_bytes_(max_bytes) {}

  /// Nothing if no event like `message` was learned. `look` is of this message.
  std::optional<Recognised> find(std::string_view message, const Look& look);
  /// From a message just read in full: its one event's outcome, the keys that were met (they point into `text`, a copy of the
  /// message), and what was asked for. Nothing is learned where that does not decide.
  void learn(std::string_view message, const Look& look, const char* text, std::span<const Walk::Visit> visits, const SlotSet& asked,
             const Decoded& outcome);
  [[nodiscard]] std::size_t bytes() const { return recent_.bytes + former_.bytes; }

 private:
  struct Check {
    Key key;               ///< of `decides`: with the value's token
    Role role;             ///< above `identifies`; or `free`: only the key and the braces before it
    bool slash = false;    ///< of `named`: whether the name begins with one
    bool unmarked = false; ///< of `decides`: whether nothing in the token itself ends it
    bool braces = false;   ///< whether `key` is written from behind the value before it on
  };
  struct Variant {
    Glance glance;
    std::vector<Check> checks;  ///< first those that tell variants apart best
    std::vector<Check> braces;  ///< of what lies in what, at keys that nobody reads
    std::size_t objects = 0;
    std::string tail;           ///< how the message ends, from the last value's quote on
    StartKeys start;
    [[nodiscard]] std::size_t bytes() const;
  };
  struct Shape {
    std::vector<std::unique_ptr<Variant>> variants;  ///< the ones met lately come first
    std::uint32_t learned = 0;
    [[nodiscard]] std::size_t bytes() const;
  };
  struct Generation {
    std::unordered_map<std::uint64_t, Shape> shapes;
    std::size_t bytes = 0;
  };

  static bool fits(const Variant& variant, std::string_view message, const Look& look, EventTime& time);
  static bool fits(const Check& check, std::string_view message, std::size_t begin, EventTime& time);
  class Learner;

  void begin_generation_if_full();
  /// The shape's, among those met lately; null if it is not known.
  Shape* met(std::uint64_t shape);

  std::size_t max_bytes_;
  Generation recent_, former_;
};

}  // namespace imdswatch
