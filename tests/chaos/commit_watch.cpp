#include "commit_watch.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace imdswatch::testing {
namespace {

constexpr auto state_topic = "imdswatch.state";
constexpr std::chrono::milliseconds look_every{100};

/// The ends of the partitions; those that the brokers do not tell are 0.
std::vector<std::int64_t> ends(const Client& client, int shards) {
  std::vector<std::int64_t> out;
  for (int shard = 0; shard < shards; ++shard) {
    std::int64_t low = 0, high = 0;
    const auto code = rd_kafka_query_watermark_offsets(client.get(), state_topic, shard, &low, &high, 500);
    out.push_back(code == RD_KAFKA_RESP_ERR_NO_ERROR ? high : 0);
  }
  return out;
}

Client reader(const std::string& bootstrap, const char* isolation) {
  // A broker that is back is to be seen at once, or the watch's own waiting would count as a gap.
  return make_client(RD_KAFKA_CONSUMER, {{"bootstrap.servers", bootstrap},
                                         {"isolation.level", isolation},
                                         {"reconnect.backoff.max.ms", "200"},
                                         {"log_level", "0"}});
}

}  // namespace

CommitWatch::CommitWatch(std::string bootstrap, int shards)
    : bootstrap_(std::move(bootstrap)),
      shards_(shards),
      written_(reader(bootstrap_, "read_uncommitted")),
      committed_(reader(bootstrap_, "read_committed")) {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

bool CommitWatch::within_a_commit() const {
  const auto stable = ends(committed_, shards_), all = ends(written_, shards_);
  for (std::size_t shard = 0; shard < stable.size(); ++shard) {
    if (stable[shard] > 0 && stable[shard] < all[shard]) return true;
  }
  return false;
}

void CommitWatch::finish() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void CommitWatch::run(const std::stop_token& stop) {
  std::vector<std::int64_t> highest(static_cast<std::size_t>(shards_), 0);
  while (!stop.stop_requested()) {
    const auto now_written = ends(written_, shards_);
    const auto now = Clock::now();
    if (last_ != 0) {
      const auto gap = std::chrono::duration_cast<std::chrono::milliseconds>(now - last_write()).count();
      if (gap > longest_ms_) {
        longest_ms_ = gap;
        longest_ended_ = std::chrono::system_clock::now().time_since_epoch().count();
      }
    }
    for (std::size_t shard = 0; shard < highest.size(); ++shard) {
      if (now_written[shard] > highest[shard]) last_ = now.time_since_epoch().count();
      highest[shard] = std::max(highest[shard], now_written[shard]);
    }
    std::this_thread::sleep_for(look_every);
  }
}

}  // namespace imdswatch::testing
