#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace imdswatch {

/// Numbered things that never move, in blocks: a number is a place, and a place that was given back is taken again.
template <class T>
class Pool {
 public:
  /// The number of a thing that is as made by default.
  std::uint32_t make() {
    if (!free_.empty()) {
      const std::uint32_t number = free_.back();
      free_.pop_back();
      return number;
    }
    if (places_ == blocks_.size() * block) blocks_.push_back(std::make_unique<T[]>(block));
    return places_++;
  }
  void give_back(std::uint32_t number) {
    (*this)[number] = T{};
    free_.push_back(number);
  }

  [[nodiscard]] T& operator[](std::uint32_t number) { return blocks_[number / block][number % block]; }
  [[nodiscard]] const T& operator[](std::uint32_t number) const { return blocks_[number / block][number % block]; }
  /// Every number is below it; those given back are among them.
  [[nodiscard]] std::uint32_t places() const { return places_; }
  [[nodiscard]] std::size_t size() const { return places_ - free_.size(); }

 private:
  static constexpr std::uint32_t block = 512;
  std::vector<std::unique_ptr<T[]>> blocks_;
  std::vector<std::uint32_t> free_;
  std::uint32_t places_ = 0;
};

}  // namespace imdswatch
