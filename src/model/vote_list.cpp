#include "vote_list.hpp"

#include <Eigen/Core>
#include <algorithm>

#include "fading.hpp"
#include "imdswatch/base/check.hpp"

namespace imdswatch {
namespace {

constexpr std::size_t scan_up_to = 16;

Eigen::ArrayXd votes_on(std::int32_t day, const std::vector<VoteList::Entry>& entries, const ModelPolicy& policy) {
  Eigen::ArrayXd out(static_cast<Eigen::Index>(entries.size()));
  for (std::size_t i = 0; i < entries.size(); ++i) out[static_cast<Eigen::Index>(i)] = faded(entries[i].votes, day, policy);
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
  const auto at = std::ranges::lower_bound(entries_, id, [&](std::uint32_t a, std::uint32_t b) { return less(a, b); }, &Entry::id);
  return static_cast<std::size_t>(at - entries_.begin());
}

const Votes* VoteList::find(std::uint32_t id) const {
  if (id == no_id) return nullptr;
  const std::size_t at = place(id);
  return at < entries_.size() && entries_[at].id == id ? &entries_[at].votes : nullptr;
}

void VoteList::vote(std::uint32_t id, EventTime first, std::int32_t day, const ModelPolicy& policy) {
  cache_ = {};
  const std::size_t at = place(id);
  if (at == entries_.size() || entries_[at].id != id) {
    entries_.insert(entries_.begin() + static_cast<std::ptrdiff_t>(at), Entry{id, Votes{.sum = 0, .day = day, .hosts = 0, .since = first}});
  }
  Votes& votes = entries_[at].votes;
  add(votes, 1.0, day, policy);
  ++votes.hosts;
  votes.since = std::min(votes.since, first);
}

void VoteList::top_up(std::uint32_t id, double weight, std::int32_t day, const ModelPolicy& policy) {
  cache_ = {};
  const std::size_t at = place(id);
  if (at < entries_.size() && entries_[at].id == id) add(entries_[at].votes, weight, day, policy);
}

void VoteList::withdraw(std::uint32_t id, double weight, std::int32_t day, const ModelPolicy& policy) {
  cache_ = {};
  const std::size_t at = place(id);
  if (at == entries_.size() || entries_[at].id != id) return;
  Votes& votes = entries_[at].votes;
  if (votes.hosts <= 1) {
    entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(at));
    return;
  }
  --votes.hosts;
  add(votes, -weight, day, policy);
}

void VoteList::set(std::uint32_t id, const Votes& votes) {
  cache_ = {};
  const std::size_t at = place(id);
  if (at < entries_.size() && entries_[at].id == id) {
    entries_[at].votes = votes;
  } else {
    entries_.insert(entries_.begin() + static_cast<std::ptrdiff_t>(at), Entry{id, votes});
  }
}

void VoteList::erase(std::uint32_t id) {
  cache_ = {};
  std::erase_if(entries_, [&](const Entry& entry) { return entry.id == id; });
}

void VoteList::sum(std::int32_t day, const ModelPolicy& policy) const {
  if (cache_.sums_valid && cache_.day == day) return;
  const Eigen::ArrayXd counts = votes_on(day, entries_, policy);
  cache_ = {};
  cache_.day = day;
  cache_.total = counts.sum();
  cache_.discounts = counts.min(policy.discount).sum();
  cache_.sums_valid = true;
}

Level VoteList::level(std::uint32_t id, std::int32_t day, const ModelPolicy& policy) const {
  sum(day, policy);
  const Votes* votes = find(id);
  return {.count = votes ? faded(*votes, day, policy) : 0.0, .total = cache_.total, .discounts = cache_.discounts};
}

Spread VoteList::spread(std::int32_t day, double floor, const ModelPolicy& policy) const {
  sum(day, policy);
  if (cache_.spread_valid && cache_.floor == floor) return cache_.spread;
  const Eigen::ArrayXd counts = votes_on(day, entries_, policy);
  const double left = back_off({.count = 0, .total = cache_.total, .discounts = cache_.discounts}, policy) * floor;
  const Eigen::ArrayXd chances = (counts - counts.min(policy.discount)) / (cache_.total + policy.strength) + left;
  cache_.spread = {.mass = chances.sum(), .mass_log10 = (chances * chances.log10()).sum()};
  cache_.floor = floor;
  cache_.spread_valid = true;
  return cache_.spread;
}

}  // namespace imdswatch
