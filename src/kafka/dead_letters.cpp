#include "dead_letters.hpp"

#include <utility>

#include "produce.hpp"

namespace imdswatch::kafka {
namespace {

void add(rd_kafka_headers_t* headers, std::string_view name, std::string_view value) {
  static_cast<void>(rd_kafka_header_add(headers, name.data(), static_cast<std::ptrdiff_t>(name.size()), value.data(),
                                        static_cast<std::ptrdiff_t>(value.size())));
}

}  // namespace

Result<void> DeadLetters::open() {
  auto opened = Client::open(settings_, Role::dead_letter_producer, reporting_,
                             {.rebalance = {}, .delivered = [this](const rd_kafka_message_t& message) {
                                if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) ++written_;
                                else failed(describe(message.err));
                              }});
  if (!opened) return std::move(opened).error();
  client_ = *std::move(opened);
  return {};
}

void DeadLetters::failed(std::string detail) {
  ++dropped_;
  ++untold_.failed;
  untold_.detail = std::move(detail);
}

void DeadLetters::send(const RejectedRecord& why, const rd_kafka_message_t& message, std::chrono::steady_clock::time_point now) {
  if (!limit_.pass(now)) {
    ++dropped_;
    ++untold_.over_rate;
    return;
  }
  HeadersHandle headers{rd_kafka_headers_new(6)};
  add(headers.get(), "reason", to_string(why.reason));
  add(headers.get(), "detail", why.detail);
  add(headers.get(), "topic", rd_kafka_topic_name(message.rkt));
  add(headers.get(), "partition", std::to_string(message.partition));
  add(headers.get(), "offset", std::to_string(message.offset));
  add(headers.get(), "place", std::to_string(why.place));
  const auto bytes = [](const void* from, std::size_t size) -> std::optional<std::string_view> {
    if (from == nullptr) return std::nullopt;
    return std::string_view{static_cast<const char*>(from), size};
  };
  const auto code = produce(client_->get(), {.topic = settings_.topics.dead_letters,
                                             .key = bytes(message.key, message.key_len),
                                             .value = bytes(message.payload, message.len),
                                             .headers = headers.get()});
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) static_cast<void>(headers.release());  // now the message's
  else failed(describe(code));
}

void DeadLetters::poll(std::chrono::steady_clock::time_point now) {
  static_cast<void>(rd_kafka_poll(client_->get(), 0));
  if (untold_.over_rate + untold_.failed == 0 || (told_at_ && now - *told_at_ < std::chrono::seconds{1})) return;
  reporting_.tell(std::exchange(untold_, {}));
  told_at_ = now;
}

void DeadLetters::flush(std::chrono::milliseconds timeout) {
  if (client_) static_cast<void>(rd_kafka_flush(client_->get(), static_cast<int>(timeout.count())));
}

}  // namespace imdswatch::kafka
