#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "history.hpp"
#include "imdswatch/base/expected_keys.hpp"
#include "imdswatch/base/flat_index.hpp"
#include "imdswatch/base/ids.hpp"
#include "imdswatch/base/pool.hpp"

namespace imdswatch {

/// Host after host with what each has shown. Most names of a host have a single signature that is seen whenever the name is:
/// such a plain history takes one entry of 28 bytes and nothing else.
class HostTable {
 public:
  struct Entry {
    std::uint32_t name = no_id;
    std::uint32_t folder = no_id, signer = no_id;  ///< of a plain history
    Seen seen;                                     ///< of the name
    std::uint32_t detail = no_id;                  ///< where the history stands if it is not plain
    std::uint8_t user = no_user;
    bool changed = false;                          ///< since the last drain
    [[nodiscard]] SignatureParts parts() const { return {.folder = folder, .signer = signer, .user = user}; }
  };
  struct Host {
    std::string id;
    std::vector<Entry> names;      ///< in the order of the names' text
    Seen windows;
    std::uint32_t group = no_id;   ///< its peers
    std::uint32_t buckets = 0;
    std::int32_t first_minute = 0;
    std::int32_t vote_day = 0;
    std::uint32_t number = no_id;  ///< its place in the table; none: nobody's
    bool has_header = false;       ///< false only while rows are applied
    bool listed = false;           ///< among those that changed since the last drain
    bool changed = false;          ///< the header did
  };

  explicit HostTable(const Dictionary& names) : names_(names) {}

  /// They are looked for next, at most prefetch_block of them: what is known of them is fetched ahead.
  void expect(std::span<const HostId* const> hosts) const;
  [[nodiscard]] Host* find(std::string_view host);
  [[nodiscard]] const Host* find(std::string_view host) const;
  Host& find_or_make(std::string_view host);
  void erase(Host& host);

  [[nodiscard]] const Entry* find_name(const Host& host, std::uint32_t name) const;
  [[nodiscard]] Entry* find_name(Host& host, std::uint32_t name);
  void load(const Entry& entry, History& out) const;
  /// Its parts alone; those of a plain history are written to `plain`.
  [[nodiscard]] std::span<const KnownPart> parts(const Entry& entry, std::array<KnownPart, part_kinds>& plain) const;
  /// Of an entry that is not plain.
  [[nodiscard]] const History& detail(const Entry& entry) const { return details_[entry.detail]; }
  /// Keeps the history under the name, as changed; one without signatures and parts is erased.
  void store(Host& host, std::uint32_t name, const History& history);
  /// The same of a plain history.
  void store_plain(Host& host, std::uint32_t name, const SignatureParts& parts, const Seen& seen);
  void erase_name(Host& host, std::uint32_t name);

  [[nodiscard]] Host& operator[](std::uint32_t number) { return hosts_[number]; }
  /// In the order of the hosts' text.
  [[nodiscard]] std::vector<const Host*> sorted() const;
  template <class Visit>
  void each(Visit&& visit) const {
    for (std::uint32_t number = 0; number < hosts_.places(); ++number) {
      if (hosts_[number].number != no_id) visit(hosts_[number]);
    }
  }
  [[nodiscard]] std::size_t size() const { return by_id_.size(); }
  [[nodiscard]] std::size_t signatures() const { return signatures_; }
  [[nodiscard]] std::size_t bytes() const;

 private:
  [[nodiscard]] std::uint32_t number_of(std::string_view host) const;
  [[nodiscard]] std::size_t place(const Host& host, std::uint32_t name) const;
  /// The entry of the name, new if there was none, taken out of what is counted.
  Entry& open(Host& host, std::uint32_t name);
  void count(const Entry& entry, std::ptrdiff_t sign);
  void drop_detail(Entry& entry);

  const Dictionary& names_;
  Pool<Host> hosts_;
  FlatIndex by_id_;
  mutable ExpectedKeys expected_;
  std::vector<History> details_;
  std::vector<std::uint32_t> free_details_;
  std::size_t signatures_ = 0, entries_ = 0, detail_bytes_ = 0, text_bytes_ = 0;
};

}  // namespace imdswatch
