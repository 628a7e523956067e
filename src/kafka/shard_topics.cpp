#include "shard_topics.hpp"

#include <string>
#include <utility>

#include "imdswatch/base/bytes.hpp"

namespace imdswatch::kafka {
namespace {

constexpr std::uint8_t newest_version = 1;

}  // namespace

StateRow encode(const ShardTopics& topics) {
  ByteWriter payload;
  for (const auto& id : {topics.call_log, topics.state}) {
    for (const auto byte : id.bytes) payload.u8(byte);
  }
  std::string key(1, static_cast<char>(Table::topics));
  std::string value = seal(key, newest_version, payload.bytes());
  return {std::move(key), std::move(value)};
}

bool is_shard_topics(const StateRow& row) { return row.key.size() == 1 && row.key[0] == static_cast<char>(Table::topics); }

Result<std::optional<ShardTopics>> decode_shard_topics(const StateRow& row) {
  if (!row.value) return std::optional<ShardTopics>{};
  auto opened = open(row.key, *row.value, newest_version);
  if (!opened) return std::move(opened).error();
  ByteReader payload(opened->payload);
  ShardTopics out;
  for (auto* id : {&out.call_log, &out.state}) {
    for (auto& byte : id->bytes) byte = payload.u8();
  }
  if (!payload.done()) return Error{Errc::record_malformed, std::string{"the state's row of topics does not decode: "} + state_remedy};
  return std::optional{out};
}

Result<ShardTopics> ask_shard_topics(rd_kafka_t* client, const TopicNames& names, std::chrono::milliseconds timeout) {
  if (auto reached = end_of(client, {names.call_log, Partition{0}}, timeout); !reached) return std::move(reached).error();
  const auto found = describe_topics(client, {names.call_log, names.state}, timeout);
  if (!found) return found.error();
  for (const auto& name : {names.call_log, names.state}) {
    if (!found->contains(name)) return Error{Errc::kafka_unavailable, "there is no topic " + name};
  }
  return ShardTopics{found->at(names.call_log).id, found->at(names.state).id};
}

}  // namespace imdswatch::kafka
