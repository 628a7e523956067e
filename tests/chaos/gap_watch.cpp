#include "gap_watch.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

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
  std::vector<std::int64_t> ends(static_cast<std::size_t>(shards_), 0);
  while (!stop.stop_requested()) {
    for (std::size_t shard = 0; shard < ends.size(); ++shard) {
      std::int64_t low = 0, high = 0;
      const auto code = rd_kafka_query_watermark_offsets(client.get(), state_topic, static_cast<std::int32_t>(shard), &low, &high, 500);
      if (code != RD_KAFKA_RESP_ERR_NO_ERROR || high <= ends[shard]) continue;
      ends[shard] = high;
      grew = Clock::now();
    }
    if (grew) {
      longest_ms_ = std::max(longest_ms_.load(), std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - *grew).count());
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{200});
  }
}

}  // namespace imdswatch::testing
