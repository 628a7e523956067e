#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "imdswatch/kafka/facts.hpp"
#include "handles.hpp"

/// Questions to the broker. They block until the answer or the timeout: not for the thread that consumes raw topics.
///
/// librdkafka's admin calls are each aimed at one broker, and while that one is away it is dialled again the moment it has refused, without
/// `reconnect.backoff.ms`, for as long as the call waits (seen in 2.14: a thousand times a second). So what is asked again and again
/// begins with a plain request, and goes on to the admin call only where brokers answer (docs/decisions/0015).
namespace imdswatch::kafka {

struct TopicInfo {
  TopicId id;
  int partitions = 0;
};

TopicId topic_id_of(const rd_kafka_Uuid_t* uuid);

/// Of those that exist; others are left out.
Result<std::map<std::string, TopicInfo>> describe_topics(rd_kafka_t* client, const std::vector<std::string>& names,
                                                         std::chrono::milliseconds timeout, const std::atomic<bool>* stopping = nullptr);

/// Of those that exist and that one of `patterns` names or, if it begins with ^, matches as librdkafka does. The client must not create
/// topics by asking for them.
Result<std::map<std::string, TopicInfo>> describe_raw_topics(rd_kafka_t* client, const std::vector<std::string>& patterns,
                                                             std::chrono::milliseconds timeout);

enum class OffsetAt { earliest, latest };
/// Partitions for which the broker has no answer are left out. `latest` is the last stable offset unless `uncommitted` or where the client reads
/// uncommitted.
Result<std::map<NamedPartition, Offset>> list_offsets(rd_kafka_t* client, const std::vector<NamedPartition>& partitions, OffsetAt at,
                                                      std::chrono::milliseconds timeout, bool uncommitted = false);
/// The latest one of a single partition; an error names it.
Result<Offset> end_of(rd_kafka_t* client, const NamedPartition& partition, std::chrono::milliseconds timeout, bool uncommitted = false);

/// The first offset whose Kafka timestamp is at or after the given one; none where there is no such message.
Result<std::map<NamedPartition, Offset>> offsets_for_times(rd_kafka_t* client, const std::map<NamedPartition, WallTime>& times,
                                                           std::chrono::milliseconds timeout);

struct Committed {
  Offset next;
  LeaderEpoch epoch{-1};
  std::string metadata;
};
/// What the client's group has committed; partitions without are left out.
Result<std::map<NamedPartition, Committed>> committed_offsets(rd_kafka_t* client, const std::vector<NamedPartition>& partitions,
                                                              std::chrono::milliseconds timeout);

ListHandle to_list(const std::vector<NamedPartition>& partitions);
std::vector<NamedPartition> to_partitions(const rd_kafka_topic_partition_list_t& list);

/// Waits for an event until the timeout, or until `stopping` is set by another thread.
inline EventHandle await_event(rd_kafka_queue_t* queue, std::chrono::milliseconds timeout, const std::atomic<bool>* stopping) {
  constexpr std::chrono::milliseconds slice{100};
  if (stopping == nullptr) return EventHandle{rd_kafka_queue_poll(queue, static_cast<int>(timeout.count()))};
  const auto until = std::chrono::steady_clock::now() + timeout;
  EventHandle event;
  while (!event && !*stopping && std::chrono::steady_clock::now() < until) {
    event.reset(rd_kafka_queue_poll(queue, static_cast<int>(std::min(slice, timeout).count())));
  }
  return event;
}

/// Waits for the event of an admin call on a queue of its own; `ask` gets options and queue.
template <class Ask>
Result<EventHandle> admin_call(rd_kafka_t* client, rd_kafka_admin_op_t op, std::chrono::milliseconds timeout, const char* what, Ask ask,
                               const std::atomic<bool>* stopping = nullptr) {
  const QueueHandle queue{rd_kafka_queue_new(client)};
  const AdminOptionsHandle options{rd_kafka_AdminOptions_new(client, op)};
  char why[256];
  static_cast<void>(rd_kafka_AdminOptions_set_request_timeout(options.get(), static_cast<int>(timeout.count()), why, sizeof why));
  ask(options.get(), queue.get());
  EventHandle event = await_event(queue.get(), timeout + std::chrono::seconds{1}, stopping);
  if (!event) return Error{Errc::kafka_unavailable, std::string{what} + ": no answer from the brokers within the time allowed"};
  if (const auto code = rd_kafka_event_error(event.get()); code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return Error{errc_of(code), std::string{what} + ": " + describe(code, rd_kafka_event_error_string(event.get()))};
  }
  return event;
}

}  // namespace imdswatch::kafka
