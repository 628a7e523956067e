#include <algorithm>
#include <chrono>
#include <utility>

#include "admin.hpp"
#include "message_batch.hpp"
#include "shard_doors.hpp"

namespace imdswatch::kafka {
namespace {

constexpr std::size_t batch_messages = 4'000;
constexpr std::chrono::milliseconds ask_timeout{15'000};
constexpr const char* how_to_end_it =
    ". If this comes again and again, the brokers have lost track of it: kafka-transactions.sh find-hanging names it, and abort ends it, on each partition that is named";

}  // namespace

/// Past aborted transactions too: the end of what the log holds, not of what is stable. Once the predecessor is fenced both are the
/// same, and until they are, reading goes on.
Result<Offset> KafkaStateReader::end_offset(rd_kafka_t* client) {
  return end_of(client, partition(), ask_timeout, true);
}

Error KafkaStateReader::held_back(Offset end, rd_kafka_t* client) const {
  std::string out = "read " + settings_.topics.state + " [" + std::to_string(shard_.value()) + "]: nothing came for " + std::to_string(patience_.count()) +
                    " s, and its end, offset " + std::to_string(end.value()) + ", was not reached";
  const auto stable = end_of(client, partition(), ask_timeout);
  if (stable && *stable < end) {
    out += ": a transaction that was left open at offset " + std::to_string(stable->value()) + " holds back what follows" + how_to_end_it;
  }
  return {Errc::kafka_unavailable, std::move(out)};
}

Result<void> KafkaStateReader::read(const std::function<Result<void>(const StateRow&)>& row) {
  const auto began = std::chrono::steady_clock::now();
  auto client = Client::open(settings_, Role::state_reader, reporting_);
  if (!client) return std::move(client).error();
  auto end = end_offset(client->get());
  if (!end) return std::move(end).error();
  std::optional<ShardTopics> topics;
  auto rows = read_to(*end, client->get(), [&](const StateRow& one) -> Result<void> {
    if (!is_shard_topics(one)) return row(one);
    auto decoded = decode_shard_topics(one);
    if (!decoded) return std::move(decoded).error();
    topics = *decoded;
    return {};
  });
  if (!rows) return std::move(rows).error();
  if (auto goes_on = expect_continuation(client->get(), *rows > 0, topics); !goes_on) return goes_on;
  reporting_.tell(StateRead{shard_, *rows, std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began)});
  return {};
}

/// A shard's offset is committed together with its state. Where only the state is gone, going on would tell every alert again; where a topic is
/// another than the one that the state was made with, alerts would be told again or calls never be judged.
Result<void> KafkaStateReader::expect_continuation(rd_kafka_t* client, bool has_state, const std::optional<ShardTopics>& then) {
  const NamedPartition call_log{settings_.topics.call_log, Partition{shard_.value()}};
  auto committed = committed_offsets(client, {call_log}, std::min<std::chrono::milliseconds>(ask_timeout, patience_));
  if (!committed) {  // the brokers tell none while a transaction that was to change it is open
    Error error = std::move(committed).error();
    if (error.code == Errc::kafka_unavailable)
      error.message += " (of group " + settings_.detector_group() + ", for shard " + std::to_string(shard_.value()) + "): perhaps a transaction that was left open holds it back" + how_to_end_it;
    return error;
  }
  const auto found = committed->find(call_log);
  if (has_state) return then ? expect_same_topics(client, *then, found != committed->end()) : Result<void>{};
  if (found == committed->end()) return {};
  return Error{Errc::kafka_fatal,
               "the state topic " + settings_.topics.state + " is empty, but the group " + settings_.detector_group() +
                   " has committed offset " + std::to_string(found->second.next.value()) + " of " + call_log.topic + " for shard " +
                   std::to_string(shard_.value()) + ": it was deleted or emptied. Restore it; or begin anew, which tells all alerts of the "
                   "call log again, by deleting the group (kafka-consumer-groups --delete --group " + settings_.detector_group() + ")"};
}

/// A state topic that was restored from a backup has another id too: that it belongs here an operator says by deleting the committed offset.
Result<void> KafkaStateReader::expect_same_topics(rd_kafka_t* client, const ShardTopics& then, bool has_committed) {
  const auto now = ask_shard_topics(client, settings_.topics, ask_timeout);
  if (!now) return now.error();
  if (now->call_log == then.call_log && (now->state == then.state || !has_committed)) return {};
  const auto other = [&](const std::string& name, const TopicId& id, const TopicId& before) {
    return "shard " + std::to_string(shard_.value()) + ": " + name + " was deleted and made anew: its id is " + to_string(id) + ", and the shard's state was committed with " +
           to_string(before) + ". ";
  };
  if (now->call_log != then.call_log) {
    return Error{Errc::kafka_fatal, other(settings_.topics.call_log, now->call_log, then.call_log) + "The state has no continuation in it. " + begin_anew};
  }
  return Error{Errc::kafka_fatal, other(settings_.topics.state, now->state, then.state) +
                                      "If it was restored from a backup as a whole, say so by deleting the offset (kafka-consumer-groups --delete-offsets --group " +
                                      settings_.detector_group() + " --topic " + settings_.topics.call_log + "). If not: " + begin_anew};
}

Result<std::uint64_t> KafkaStateReader::read_to(Offset end, rd_kafka_t* client, const std::function<Result<void>(const StateRow&)>& row) {
  const auto list = to_list({partition()});
  list->elems[0].offset = RD_KAFKA_OFFSET_BEGINNING;
  if (const auto code = rd_kafka_assign(client, list.get()); code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return Error{errc_of(code), "assign " + settings_.topics.state + ": " + describe(code)};
  }
  const QueueHandle queue{rd_kafka_queue_get_consumer(client)};
  MessageBatch batch(batch_messages);
  std::uint64_t rows = 0;
  StateRow one;
  auto heard = std::chrono::steady_clock::now();
  while (!stopping_) {
    const auto messages = batch.take(queue.get(), 20);
    if (!messages.empty()) heard = std::chrono::steady_clock::now();
    for (const auto& message : messages) {
      if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        if (message->offset >= end.value()) return rows;
        continue;
      }
      if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return Error{errc_of(message->err), "read " + settings_.topics.state + ": " + describe(*message)};
      }
      one.key.assign(static_cast<const char*>(message->key), message->key_len);
      if (message->payload == nullptr) one.value.reset();
      else one.value = std::string{static_cast<const char*>(message->payload), message->len};
      if (auto applied = row(one); !applied) return std::move(applied).error();
      ++rows;
    }
    if (std::chrono::steady_clock::now() - heard > patience_) return held_back(end, client);
  }
  return Error{Errc::kafka_unavailable, "read " + settings_.topics.state + ": given up, the shard is being left"};
}

}  // namespace imdswatch::kafka
