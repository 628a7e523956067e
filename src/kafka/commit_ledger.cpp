#include "commit_ledger.hpp"

#include <utility>

#include "imdswatch/base/check.hpp"

namespace imdswatch::kafka {

std::uint64_t CommitLedger::sent() {
  beyond_.push_back(false);
  ++outstanding_;
  return ++last_;
}

void CommitLedger::acknowledged(std::uint64_t number) {
  if (number <= acknowledged_) return;  // of a producer that was thrown away
  IMDS_CHECK(number <= last_);
  const auto index = static_cast<std::size_t>(number - acknowledged_ - 1);
  IMDS_CHECK(!beyond_[index]);
  beyond_[index] = true;
  --outstanding_;
  while (!beyond_.empty() && beyond_.front()) {
    beyond_.pop_front();
    ++acknowledged_;
  }
}

bool CommitLedger::checkpoint(const TopicPartition& source, Checkpoint checkpoint) {
  return waiting_.try_emplace(source, Waiting{last_, std::move(checkpoint)}).second;
}

std::map<TopicPartition, Checkpoint> CommitLedger::take_committable() {
  std::map<TopicPartition, Checkpoint> out;
  for (auto it = waiting_.begin(); it != waiting_.end();) {
    if (it->second.after > acknowledged_) {
      ++it;
      continue;
    }
    out.emplace(it->first, std::move(it->second.checkpoint));
    it = waiting_.erase(it);
  }
  return out;
}

std::optional<Checkpoint> CommitLedger::take_committable(const TopicPartition& source) {
  const auto it = waiting_.find(source);
  if (it == waiting_.end() || it->second.after > acknowledged_) return std::nullopt;
  auto out = std::move(it->second.checkpoint);
  waiting_.erase(it);
  return out;
}

void CommitLedger::failed() {
  std::erase_if(waiting_, [this](const auto& entry) { return entry.second.after > acknowledged_; });
  acknowledged_ = last_;
  outstanding_ = 0;
  beyond_.clear();
}

}  // namespace imdswatch::kafka
