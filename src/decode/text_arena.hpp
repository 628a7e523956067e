#pragma once

#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <string_view>
#include <vector>

namespace imdswatch {

/// Memory for texts that do not stand in the message as they are (escapes, composed ids). Stays where it is until clear(),
/// which keeps one block, so that messages in the usual run allocate nothing.
class TextArena {
 public:
  /// At least `size` bytes; give back what was not used with `shrink`.
  char* allocate(std::size_t size) {
    if (size > left_) grow(size);
    char* const out = next_;
    next_ += size;
    left_ -= size;
    return out;
  }

  /// Ends the latest allocation at `end`.
  void shrink(const char* end) {
    left_ += static_cast<std::size_t>(next_ - end);
    next_ -= next_ - end;
  }

  std::string_view join(std::initializer_list<std::string_view> parts) {
    std::size_t size = 0;
    for (const auto part : parts) size += part.size();
    char* const begin = allocate(size);
    char* out = begin;
    for (const auto part : parts) {
      if (!part.empty()) std::memcpy(out, part.data(), part.size());
      out += part.size();
    }
    return {begin, size};
  }

  void clear() {
    if (blocks_.empty()) return;
    if (blocks_.size() > 1 || first_size_ > largest_kept) {
      blocks_.clear();
      next_ = nullptr;
      left_ = 0;
      return;
    }
    next_ = blocks_.front().get();
    left_ = first_size_;
  }

 private:
  static constexpr std::size_t usual_block = 64u << 10;
  static constexpr std::size_t largest_kept = 1u << 20;

  void grow(std::size_t size) {
    const std::size_t block = size > usual_block ? size : usual_block;
    if (blocks_.empty()) first_size_ = block;
    blocks_.emplace_back(new char[block]);
    next_ = blocks_.back().get();
    left_ = block;
  }

  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t first_size_ = 0;
  char* next_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace imdswatch
