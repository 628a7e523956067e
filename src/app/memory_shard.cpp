#include "memory_shard.hpp"

namespace imdswatch {

void MemoryShard::append(const LogBody& body, WallTime append_time) {
  log_.push_back({append_time, encode(body)});
  appended_bytes_ += log_.back().bytes.size();
}

Result<void> MemoryShard::read(const std::function<Result<void>(const StateRow&)>& row) {
  for (const auto& [key, value] : state_) {
    if (auto applied = row({key, value}); !applied) return applied;
  }
  return {};
}

Result<void> MemoryShard::seek(std::optional<Offset> next) {
  const std::size_t target = next ? static_cast<std::size_t>(next->value()) : 0;
  IMDS_CHECK(target >= first_ && target <= first_ + log_.size());
  read_from_ = target;
  return {};
}

Result<std::vector<LogRecord>> MemoryShard::poll(std::size_t max_records) {
  std::vector<LogRecord> out;
  while (out.size() < max_records && read_from_ < first_ + log_.size()) {
    const Stored& stored = log_[read_from_ - first_];
    auto body = decode_log_body(stored.bytes);
    if (!body) return std::move(body).error();
    out.push_back({Offset{static_cast<std::int64_t>(read_from_)}, stored.append_time, *std::move(body)});
    ++read_from_;
  }
  return out;
}

CommitOutcome MemoryShard::commit(const ShardCommit& commit) {
  for (const Alert& alert : commit.alerts) on_alert_(alert);
  if (keep_state_) {
    for (const StateRow& row : commit.rows) {
      if (row.value) {
        state_[row.key] = *row.value;
      } else {
        state_.erase(row.key);
      }
    }
  }
  while (first_ < static_cast<std::size_t>(commit.next.value())) {
    log_.pop_front();
    ++first_;
  }
  return CommitOutcome::committed;
}

}  // namespace imdswatch
