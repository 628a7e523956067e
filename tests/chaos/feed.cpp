#include "feed.hpp"

#include <librdkafka/rdkafka.h>

#include <stdexcept>
#include <utility>

#include "kafka_client.hpp"

namespace imdswatch::testing {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds between_batches{50};

/// Returns when the brokers have everything; gives up only when told to.
void deliver(rd_kafka_t* client, const std::stop_token& stop) {
  while (!stop.stop_requested() && rd_kafka_flush(client, 500) != RD_KAFKA_RESP_ERR_NO_ERROR) {
  }
}

void write(rd_kafka_topic_t* to, const StreamedMessage& message) {
  if (rd_kafka_produce(to, static_cast<std::int32_t>(message.partition), RD_KAFKA_MSG_F_COPY, const_cast<char*>(message.json.data()),
                       message.json.size(), nullptr, 0, nullptr) != 0) {
    throw std::runtime_error(std::string("feed: ") + rd_kafka_err2str(rd_kafka_last_error()));
  }
}

}  // namespace

Feed::Feed(std::string bootstrap, std::string topic, const std::vector<StreamedMessage>& messages, std::chrono::milliseconds over)
    : bootstrap_(std::move(bootstrap)), topic_(std::move(topic)), messages_(messages), over_(over) {
  thread_ = std::jthread([this](const std::stop_token& stop) {
    try {
      run(stop);
    } catch (...) {
      failed_ = std::current_exception();
    }
    done_ = true;
  });
}

void Feed::check() const {
  if (done_ && failed_) std::rethrow_exception(failed_);
}

void Feed::run(const std::stop_token& stop) {
  const Client client = make_client(RD_KAFKA_PRODUCER, {{"bootstrap.servers", bootstrap_},
                                                        {"enable.idempotence", "true"},
                                                        {"message.timeout.ms", "0"},
                                                        {"compression.codec", "lz4"},
                                                        {"linger.ms", "5"},
                                                        {"log_level", "0"}});
  const std::unique_ptr<rd_kafka_topic_t, decltype(&rd_kafka_topic_destroy)> to(rd_kafka_topic_new(client.get(), topic_.c_str(), nullptr),
                                                                                &rd_kafka_topic_destroy);
  if (!to) throw std::runtime_error("feed: no topic");
  // The pace counts the time that it could write: after a broker was away it goes on as before, not in one flood.
  const auto batches = static_cast<std::size_t>(over_ / between_batches);
  const std::size_t batch = messages_.size() / std::max<std::size_t>(batches, 1) + 1;
  for (std::size_t next = 0; next < messages_.size() && !stop.stop_requested();) {
    const auto began = Clock::now();
    const std::size_t end = std::min(messages_.size(), next + batch);
    for (; next < end; ++next) write(to.get(), messages_[next]);
    deliver(client.get(), stop);
    written_ = next;
    std::this_thread::sleep_until(began + between_batches);
  }
}

}  // namespace imdswatch::testing
