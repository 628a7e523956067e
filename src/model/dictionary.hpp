#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "imdswatch/base/flat_index.hpp"

namespace imdswatch {

inline constexpr std::uint32_t no_id = FlatIndex::none;

/// Texts that stand in many hosts' rows, once. Ids are private to a process: they depend on the order in which texts came,
/// so nothing may be ordered by them.
class Dictionary {
 public:
  std::uint32_t intern(std::string_view text);
  [[nodiscard]] std::uint32_t find(std::string_view text) const;  ///< no_id if it is not there
  [[nodiscard]] const std::string& text(std::uint32_t id) const { return texts_[id]; }
  [[nodiscard]] bool less(std::uint32_t a, std::uint32_t b) const { return a != b && texts_[a] < texts_[b]; }
  [[nodiscard]] std::size_t size() const { return ids_.size(); }
  /// One beyond the highest id.
  [[nodiscard]] std::size_t ids() const { return texts_.size(); }
  /// Forgets every text whose id is not marked; its id is given to another text.
  void keep_only(const std::vector<bool>& marked);
  [[nodiscard]] std::size_t bytes() const { return bytes_ + ids_.bytes(); }

 private:
  std::deque<std::string> texts_;  // never moves a text
  FlatIndex ids_;
  std::vector<std::uint32_t> free_;
  std::vector<bool> is_free_;
  std::size_t bytes_ = 0;
};

}  // namespace imdswatch
