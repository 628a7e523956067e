#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "look_kernel.hpp"

namespace imdswatch {

/// One pass over a message's bytes before anything of it is parsed: where its keys end, and what shape they make.
class Look {
 public:
  /// Larger messages are not looked at.
  static constexpr std::size_t max_bytes = (64u << 10) - 1;

  explicit Look(LookKernel kernel = best_look_kernel());

  /// Whether the message is of a size that is looked at, and has no key with a blank between it and its colon, which would not be counted. After
  /// true, the rest can be asked until the next call.
  bool over(std::string_view message);

  /// Of the keys, whatever their values: their number, and the last letters of some. Messages of one kind of one shipper share it; others
  /// may.
  [[nodiscard]] std::uint64_t shape() const { return shape_; }
  /// The number of `":`. Nearly all of them end keys; some stand within texts.
  [[nodiscard]] std::size_t keys() const { return keys_; }

  /// Where the closing quote of key `n`, counted from 0, stands; of keys() the message's end.
  [[nodiscard]] std::size_t key_end(std::size_t n) const { return notes_.key_ends[n]; }
  [[nodiscard]] Places places() const { return Places(notes_.key_ends.data()); }

 private:
  LookKernel kernel_;
  LookNotes notes_;
  std::uint64_t shape_ = 0;
  std::size_t keys_ = 0;
};

}  // namespace imdswatch
