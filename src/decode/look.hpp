#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "imdswatch/decode/ip_address.hpp"
#include "look_kernel.hpp"

namespace imdswatch {

/// One pass over a message's bytes before anything of it is parsed: where its keys end, what shape they make, and whether a wanted
/// address may stand in it.
class Look {
 public:
  /// Larger messages are not looked at.
  static constexpr std::size_t max_bytes = (64u << 10) - 1;

  /// Nothing to look for makes every message one that may hold it.
  explicit Look(const std::vector<IpAddress>& wanted, LookKernel kernel = best_look_kernel());

  /// Whether the message is of a size that is looked at, and holds no trace of a wanted address: neither its bytes in any written form,
  /// nor an escape (`\u0031`) of a character that could be part of it; and no key with a blank between it and its colon. After true, the
  /// rest can be asked until the next call.
  bool clear_of_addresses(std::string_view message);

  /// Of the keys, whatever their values: their number, and the last letters of some. Messages of one kind of one shipper share it; others
  /// may.
  [[nodiscard]] std::uint64_t shape() const { return shape_; }
  /// The number of `":`. Nearly all of them end keys; some stand within texts.
  [[nodiscard]] std::size_t keys() const { return keys_; }

  /// Where the closing quote of key `n`, counted from 0, stands; of keys() the message's end.
  [[nodiscard]] std::size_t key_end(std::size_t n) const { return notes_.key_ends[n]; }

 private:
  struct Dotted {
    std::string text;          ///< "169.254.169.254"
    std::size_t first_dot;
  };
  struct Groups {
    std::uint32_t first, second;  ///< two neighbouring groups of the IPv6 form, neither 0: no written form drops them
  };

  void want(const IpAddress& address);
  /// Whether a form of a wanted address, an escape that could be part of one, or a key's end with a blank behind it stands where a sign was seen.
  [[nodiscard]] bool suspicious(std::string_view message, std::size_t at) const;
  [[nodiscard]] bool dotted_at(std::string_view message, std::size_t dot) const;
  [[nodiscard]] bool groups_at(std::string_view message, std::size_t colon) const;

  bool sound_ = false;  ///< whether every form of every wanted address has a probe
  LookProbes probes_;
  std::vector<Dotted> dotted_;
  std::vector<Groups> groups_;
  LookKernel kernel_;
  LookNotes notes_;
  std::uint64_t shape_ = 0;
  std::size_t keys_ = 0;
};

}  // namespace imdswatch
