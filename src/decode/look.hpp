#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "imdswatch/decode/ip_address.hpp"

namespace imdswatch {

/// One pass over a message's bytes before anything of it is parsed: where its keys end, what shape they make, and whether a wanted
/// address may stand in it.
class Look {
 public:
  /// Larger messages are not looked at.
  static constexpr std::size_t max_bytes = 64u << 10;
  static constexpr std::size_t max_probes = 8;

  /// Nothing to look for makes every message one that may hold it.
  explicit Look(const std::vector<IpAddress>& wanted);

  /// Whether the message is of a size that is looked at and holds no trace of a wanted address: neither its bytes in any written
  /// form, nor an escape (`\u0031`) of a character that could be part of it. After true, the rest can be asked until the next call.
  bool clear_of_addresses(std::string_view message);

  /// Of all keys together, whatever their values: the number of `":` and a sum over letters before them. Messages of one kind of
  /// one shipper share it; the order of keys does not count.
  [[nodiscard]] std::uint64_t shape() const { return shape_; }
  [[nodiscard]] std::size_t keys() const { return shape_ & 0xffff; }

  /// Whether a key's closing quote, with its colon right behind, stands at `at`, and how many do before it.
  [[nodiscard]] bool is_key_end(std::size_t at) const { return (words_[at / 64].ends >> (at % 64) & 1) != 0; }
  [[nodiscard]] std::size_t keys_before(std::size_t at) const;

  /// Of the message's n-th 64 bytes: which end a key, and how many keys end before them.
  struct Word {
    std::uint64_t ends;
    std::uint64_t before;
  };

  /// Finds the end of the n-th key, for growing n.
  class Cursor {
   public:
    explicit Cursor(const Look& look) : word_(look.words_.data()), first_(word_) {}
    /// Where the closing quote of key `n` stands; `n` below keys(), not below the last one asked for.
    std::size_t end_of(std::size_t n) {
      while (word_[1].before <= n) ++word_;
      std::uint64_t bits = word_->ends;
      for (std::size_t skip = n - word_->before; skip > 0; --skip) bits &= bits - 1;
      return static_cast<std::size_t>(word_ - first_) * 64 + static_cast<std::size_t>(__builtin_ctzll(bits));
    }

   private:
    const Word* word_;
    const Word* first_;
  };

  /// Two bytes at a distance, or three in a row, are a cheap sign that something may begin here. `fold` is 0x20 where a byte is a
  /// letter that may be upper case.
  struct Pair {
    std::uint8_t first, second, distance;
    friend bool operator==(const Pair&, const Pair&) = default;
  };
  struct Triple {
    std::uint8_t first, fold_first, second, third, fold_third;
    friend bool operator==(const Triple&, const Triple&) = default;
  };

 private:
  friend struct LookKernel;
  struct Dotted {
    std::string text;          ///< "169.254.169.254"
    std::size_t first_dot;
  };
  struct Groups {
    std::uint32_t first, second;  ///< two neighbouring groups of the IPv6 form, neither 0: no written form drops them
  };

  void want(const IpAddress& address);
  /// Whether a form of a wanted address, or an escape that could be part of one, stands where a probe fitted.
  [[nodiscard]] bool suspicious(std::string_view message, std::size_t at) const;
  [[nodiscard]] bool dotted_at(std::string_view message, std::size_t dot) const;
  [[nodiscard]] bool groups_at(std::string_view message, std::size_t colon) const;

  bool sound_ = false;  ///< whether every form of every wanted address has a probe
  std::vector<Pair> pairs_;
  std::vector<Triple> triples_;
  std::vector<Dotted> dotted_;
  std::vector<Groups> groups_;
  std::vector<Word> words_;  ///< one more than the message has, to end a search
  std::uint64_t shape_ = 0;
};

}  // namespace imdswatch
