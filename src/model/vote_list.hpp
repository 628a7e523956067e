#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "dictionary.hpp"
#include "fading.hpp"
#include "imdswatch/model/counts.hpp"
#include "imdswatch/model/level.hpp"
#include "imdswatch/model/policy.hpp"
#include "imdswatch/model/rows.hpp"

namespace imdswatch {

/// The values of one level of hosts with their votes, in the order of their text, so that sums over them are the same to the
/// bit wherever the ids come from. Sums are kept until something changes or the day does.
class VoteList {
 public:
  struct Entry {
    std::uint32_t id = no_id;
    bool changed = false;
    Votes votes;
  };
  /// `texts` gives the order; none: ids are ordered themselves (user kinds).
  explicit VoteList(const Dictionary* texts) : texts_(texts) {}

  /// A vote worth 1 on `day`, of a host that did not know the value; `first` is its first call.
  void vote(std::uint32_t id, EventTime first, std::int32_t day, const Fading& fading);
  /// Adds to the votes of hosts that know the value already.
  void top_up(std::uint32_t id, double weight, std::int32_t day, const Fading& fading);
  /// Takes one host's vote back; the last one takes the value with it.
  void withdraw(std::uint32_t id, double weight, std::int32_t day, const Fading& fading);
  /// What a row says; no change.
  void set(std::uint32_t id, const Votes& votes);
  void erase(std::uint32_t id);

  /// Every id that it holds, or that the next drain will tell.
  template <class Visit>
  void each_id(Visit&& visit) const {
    for (const Entry& entry : entries_) visit(entry.id);
    for (const std::uint32_t id : changed_) visit(id);
  }
  /// Whether nothing has changed since the last drain.
  [[nodiscard]] bool clean() const { return changed_.empty(); }
  /// Hands each changed value and its votes, null if it is gone, to `out`, in the order of texts.
  template <class Out>
  void drain(Out&& out) {
    std::ranges::sort(changed_, [this](std::uint32_t a, std::uint32_t b) { return less(a, b); });
    changed_.erase(std::unique(changed_.begin(), changed_.end()), changed_.end());
    for (const std::uint32_t id : changed_) {
      const std::size_t at = place(id);
      const bool there = stands(at, id);
      if (there) entries_[at].changed = false;
      out(id, there ? &entries_[at].votes : nullptr);
    }
    changed_.clear();
  }

  [[nodiscard]] const Votes* find(std::uint32_t id) const;
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  /// `votes` are those of the value, as `find` says.
  [[nodiscard]] Level level(const Votes* votes, std::int32_t day, const Fading& fading) const;
  /// Over all values, with `floor` as the chance given to each by the level after this one.
  [[nodiscard]] Spread spread(std::int32_t day, double floor, const Fading& fading) const;

 private:
  struct Cache {
    bool sums_valid = false, spread_valid = false;
    std::int32_t day = 0;
    double total = 0, discounts = 0, floor = 0;
    Spread spread;
  };
  [[nodiscard]] std::size_t place(std::uint32_t id) const;
  [[nodiscard]] bool stands(std::size_t at, std::uint32_t id) const { return at < entries_.size() && entries_[at].id == id; }
  void mark(Entry& entry);
  Entry& find_or_make(std::uint32_t id, const Votes& fresh);
  void remove(std::size_t at);
  void number_places() const;
  [[nodiscard]] bool less(std::uint32_t a, std::uint32_t b) const { return texts_ ? texts_->less(a, b) : a < b; }
  void sum(std::int32_t day, const Fading& fading) const;

  const Dictionary* texts_;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> changed_;
  mutable Cache cache_;
  mutable FlatIndex places_;               ///< of longer lists, while their sums are kept
};

}  // namespace imdswatch
