#include "admin.hpp"

#include <regex.h>

#include <memory>
#include <utility>

namespace imdswatch::kafka {
namespace {

class Regex {
 public:
  explicit Regex(const std::string& pattern) : ok_(regcomp(&compiled_, pattern.c_str(), REG_EXTENDED | REG_NOSUB) == 0) {}
  ~Regex() {
    if (ok_) regfree(&compiled_);
  }
  Regex(const Regex&) = delete;
  Regex& operator=(const Regex&) = delete;
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool matches(const char* text) const { return ok_ && regexec(&compiled_, text, 0, nullptr, 0) == 0; }

 private:
  regex_t compiled_{};
  bool ok_;
};

using MetadataHandle = std::unique_ptr<const rd_kafka_metadata_t, Destroyer<rd_kafka_metadata_destroy>>;
using TopicHandle = std::unique_ptr<rd_kafka_topic_t, Destroyer<rd_kafka_topic_destroy>>;

/// From any broker: of `topic`, or of all if it is null.
Result<MetadataHandle> metadata_of(rd_kafka_t* client, rd_kafka_topic_t* topic, std::chrono::milliseconds timeout) {
  const rd_kafka_metadata_t* raw = nullptr;
  const auto code = rd_kafka_metadata(client, topic == nullptr ? 1 : 0, topic, &raw, static_cast<int>(timeout.count()));
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return Error{errc_of(code), "list topics: " + describe(code)};
  return MetadataHandle{raw};
}

bool wanted(const char* topic, const std::vector<std::string>& patterns) {
  for (const auto& pattern : patterns) {
    if (pattern.starts_with('^') ? Regex{pattern}.matches(topic) : pattern == topic) return true;
  }
  return false;
}

/// Those that the broker has answered for.
std::map<NamedPartition, Offset> offsets_in(const rd_kafka_topic_partition_list_t& list) {
  std::map<NamedPartition, Offset> out;
  for (int i = 0; i < list.cnt; ++i) {
    const auto& answer = list.elems[i];
    if (answer.err == RD_KAFKA_RESP_ERR_NO_ERROR && answer.offset >= 0) out[{answer.topic, Partition{answer.partition}}] = Offset{answer.offset};
  }
  return out;
}

/// No broker has said anything.
bool is_silence(rd_kafka_resp_err_t code) {
  return code == RD_KAFKA_RESP_ERR__TRANSPORT || code == RD_KAFKA_RESP_ERR__TIMED_OUT || code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN ||
         code == RD_KAFKA_RESP_ERR__RESOLVE;
}

/// The names that one of `patterns` names or matches: asked of a broker in any case, so that one answers.
Result<std::vector<std::string>> match_topics(rd_kafka_t* client, const std::vector<std::string>& patterns,
                                              std::chrono::milliseconds timeout) {
  bool plain = true;
  for (const auto& pattern : patterns) {
    if (!pattern.starts_with('^')) continue;
    plain = false;
    if (!Regex{pattern}.ok()) return Error{Errc::config_invalid, "topic pattern " + pattern + " is not a regular expression"};
  }
  const TopicHandle first{plain && !patterns.empty() ? rd_kafka_topic_new(client, patterns.front().c_str(), nullptr) : nullptr};
  auto metadata = metadata_of(client, first.get(), timeout);
  if (!metadata) return std::move(metadata).error();
  if (plain) return patterns;
  std::vector<std::string> out;
  for (int i = 0; i < (*metadata)->topic_cnt; ++i) {
    if (wanted((*metadata)->topics[i].topic, patterns)) out.emplace_back((*metadata)->topics[i].topic);
  }
  return out;
}

}  // namespace

TopicId topic_id_of(const rd_kafka_Uuid_t* uuid) {
  TopicId id;
  const auto high = static_cast<std::uint64_t>(rd_kafka_Uuid_most_significant_bits(uuid));
  const auto low = static_cast<std::uint64_t>(rd_kafka_Uuid_least_significant_bits(uuid));
  for (std::size_t i = 0; i < 8; ++i) {
    id.bytes[i] = static_cast<std::uint8_t>(high >> (56 - 8 * i));
    id.bytes[8 + i] = static_cast<std::uint8_t>(low >> (56 - 8 * i));
  }
  return id;
}

ListHandle to_list(const std::vector<NamedPartition>& partitions) {
  auto list = make_list(static_cast<int>(partitions.size()));
  for (const auto& one : partitions) rd_kafka_topic_partition_list_add(list.get(), one.topic.c_str(), one.partition.value());
  return list;
}

std::vector<NamedPartition> to_partitions(const rd_kafka_topic_partition_list_t& list) {
  std::vector<NamedPartition> out;
  for (int i = 0; i < list.cnt; ++i) out.push_back({list.elems[i].topic, Partition{list.elems[i].partition}});
  return out;
}

Result<std::map<std::string, TopicInfo>> describe_topics(rd_kafka_t* client, const std::vector<std::string>& names,
                                                         std::chrono::milliseconds timeout, const std::atomic<bool>* stopping) {
  std::map<std::string, TopicInfo> out;
  if (names.empty()) return out;
  std::vector<const char*> raw;
  for (const auto& name : names) raw.push_back(name.c_str());
  const TopicCollectionHandle topics{rd_kafka_TopicCollection_of_topic_names(raw.data(), raw.size())};
  auto event = admin_call(client, RD_KAFKA_ADMIN_OP_DESCRIBETOPICS, timeout, "describe topics",
                          [&](auto* options, auto* queue) { rd_kafka_DescribeTopics(client, topics.get(), options, queue); }, stopping);
  if (!event) return std::move(event).error();
  std::size_t count = 0;
  const auto* const* found = rd_kafka_DescribeTopics_result_topics(rd_kafka_event_DescribeTopics_result(event->get()), &count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto* error = rd_kafka_TopicDescription_error(found[i]);
    const auto code = rd_kafka_error_code(error);
    const std::string name = rd_kafka_TopicDescription_name(found[i]);
    if (code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) continue;
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return Error{errc_of(code), "describe topic " + name + ": " + describe(code)};
    std::size_t partitions = 0;
    static_cast<void>(rd_kafka_TopicDescription_partitions(found[i], &partitions));
    out[name] = {topic_id_of(rd_kafka_TopicDescription_topic_id(found[i])), static_cast<int>(partitions)};
  }
  return out;
}

Result<std::map<std::string, TopicInfo>> describe_raw_topics(rd_kafka_t* client, const std::vector<std::string>& patterns,
                                                             std::chrono::milliseconds timeout) {
  auto names = match_topics(client, patterns, timeout);
  if (!names) return std::move(names).error();
  return describe_topics(client, *names, timeout);
}

Result<std::map<NamedPartition, Offset>> list_offsets(rd_kafka_t* client, const std::vector<NamedPartition>& partitions, OffsetAt at,
                                                      std::chrono::milliseconds timeout, bool uncommitted) {
  std::map<NamedPartition, Offset> out;
  if (partitions.empty()) return out;
  const auto list = to_list(partitions);
  for (int i = 0; i < list->cnt; ++i) {
    list->elems[i].offset = at == OffsetAt::earliest ? RD_KAFKA_OFFSET_SPEC_EARLIEST : RD_KAFKA_OFFSET_SPEC_LATEST;
  }
  // The plain request takes these two as times. It is all or nothing: where one partition is refused, the admin call says which.
  const ListHandle plain{rd_kafka_topic_partition_list_copy(list.get())};
  const auto code = rd_kafka_offsets_for_times(client, plain.get(), static_cast<int>(timeout.count()));
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR && !uncommitted) return offsets_in(*plain);
  if (is_silence(code)) return Error{errc_of(code), "list offsets: " + describe(code)};
  auto event = admin_call(client, RD_KAFKA_ADMIN_OP_LISTOFFSETS, timeout, "list offsets", [&](auto* options, auto* queue) {
    const ErrorHandle ignored{rd_kafka_AdminOptions_set_isolation_level(
        options, uncommitted ? RD_KAFKA_ISOLATION_LEVEL_READ_UNCOMMITTED : RD_KAFKA_ISOLATION_LEVEL_READ_COMMITTED)};
    rd_kafka_ListOffsets(client, list.get(), options, queue);
  });
  if (!event) return std::move(event).error();
  std::size_t count = 0;
  const auto* const* infos = rd_kafka_ListOffsets_result_infos(rd_kafka_event_ListOffsets_result(event->get()), &count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto* answer = rd_kafka_ListOffsetsResultInfo_topic_partition(infos[i]);
    if (answer->err == RD_KAFKA_RESP_ERR_NO_ERROR && answer->offset >= 0) {
      out[{answer->topic, Partition{answer->partition}}] = Offset{answer->offset};
    }
  }
  return out;
}

