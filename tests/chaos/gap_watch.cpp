#include "gap_watch.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "kafka_client.hpp"

namespace imdswatch::testing {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto state_topic = "imdswatch.state";

}  // namespace

GapWatch::GapWatch(std::string bootstrap, int shards) : bootstrap_(std::move(bootstrap)), shards_(shards) {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void GapWatch::finish() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void GapWatch::run(const std::stop_token& stop) {
  const Client client = make_client(RD_KAFKA_CONSUMER, {{"bootstrap.servers", bootstrap_}, {"log_level", "0"}});
  std::optional<Clock::time_point> grew;  // from the first commit on
  std::int64_t sum = 0;
  while (!stop.stop_requested()) {
    std::int64_t now = 0;
    bool all = true;
    for (int shard = 0; shard < shards_; ++shard) {
      std::int64_t low = 0, high = 0;
      all = all && rd_kafka_query_watermark_offsets(client.get(), state_topic, shard, &low, &high, 1000) == RD_KAFKA_RESP_ERR_NO_ERROR;
      now += high;
    }
    if (all && now > sum) {
      sum = now;
      grew = Clock::now();
    } else if (grew) {
      longest_ms_ = std::max(longest_ms_.load(), std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - *grew).count());
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{200});
  }
}

}  // namespace imdswatch::testing
