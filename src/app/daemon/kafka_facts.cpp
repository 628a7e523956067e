#include "kafka_facts.hpp"

#include <string>

namespace imdswatch {
namespace {

std::string listed(const std::vector<kafka::NamedPartition>& partitions) {
  std::string out;
  for (const kafka::NamedPartition& one : partitions) {
    if (!out.empty()) out += ", ";
    out += one.topic + "-" + std::to_string(one.partition.value());
  }
  return out;
}

struct Translate {
  using Out = std::optional<Fact>;
  Out operator()(const kafka::PartitionsAssigned& f) const { return fact::PartitionsAssigned{f.group, f.partitions.size(), listed(f.partitions)}; }
  Out operator()(const kafka::PartitionsRevoked& f) const {
    return fact::PartitionsRevoked{f.group, f.partitions.size(), f.lost, listed(f.partitions)};
  }
  Out operator()(const kafka::SourceStarted& f) const {
    return fact::SourceStarted{f.source.topic, f.source.partition, f.from, f.next, f.committed, f.passed_over};
  }
  Out operator()(const kafka::TopicMadeAnew& f) const {
    return fact::TopicMadeAnew{f.source.topic, f.source.partition, to_string(f.before), to_string(f.now)};
  }
  Out operator()(const kafka::OffsetOutOfRange& f) const {
    return fact::OffsetOutOfRange{f.source.topic, f.source.partition, f.wanted, f.earliest, f.detail};
  }
  Out operator()(const kafka::DeliveryFailed& f) const { return fact::DeliveryFailed{f.topic, f.detail, f.retry_in}; }
  Out operator()(const kafka::CallLogStalled& f) const {
    return fact::CallLogStalled{f.partition.topic, f.partition.partition, f.records, f.silent, f.since, f.over};
  }
  Out operator()(const kafka::OffsetsCommitted&) const { return std::nullopt; }
  Out operator()(const kafka::OffsetCommitFailed& f) const { return fact::OffsetCommitFailed{f.group, f.detail}; }
  Out operator()(const kafka::DeadLettersDropped& f) const { return fact::DeadLettersDropped{f.over_rate, f.failed, f.detail}; }
  Out operator()(const kafka::SourcePaused& f) const { return fact::SourcePaused{f.source.topic, f.source.partition, f.paused}; }
  Out operator()(const kafka::PacingChanged& f) const { return fact::PacingChanged{f.by_call_log, f.why}; }
  Out operator()(const kafka::BrokerError& f) const { return fact::BrokerError{f.client, f.code, f.detail, f.fatal, f.untold}; }
  Out operator()(const kafka::ShardTaken& f) const { return fact::ShardTaken{f.shard}; }
  Out operator()(const kafka::ShardLeft& f) const { return fact::ShardLeft{f.shard, f.why}; }
  Out operator()(const kafka::ShardFailed& f) const { return fact::ShardFailed{f.shard, f.detail, f.retry_in}; }
  Out operator()(const kafka::StateRead& f) const { return fact::StateRestored{f.shard, f.rows, f.took}; }
  Out operator()(const kafka::CallLogRecordRejected& f) const { return fact::CallLogRecordRejected{f.shard, f.offset, f.detail}; }
  Out operator()(const kafka::ShardCommitted& f) const {
    return fact::Committed{f.shard, f.outcome, f.alerts, f.rows, f.took, f.detail};
  }
};

}  // namespace

std::optional<Fact> to_telemetry(const kafka::KafkaFact& what) { return std::visit(Translate{}, what); }

}  // namespace imdswatch