Result<Offset> end_of(rd_kafka_t* client, const NamedPartition& partition, std::chrono::milliseconds timeout, bool uncommitted) {
  auto ends = list_offsets(client, {partition}, OffsetAt::latest, timeout, uncommitted);
  if (!ends) return Error{ends.error().code, "the end of " + partition.topic + ": " + ends.error().message};
  const auto end = ends->find(partition);
  if (end == ends->end()) return Error{Errc::kafka_unavailable, "the brokers do not tell the end of " + partition.topic};
  return end->second;
}

Result<std::map<NamedPartition, Offset>> offsets_for_times(rd_kafka_t* client, const std::map<NamedPartition, WallTime>& times,
                                                           std::chrono::milliseconds timeout) {
  if (times.empty()) return std::map<NamedPartition, Offset>{};
  const auto list = make_list(static_cast<int>(times.size()));
  for (const auto& [source, time] : times) {
    rd_kafka_topic_partition_list_add(list.get(), source.topic.c_str(), source.partition.value())->offset = to_ms(time);
  }
  const auto code = rd_kafka_offsets_for_times(client, list.get(), static_cast<int>(timeout.count()));
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return Error{errc_of(code), "offsets for times: " + describe(code)};
  return offsets_in(*list);
}

Result<std::map<NamedPartition, Committed>> committed_offsets(rd_kafka_t* client, const std::vector<NamedPartition>& partitions,
                                                              std::chrono::milliseconds timeout) {
  std::map<NamedPartition, Committed> out;
  if (partitions.empty()) return out;
  const auto list = to_list(partitions);
  const auto code = rd_kafka_committed(client, list.get(), static_cast<int>(timeout.count()));
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return Error{errc_of(code), "committed offsets: " + describe(code)};
  for (int i = 0; i < list->cnt; ++i) {
    const auto& one = list->elems[i];
    if (one.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return Error{errc_of(one.err), std::string{"committed offset of "} + one.topic + ": " + describe(one.err)};
    }
    if (one.offset < 0) continue;
    out[{one.topic, Partition{one.partition}}] = {Offset{one.offset}, LeaderEpoch{rd_kafka_topic_partition_get_leader_epoch(&one)},
                                                  std::string{static_cast<const char*>(one.metadata), one.metadata_size}};
  }
  return out;
}

}  // namespace imdswatch::kafka
