#include "vote_list.hpp"

#include <Eigen/Core>
#include <algorithm>

#include "fading.hpp"
#include "imdswatch/base/check.hpp"

namespace imdswatch {
namespace {

constexpr std::size_t scan_up_to = 16;

std::uint64_t spread_bits(std::uint32_t id) { return id * 0x9e3779b97f4a7c15ULL; }

Eigen::ArrayXd votes_on(std::int32_t day, const std::vector<VoteList::Entry>& entries, const Fading& fading) {
  Eigen::ArrayXd out(static_cast<Eigen::Index>(entries.size()));
  for (std::size_t i = 0; i < entries.size(); ++i) out[static_cast<Eigen::Index>(i)] = fading.faded(entries[i].votes, day);
  return out;
}

}  // namespace

// Where the value is, or where it would stand.
std::size_t VoteList::place(std::uint32_t id) const {
  if (entries_.size() <= scan_up_to) {
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      if (entries_[i].id == id) return i;
    }
  }
  if (places_.size() == entries_.size() && !entries_.empty()) {
    const std::uint32_t at = places_.find(spread_bits(id), [&](std::uint32_t place) { return entries_[place].id == id; });
    if (at != FlatIndex::none) return at;
  }
  const auto at = std::ranges::lower_bound(entries_, id, [&](std::uint32_t a, std::uint32_t b) { return less(a, b); }, &Entry::id);
  return static_cast<std::size_t>(at - entries_.begin());
}

const Votes* VoteList::find(std::uint32_t id) const {
  if (id == no_id) return nullptr;
  const std::size_t at = place(id);
  return stands(at, id) ? &entries_[at].votes : nullptr;
}

void VoteList::mark(Entry& entry) {
  if (entry.changed) return;
  entry.changed = true;
  changed_.push_back(entry.id);
}

void VoteList::remove(std::size_t at) {
  places_.clear();
  entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(at));
}

VoteList::Entry& VoteList::find_or_make(std::uint32_t id, const Votes& fresh) {
  cache_ = {};
  const std::size_t at = place(id);
  if (stands(at, id)) return entries_[at];
  places_.clear();
  Entry made;
  made.id = id;
  made.votes = fresh;
  return *entries_.insert(entries_.begin() + static_cast<std::ptrdiff_t>(at), made);
}

void VoteList::vote(std::uint32_t id, EventTime first, std::int32_t day, const Fading& fading) {
  Entry& entry = find_or_make(id, Votes{.sum = 0, .day = day, .hosts = 0, .since = first});
  mark(entry);
  fading.add(entry.votes, 1.0, day);
  ++entry.votes.hosts;
  entry.votes.since = std::min(entry.votes.since, first);
}

void VoteList::top_up(std::uint32_t id, double weight, std::int32_t day, const Fading& fading) {
  cache_ = {};
  const std::size_t at = place(id);
  if (!stands(at, id)) return;
  mark(entries_[at]);
  fading.add(entries_[at].votes, weight, day);
}

void VoteList::withdraw(std::uint32_t id, double weight, std::int32_t day, const Fading& fading) {
  cache_ = {};
  const std::size_t at = place(id);
  if (!stands(at, id)) return;
  mark(entries_[at]);
  Votes& votes = entries_[at].votes;
  if (votes.hosts <= 1) return remove(at);
  --votes.hosts;
  fading.add(votes, -weight, day);
}

void VoteList::set(std::uint32_t id, const Votes& votes) { find_or_make(id, votes).votes = votes; }

void VoteList::erase(std::uint32_t id) {
  cache_ = {};
  const std::size_t at = place(id);
  if (stands(at, id)) remove(at);
}

/// Longer lists are looked up by text once; while they are only read, by id.
void VoteList::number_places() const {
  if (entries_.size() <= scan_up_to || places_.size() == entries_.size()) return;
  places_.clear();
  for (std::uint32_t at = 0; at < entries_.size(); ++at) places_.insert(spread_bits(entries_[at].id), at);
}

void VoteList::sum(std::int32_t day, const Fading& fading) const {
  if (cache_.sums_valid && cache_.day == day) return;
  number_places();
  const Eigen::ArrayXd counts = votes_on(day, entries_, fading);
  cache_ = {};
  cache_.day = day;
  cache_.total = counts.sum();
  cache_.discounts = counts.min(fading.policy().discount).sum();
  cache_.sums_valid = true;
}

Level VoteList::level(const Votes* votes, std::int32_t day, const Fading& fading) const {
  sum(day, fading);
  return {.count = votes ? fading.faded(*votes, day) : 0.0, .total = cache_.total, .discounts = cache_.discounts};
}

Spread VoteList::spread(std::int32_t day, double floor, const Fading& fading) const {
  const ModelPolicy& policy = fading.policy();
  sum(day, fading);
  if (cache_.spread_valid && cache_.floor == floor) return cache_.spread;
  const Eigen::ArrayXd counts = votes_on(day, entries_, fading);
  const double left = back_off({.count = 0, .total = cache_.total, .discounts = cache_.discounts}, policy) * floor;
  const Eigen::ArrayXd chances = (counts - counts.min(policy.discount)) / (cache_.total + policy.strength) + left;
  cache_.spread = {.mass = chances.sum(), .mass_log10 = (chances * chances.log10()).sum()};
  cache_.floor = floor;
  cache_.spread_valid = true;
  return cache_.spread;
}

}  // namespace imdswatch
