#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fields.hpp"

namespace imdswatch {

/// The paths of interest as a tree over their dotted parts. A key that itself holds dots walks several steps at once.
class PathTree {
 public:
  struct Node {
    struct Place {
      Slot slot;
      std::uint8_t rank;  ///< of this path among those to the slot: 0 the surest
    };
    std::vector<Place> slots;  ///< what stands here: one, or several if formats share a name, or the configuration names one of theirs
    std::uint16_t number = 0;  ///< among all nodes of the tree
    static constexpr std::size_t longest = 64;  ///< a key beyond this is of no interest
    [[nodiscard]] const Node* child(std::string_view name) const;

   private:
    friend class PathTree;
    struct Child {
      std::string name;  ///< lower case
      std::unique_ptr<Node> node;
    };
    std::vector<Child> children_;                 ///< ordered by length of name
    std::array<std::uint16_t, longest + 2> by_length_{};  ///< names of length n: [by_length_[n], by_length_[n + 1])
    std::string written_;                         ///< this letter case of the name means something else:
    std::unique_ptr<Node> if_written_;
    /// Gives numbers from `next` on.
    void index(std::uint16_t& next);
  };

  /// Of several paths to one slot the one added first is the surest.
  /// With `written`, only for a last part in exactly this letter case, which then means this alone, but for what the configuration names.
  void add(Slot slot, std::string_view dotted_path, std::string_view written = {});
  /// After the last add.
  void finish() { root_.index(numbered_ = 0); }
  [[nodiscard]] std::size_t nodes() const { return numbered_; }
  [[nodiscard]] const Node& root() const { return root_; }
  /// The node at `key` below `from`; none if nothing of interest is there.
  [[nodiscard]] static const Node* step(const Node* from, std::string_view key);

 private:
  Node root_;
  std::uint16_t numbered_ = 0;
  std::array<std::uint8_t, slot_count> added_{};  ///< paths to each slot
};

}  // namespace imdswatch
