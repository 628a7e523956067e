#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "imdswatch/base/ids.hpp"

namespace imdswatch {

/// CallMoment in 24 bytes.
struct Moment {
  static constexpr std::uint32_t no_process = (1U << 12) - 1;
  std::int64_t time_us = 0;
  Offset offset;
  std::uint32_t place = 0;
  std::uint32_t origin : 19 = 0;
  std::uint32_t process : 12 = no_process;
  std::uint32_t seen : 1 = 0;
};
static_assert(sizeof(Moment) == 24);

/// A vector of moments that keeps the first few in itself: most sightings have no more.
class MomentList {
 public:
  [[nodiscard]] Moment* begin() { return data(); }
  [[nodiscard]] Moment* end() { return data() + size_; }
  [[nodiscard]] const Moment* begin() const { return data(); }
  [[nodiscard]] const Moment* end() const { return data() + size_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] const Moment& operator[](std::size_t at) const { return data()[at]; }
  [[nodiscard]] const Moment& front() const { return data()[0]; }
  [[nodiscard]] const Moment& back() const { return data()[size_ - 1]; }

  /// Before `at`; returns where it stands. Moves the others.
  Moment* insert(const Moment* at, const Moment& moment) {
    const std::ptrdiff_t place = at - begin();
    if (size_ == capacity_) grow();
    Moment* const here = begin() + place;
    std::copy_backward(here, end(), end() + 1);
    *here = moment;
    ++size_;
    return here;
  }
  void push_back(const Moment& moment) { insert(end(), moment); }
  void pop_back() { --size_; }
  template <class Gone>
  void erase_if(Gone&& gone) {
    size_ = static_cast<std::uint32_t>(std::remove_if(begin(), end(), gone) - begin());
  }

 private:
  static constexpr std::uint32_t in_itself = 3;
  [[nodiscard]] Moment* data() { return more_ ? more_.get() : few_.data(); }
  [[nodiscard]] const Moment* data() const { return more_ ? more_.get() : few_.data(); }
  void grow() {
    auto larger = std::make_unique<Moment[]>(std::size_t{capacity_} * 2);
    std::copy(begin(), end(), larger.get());
    more_ = std::move(larger);
    capacity_ *= 2;
  }

  std::uint32_t size_ = 0, capacity_ = in_itself;
  std::unique_ptr<Moment[]> more_;
  std::array<Moment, in_itself> few_;
};

}  // namespace imdswatch
