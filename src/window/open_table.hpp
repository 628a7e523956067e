#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <span>
#include <unordered_map>
#include <vector>

#include "imdswatch/base/expected_keys.hpp"
#include "imdswatch/base/flat_index.hpp"
#include "imdswatch/base/pool.hpp"
#include "open_sighting.hpp"

namespace imdswatch {

struct HostOpen {
  HostId id;
  std::vector<Open> open;
  std::uint32_t number = FlatIndex::none;  ///< in the table
  std::uint32_t rank = 0;                  ///< in the order of ids, among those that were ranked
  std::uint32_t listed = 0;                ///< how many lists of buckets hold it
  bool dirty = false;
  bool leaving = false;                    ///< the table is forgetting it
  [[nodiscard]] Open* find(Bucket bucket, const Signature& signature);
};

/// Open sightings by host, and by bucket in canonical order.
class OpenTable {
 public:
  HostOpen* find(const HostId& host);
  HostOpen& host(const HostId& host);                       ///< makes it
  Open& open(HostOpen& host, Bucket bucket, const Signature& signature);  ///< makes it
  void drop(HostOpen& host, Open& open);                    ///< with its tombstone; invalidates pointers to this host's
  void mark_dirty(HostOpen& host, Open& open);
  /// After its first unseen call.
  void list_unseen(HostOpen& host, Open& open);

  /// Hosts of a bucket with unseen calls, once each and by id; the list is empty after it. The bucket is the earliest up to
  /// `latest`; null when there is none.
  struct UnseenBucket {
    Bucket bucket;
    std::vector<HostOpen*> hosts;
  };
  std::optional<UnseenBucket> take_unseen(Bucket latest);
  [[nodiscard]] std::vector<HostOpen*> unseen_in(Bucket bucket) const;  ///< in no order, repeats possible
  /// The earliest bucket up to `latest`, with its hosts by id; its lists are gone after it. Then drop its sightings.
  std::optional<UnseenBucket> take_bucket(Bucket latest);
  /// What is looked at some hosts after the first of `left` is fetched while that one is looked at: a few lines at a time, as memory
  /// serves no more at once.
  static void fetch_ahead(std::span<HostOpen* const> left);
  void expect(std::span<const HostId* const> hosts);
  /// Forgets hosts that have nothing open; call it when no pointers are held.
  void forget_idle(std::vector<HostOpen*>& candidates);

  [[nodiscard]] std::optional<Bucket> earliest() const;
  /// The earliest bucket that some list holds, in use or not.
  [[nodiscard]] std::optional<Bucket> earliest_listed() const;
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t hosts() const { return hosts_.size(); }

  /// Each row ends with the call.
  void drain(const std::function<void(const WindowRow&)>& out, const OriginTable& origins);
  void rows(std::vector<WindowRow>& out, const OriginTable& origins) const;

 private:
  struct SignatureHash {
    std::size_t operator()(const Signature& s) const;
  };
  void sort_by_id(std::vector<HostOpen*>& hosts);
  void rank_new_hosts();
  [[nodiscard]] bool in_use(Bucket bucket) const;

  Pool<HostOpen> hosts_;
  FlatIndex by_id_;
  ExpectedKeys expected_;
  std::unordered_map<Signature, std::size_t, SignatureHash> signatures_;  ///< and how many sightings hold it
  std::map<Bucket, std::vector<HostOpen*>> by_bucket_, unseen_;
  std::vector<HostOpen*> ranked_, new_hosts_, dirty_;
  std::vector<HostOpen*> by_rank_;  ///< scratch
  struct Tombstone {
    Bucket bucket;
    HostId host;
    PooledSignature* pooled;  ///< held until it is drained
  };
  void release(PooledSignature& pooled);
  std::vector<Tombstone> tombstones_;
  std::size_t size_ = 0;
};

/// Visits each host, others fetched ahead; `coming` is told of the next prefetch_block of them first.
template <class Coming, class Visit>
void in_turn(std::span<HostOpen* const> hosts, Coming&& coming, Visit&& visit) {
  for (std::size_t at = 0; at < hosts.size(); ++at) {
    const std::span<HostOpen* const> left = hosts.subspan(at);
    if (at % prefetch_block == 0) coming(left.first(std::min(prefetch_block, left.size())));
    OpenTable::fetch_ahead(left);
    visit(hosts[at]);
  }
}

/// A host's sightings of a bucket, by signature, in `out`.
void in_bucket(HostOpen& host, Bucket bucket, std::vector<Open*>& out);

}  // namespace imdswatch
