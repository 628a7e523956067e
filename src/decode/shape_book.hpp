#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "imdswatch/decode/decoder.hpp"
#include "look.hpp"
#include "slot_roles.hpp"
#include "walk.hpp"

namespace imdswatch {

/// Events once read in full, by their shape, so that the next of the same kind need not be: where the fields stand that decided its
/// account, and what they said. An event is recognised if it has the same keys, and these fields say the same (a closed list's
/// value), or something of the same sort (a time, an address, a name). Nothing else of it is looked at.
class ShapeBook {
 public:
  static constexpr std::size_t max_shapes = 4096;          ///< beyond it the book begins anew
  static constexpr std::size_t max_variants_of_shape = 16; ///< beyond it the least used goes
  static constexpr std::size_t max_literal_bytes = 200;    ///< a deciding value longer than this is never recognised

  /// A key of interest: the n-th of the message.
  struct Key {
    std::uint32_t number;
    std::string name;  ///< as written, with its quotes
    const PathTree::Node* node;
  };
  struct Recognised {
    Glance glance;
    std::span<const Key> keys;  ///< of a process start: all that a reader may ask for
  };

  /// Nothing if no event like `message` was learned. `look` is of this message.
  std::optional<Recognised> find(std::string_view message, const Look& look);
  /// From a message just read in full: its one event's outcome, the keys that were met (they point into `text`, a copy of the
  /// message), and what was asked for. Nothing is learned where that does not decide.
  void learn(std::string_view message, const Look& look, const char* text, std::span<const Walk::Visit> visits, const SlotSet& asked,
             const Decoded& outcome);
  [[nodiscard]] std::size_t shapes() const { return shapes_.size(); }

 private:
  struct Check {
    Key key;
    Role role;            ///< never free
    std::string literal;  ///< of `decides`: the whole token; of `named`: its first characters' kind
    bool slash = false;   ///< of `named`
  };
  struct Variant {
    Glance glance;
    std::vector<Check> checks;  ///< in the order of keys
    std::string tail;           ///< how the message ends
    std::vector<Key> keys;
  };
  struct Shape {
    std::vector<Variant> variants;  ///< the ones met lately come first
    std::uint32_t learned = 0;
  };

  static bool fits(const Variant& variant, std::string_view message, const Look& look, EventTime& time);
  static std::optional<Variant> make_variant(std::string_view message, const Look& look, const char* text, std::span<const Walk::Visit> visits,
                                             const SlotSet& asked, const Decoded& outcome);

  std::unordered_map<std::uint64_t, Shape> shapes_;
};

}  // namespace imdswatch
