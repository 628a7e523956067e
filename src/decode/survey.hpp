#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "last_letters.hpp"
#include "look.hpp"
#include "path_tree.hpp"
#include "places.hpp"

namespace imdswatch {

/// At which nodes of a tree an event's keys stand, and where their values lie: told from where a look saw its keys end, without parsing
/// what stands between. For events whose keys come in another order each time, as those of Beats do, whose encoder walks Go's maps.
///
/// Sound for well-formed JSON: an unescaped quote in front of which stands a comma or a brace, and behind which stands nothing that may
/// stand behind a text, begins one; so what stands between it and the quote with the colon is a key. What stands between a value's end
/// and a key then is outside of all texts, and so are the braces and brackets there and at a value's beginning.
class Survey {
 public:
  explicit Survey(const PathTree& tree);

  /// False where it is not sure, or a key stands twice at one node, or an array with objects at one: such an event is to be parsed.
  bool over(std::string_view message, const Look& look);

  // Of the message for which `over` said true last.
  /// One bit for each node with slots (PathTree::Node::number) at which a key stands.
  [[nodiscard]] std::span<const std::uint64_t> nodes() const { return nodes_; }
  /// A hash of them.
  [[nodiscard]] std::uint64_t shape() const { return shape_; }
  /// The value of node `n` lies from place 2n to 2n + 1; of an object only its brace. Nothing lies at nodes without a key.
  [[nodiscard]] Places places() const { return Places(places_.data()); }

 private:
  /// An object or array that is open.
  struct Container {
    const PathTree::Node* node;  ///< null where nothing below is of interest; of an array that of its key
    bool object;
    bool of_key;  ///< whether it is an array that is a key's value
  };
  static constexpr std::size_t deepest = 64;
  /// What a name means below a node: kept once it was asked for.
  struct alignas(2 * LastLetters::count) Known {
    std::array<char, LastLetters::count> name{};  ///< at its end; zeros before it
    const PathTree::Node* below = nullptr;
    const PathTree::Node* child = nullptr;
    std::uint64_t hash = 0;    ///< of the child's number, if it has slots; else 0
    std::uint16_t number = 0;  ///< the child's if it has slots, else that of no node
    std::uint16_t counts = 0;  ///< ones if it has, else 0
  };
  static constexpr unsigned known_bits = 11;
  static constexpr std::size_t head_size = 64;  ///< of the message, copied behind as many zeros, so that bytes before its keys can be read

  struct Noted;
  void forget();
  /// What stands between the colon before `begin` and the next key's quote at `name`, or the message's end, where an object or array begins or ends
  /// there. `key`: what the key before the colon means.
  bool structure(std::size_t begin, std::size_t name, const Known& key);
  bool push(char opening, const Known* key);
  bool close(std::size_t at, std::uint16_t number);
  /// What was asked for before; null if that was not. `letters`: before the key's end; `size`: so many are its name.
  const Known* recall(LastLetters letters, std::size_t size, const PathTree::Node* below) const;
  /// What the key from `name`, its opening quote, to `end` means. Null for one with an escape, which may say any other, and for a list of events.
  const Known* ask(std::size_t name, std::size_t end, const PathTree::Node* below);
  /// Where in the table what a name means is sought first.
  static std::uint64_t place_of(std::uint64_t letters, std::size_t size, const PathTree::Node* below);

  const PathTree& tree_;
  std::vector<Known> known_;
  std::size_t known_names_ = 0;
  Known unkept_;
  Known nothing_;  ///< what each key means where nothing below is of interest
  std::vector<Places::Place> places_;  ///< and behind them those of what is of no interest
  std::vector<std::uint64_t> nodes_;
  std::vector<std::uint16_t> met_;  ///< numbers of the nodes with a key
  std::size_t keys_met_ = 0;
  std::uint64_t shape_ = 0;
  // Of the pass at hand.
  std::string_view message_;
  std::array<char, 2 * head_size> head_{};
  std::array<Container, deepest> open_;
  std::size_t depth_ = 0;
};

}  // namespace imdswatch
