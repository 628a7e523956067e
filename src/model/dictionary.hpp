#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

namespace imdswatch {

inline constexpr std::uint32_t no_id = 0xffffffff;

/// Texts that stand in many hosts' rows, once. Ids are private to a process: they depend on the order in which texts came,
/// so nothing may be ordered by them.
class Dictionary {
 public:
  std::uint32_t intern(std::string_view text);
  [[nodiscard]] std::uint32_t find(std::string_view text) const;  ///< no_id if it is not there
  [[nodiscard]] const std::string& text(std::uint32_t id) const { return texts_[id]; }
  [[nodiscard]] bool less(std::uint32_t a, std::uint32_t b) const { return a != b && texts_[a] < texts_[b]; }
  [[nodiscard]] std::size_t size() const { return texts_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  std::deque<std::string> texts_;  // never moves a text
  std::unordered_map<std::string_view, std::uint32_t> ids_;
  std::size_t bytes_ = 0;
};

}  // namespace imdswatch
