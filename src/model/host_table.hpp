#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "history.hpp"

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
    [[nodiscard]] SignatureParts parts() const { return {.folder = folder, .signer = signer, .user = user}; }
  };
  struct Host {
    std::vector<Entry> names;      ///< in the order of the names' text
    Seen windows;
    std::uint32_t group = no_id;   ///< its peers
    std::uint32_t buckets = 0;
    std::int32_t first_minute = 0;
    std::int32_t vote_day = 0;
    bool has_header = false;       ///< false only while rows are applied
  };
  using Node = std::pair<const std::string, Host>;

  explicit HostTable(const Dictionary& names) : names_(names) {}

  [[nodiscard]] Node* find(std::string_view host);
  [[nodiscard]] const Node* find(std::string_view host) const;
  Node& find_or_make(std::string_view host);
  void erase(const std::string& host);

  [[nodiscard]] const Entry* find_name(const Host& host, std::uint32_t name) const;
  void load(const Entry& entry, History& out) const;
  /// Of an entry that is not plain.
  [[nodiscard]] const History& detail(const Entry& entry) const { return details_[entry.detail]; }
  /// Keeps the history under the name; one without signatures and parts is erased.
  void store(Host& host, std::uint32_t name, const History& history);
  void erase_name(Host& host, std::uint32_t name);

  /// In the order of the hosts' text.
  [[nodiscard]] std::vector<const Node*> sorted() const;
  [[nodiscard]] const auto& all() const { return hosts_; }
  [[nodiscard]] std::size_t size() const { return hosts_.size(); }
  [[nodiscard]] std::size_t signatures() const { return signatures_; }
  [[nodiscard]] std::size_t bytes() const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  [[nodiscard]] std::size_t place(const Host& host, std::uint32_t name) const;
  void count(const Entry& entry, std::ptrdiff_t sign);
  void drop_detail(Entry& entry);

  const Dictionary& names_;
  std::unordered_map<std::string, Host, Hash, std::equal_to<>> hosts_;
  std::vector<History> details_;
  std::vector<std::uint32_t> free_details_;
  std::size_t signatures_ = 0, entries_ = 0, detail_bytes_ = 0, text_bytes_ = 0;
};

}  // namespace imdswatch
