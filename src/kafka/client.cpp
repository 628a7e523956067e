#include "client.hpp"

#include <array>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "imdswatch/base/check.hpp"

namespace imdswatch::kafka {
namespace {

constexpr std::chrono::seconds tell_again_after{10};

}  // namespace

void Client::on_log(const rd_kafka_t* client, int level, const char* facility, const char* text) {
  for (const std::string_view chosen_knowingly : {"enable.gapless.guarantee is experimental", "allow.auto.create.topics is a consumer property"}) {
    if (std::string_view{text}.find(chosen_knowingly) != std::string_view::npos) return;
  }
  const auto* hooks = static_cast<const Hooks*>(rd_kafka_opaque(client));
  if (hooks != nullptr && hooks->reporting.log) hooks->reporting.log(level, facility, text);
}

void Client::on_error(rd_kafka_t* client, int code, const char* reason, void* opaque) {
  auto* hooks = static_cast<Hooks*>(opaque);
  std::array<char, 512> why{};
  auto err = static_cast<rd_kafka_resp_err_t>(code);
  const bool fatal = err == RD_KAFKA_RESP_ERR__FATAL;
  if (fatal) err = rd_kafka_fatal_error(client, why.data(), why.size());
  const auto now = std::chrono::steady_clock::now();
  const auto [told, first] = hooks->told.try_emplace(err, Hooks::Told{now, 0});
  if (!first && !fatal && now - told->second.at < tell_again_after) {
    ++told->second.untold;
    return;
  }
  const auto untold = std::exchange(told->second, Hooks::Told{now, 0}).untold;
  hooks->reporting.tell(BrokerError{to_string(hooks->role), rd_kafka_err2name(err), fatal ? why.data() : reason, fatal, untold});
}

void Client::on_rebalance(rd_kafka_t*, rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t* list, void* opaque) {
  static_cast<const Hooks*>(opaque)->callbacks.rebalance(what, *list);
}

void Client::on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
  static_cast<const Hooks*>(opaque)->callbacks.delivered(*message);
}

Result<Client> Client::open(const KafkaSettings& settings, Role role, const Reporting& reporting, Callbacks callbacks,
                            const Properties& extra) {
  auto made = make_conf(settings, role, extra);
  if (!made) return std::move(made).error();
  ConfHandle conf = *std::move(made);
  auto hooks = std::make_unique<Hooks>(Hooks{role, reporting, std::move(callbacks), {}});
  rd_kafka_conf_set_opaque(conf.get(), hooks.get());
  rd_kafka_conf_set_log_cb(conf.get(), on_log);
  rd_kafka_conf_set_error_cb(conf.get(), on_error);
  if (hooks->callbacks.rebalance) rd_kafka_conf_set_rebalance_cb(conf.get(), on_rebalance);
  if (hooks->callbacks.delivered) rd_kafka_conf_set_dr_msg_cb(conf.get(), on_delivery);
  const bool consumer = role == Role::raw_consumer || role == Role::shard_member || role == Role::log_reader || role == Role::state_reader;
  std::array<char, 512> why{};
  KafkaHandle handle{rd_kafka_new(consumer ? RD_KAFKA_CONSUMER : RD_KAFKA_PRODUCER, conf.get(), why.data(), why.size())};
  if (!handle) return Error{Errc::config_invalid, std::string{"kafka: "} + to_string(role) + ": " + why.data()};  // conf is still ours
  static_cast<void>(conf.release());  // now the client's
  if (consumer) static_cast<void>(rd_kafka_poll_set_consumer(handle.get()));
  return Client{std::move(hooks), std::move(handle)};
}

void Client::close_consumer(std::chrono::steady_clock::time_point until) {
  bool closed = false;
  {
    const QueueHandle queue{rd_kafka_queue_new(handle_.get())};
    const ErrorHandle error{rd_kafka_consumer_close_queue(handle_.get(), queue.get())};
    while (!error && !closed && std::chrono::steady_clock::now() < until) {
      // Serves callbacks, and takes the messages and errors that were fetched before: rd_kafka_queue_poll_callback aborts on those.
      const MessageHandle dropped{rd_kafka_consume_queue(queue.get(), 20)};
      closed = rd_kafka_consumer_closed(handle_.get()) != 0;
    }
  }
  if (!closed) rd_kafka_destroy_flags(handle_.release(), RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
  handle_.reset();
}

bool Client::is_fenced_member() const {
  return rd_kafka_fatal_error(handle_.get(), nullptr, 0) == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID;
}

std::chrono::milliseconds Client::heartbeat_interval() const {
  std::array<char, 32> text{};
  auto size = text.size();
  IMDS_CHECK(rd_kafka_conf_get(rd_kafka_conf(handle_.get()), "heartbeat.interval.ms", text.data(), &size) == RD_KAFKA_CONF_OK);
  return std::chrono::milliseconds{std::strtoll(text.data(), nullptr, 10)};
}

std::optional<Error> Client::fatal() const {
  std::array<char, 512> why{};
  const auto code = rd_kafka_fatal_error(handle_.get(), why.data(), why.size());
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return std::nullopt;
  return Error{errc_of(code) == Errc::fenced ? Errc::fenced : Errc::kafka_fatal, describe(code, why.data())};
}

}  // namespace imdswatch::kafka
