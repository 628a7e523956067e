#include <string>

#include "bind.hpp"

namespace imdswatch {
namespace {

using config_detail::getter;
using config_detail::setter;
using namespace std::chrono_literals;

#define FIELD(member)                                                  \
  getter([](auto& config) -> auto& { return config.member; }),         \
      setter([](auto& config) -> auto& { return config.member; })

KeyValue us(std::chrono::microseconds value) { return value; }
KeyValue whole(std::int64_t value) { return value; }

KeyValue get_roles(const Config& config) {
  std::vector<std::string> out;
  if (config.roles.sieve) out.emplace_back("sieve");
  if (config.roles.detector) out.emplace_back("detector");
  return out;
}
void set_roles(Config& config, const KeyValue& value) {
  config.roles = {false, false};
  for (const std::string& role : std::get<std::vector<std::string>>(value)) {
    (role == "sieve" ? config.roles.sieve : config.roles.detector) = true;
  }
}

KeyValue get_mode(const Config& config) {
  return std::string(config.detector.schedule.mode == Schedule::Mode::interval ? "interval" : "continuous");
}
void set_mode(Config& config, const KeyValue& value) {
  const bool interval = std::get<std::string>(value) == "interval";
  config.detector.schedule.mode = interval ? Schedule::Mode::interval : Schedule::Mode::continuous;
}

KeyValue get_start(const Config& config) { return std::string(config.kafka.start_at_latest ? "latest" : "earliest"); }
void set_start(Config& config, const KeyValue& value) { config.kafka.start_at_latest = std::get<std::string>(value) == "latest"; }

KeyValue get_formats(const Config& config) {
  CustomMapping::Entries out;
  for (const TopicFormat& entry : config.sieve.formats) out.push_back({entry.topic, {std::string(entry.format ? to_string(*entry.format) : "auto")}});
  return out;
}
void set_formats(Config& config, const KeyValue& value) {
  config.sieve.formats.clear();
  for (const auto& entry : std::get<CustomMapping::Entries>(value)) config.sieve.formats.push_back({entry.name, format_named(entry.values.front())});
}

using FractionalDays = std::chrono::duration<double, std::chrono::days::period>;
KeyValue get_half_life(const Config& config) {
  return std::chrono::duration_cast<std::chrono::microseconds>(FractionalDays{config.detector.model.half_life_days});
}
void set_half_life(Config& config, const KeyValue& value) {
  config.detector.model.half_life_days = FractionalDays{std::get<std::chrono::microseconds>(value)}.count();
}
KeyValue get_forget(const Config& config) {
  return std::chrono::microseconds{std::chrono::days{config.detector.model.forget_days}};
}
void set_forget(Config& config, const KeyValue& value) {
  const auto days = std::chrono::duration_cast<std::chrono::days>(std::get<std::chrono::microseconds>(value));
  config.detector.model.forget_days = static_cast<int>(days.count());
}

constexpr bool detection = true, other = false;

std::vector<KeySpec> what_is_watched() {
  using enum KeyType;
  return {
      {"roles", choices, get_roles, set_roles,
       "Which stages this process runs: the sieve reads the raw topics, the detector judges the calls.", other, {}, {},
       {"sieve", "detector"}},
      {"metadata_service.addresses", addresses, FIELD(sieve.addresses),
       "Addresses of the metadata service. Others in use: fd00:ec2::254, 169.254.170.2 (AWS), 168.63.129.16 (Azure), "
       "100.100.100.200 (Alibaba).", detection},
      {"metadata_service.exclude_ports", ports, FIELD(sieve.exclude_ports),
       "Ports that are not the metadata service: on Google Cloud the same address answers DNS and NTP.", detection},
      {"host.namespace", field, FIELD(sieve.decode.namespace_field),
       "Field whose value goes before the host's name, such as cloud.account.id, where names repeat between accounts.", detection},
      {"host.peer_field", field, FIELD(sieve.decode.peer_field),
       "Field that says which hosts are alike, such as labels.asg. Empty: the stem of the host's name.", detection},
      {"schedule.mode", choice, get_mode, set_mode,
       "interval: runs over the look-back, as the rule does. continuous: judges each call when it is read.", detection, {}, {},
       {"interval", "continuous"}},
      {"schedule.every", duration, FIELD(detector.schedule.every), "Event time between two runs.", detection, us(1min), us(24h)},
      {"schedule.lookback", duration, FIELD(detector.schedule.lookback),
       "How far back a run looks; a whole multiple of schedule.every, at least two.", detection, us(2min), us(48h)},
      {"schedule.delay", duration, FIELD(detector.schedule.delay),
       "How much longer a run waits for late events, beyond sieve.allowed_disorder.", detection, us(0s), us(24h)},
      {"schedule.stall_timeout", duration, FIELD(detector.schedule.stall_timeout),
       "After so long a silent input partition no longer holds time back; what it brings later is late.", detection, us(1min),
       us(168h)},
  };
}

std::vector<KeySpec> how_events_are_read() {
  using enum KeyType;
  return {
      {"formats", formats, get_formats, set_formats,
       "auto: each event's format is told by itself. A format's name for all topics, or a map of topics (* stands for any text, the first "
       "that fits counts) to auto or names: events of another format are ignored as other_format.", detection},
      {"custom.fields", mapping, FIELD(sieve.decode.custom.fields),
       "Our field, by its ECS name, to the JSON Pointer of yours or a list of them: the first that says something counts.", detection},
      {"custom.time_format", time_format, FIELD(sieve.decode.custom.time_format),
       "How @timestamp is written: auto, unix_s, unix_ms, unix_us, unix_ns, filetime, or a pattern such as \"%d/%m/%Y %H:%M:%S\" (UTC, unless "
       "%z gives an offset).",
       detection},
      {"custom.event", conditions, FIELD(sieve.decode.custom.event),
       "What tells an event of this format: JSON Pointer to value or values. Empty: being a connection or a process start.", detection},
      {"custom.connection", conditions, FIELD(sieve.decode.custom.connection), "What tells a network connection.", detection},
      {"custom.process_start", conditions, FIELD(sieve.decode.custom.process_start), "What tells a process start.", detection},
      {"custom.windows", conditions, FIELD(sieve.decode.custom.windows), "What tells a Windows host. Empty: all are.", detection},
      {"custom.outgoing", conditions, FIELD(sieve.decode.custom.outgoing), "What tells an outgoing connection. Empty: all are.", detection},
      {"custom.connected", conditions, FIELD(sieve.decode.custom.connected),
       "What tells a connection that was made, not refused or blocked. Empty: all are.", detection},
  };
}

std::vector<KeySpec> what_is_unusual() {
  using enum KeyType;
  return {
      {"threshold", number, FIELD(detector.score.threshold),
       "Surprise above which a call is a finding: 4.5 is one in 30,000. Higher tells less.", detection, 0.0, 30.0},
      {"threshold_without_user", number, FIELD(detector.score.threshold_without_user),
       "The threshold for calls whose shipper does not tell the user. null: as threshold.", detection, 0.0, 30.0, {}, true},
      {"threshold_without_signer", number, FIELD(detector.score.threshold_without_signer),
       "The threshold for calls whose shipper does not tell the signer. null: as threshold.", detection, 0.0, 30.0, {}, true},
      {"threshold_without_user_and_signer", number, FIELD(detector.score.threshold_without_user_and_signer),
       "The threshold for calls that tell neither. null: as threshold.", detection, 0.0, 30.0, {}, true},
      {"learning.for", duration, FIELD(detector.model.learning_for),
       "Event time from the first call in which findings are learned and reported once, at its end; whole hours. 0: no such period.",
       detection, us(0s), us(24h * 90), {}, false, 1h},
      {"model.half_life", duration, get_half_life, set_half_life, "What a host showed counts half after so long.", detection,
       us(24h), us(24h * 3650)},
      {"model.forget_after", duration, get_forget, set_forget, "What was not seen for so long is forgotten; whole days.", detection,
       us(24h), us(24h * 3650), {}, false, 24h},
      {"model.guard_buckets", integer, FIELD(detector.model.guard_buckets),
       "Intervals that a former finding must be seen in before its host counts it as learned.", detection, whole(1), whole(1000)},
      {"model.guard_days", integer, FIELD(detector.model.guard_days), "…on as many different UTC days.", detection, whole(1),
       whole(100)},
      {"model.guard_weight", number, FIELD(detector.model.guard_weight), "What each of them counts until then.", detection, 0.0, 1.0},
      {"model.peers_min_hosts", integer, FIELD(detector.model.peers_min_hosts), "Fewer hosts alike make no peers.", detection,
       whole(2), whole(1000)},
      {"model.default_stems", texts, FIELD(detector.model.default_stems),
       "Name stems of default images, which say nothing of who is alike.", detection},
      {"model.discount", number, FIELD(detector.model.discount), "d of the Pitman–Yor process. Expert.", detection, 0.0, 0.99},
      {"model.strength", number, FIELD(detector.model.strength), "θ of the Pitman–Yor process. Expert.", detection, 0.01, 100.0},
      {"model.novelty", number, FIELD(detector.model.novelty), "Chance of any one name new to the fleet. Expert.", detection, 1e-9,
       1.0},
      {"model.folder_floor", number, FIELD(detector.model.folder_floor), "Chance of any one folder of a name. Expert.", detection,
       1e-9, 1.0},
      {"model.signer_floor", number, FIELD(detector.model.signer_floor), "Chance of any one signer of a name. Expert.", detection,
       1e-9, 1.0},
      {"model.user_floor", number, FIELD(detector.model.user_floor), "Chance of any one kind of user of a name. Expert.", detection,
       1e-9, 1.0},
  };
}

std::vector<KeySpec> what_is_told() {
  using enum KeyType;
  return {
      {"suppress_for", duration, FIELD(detector.triage.suppress_for),
       "A finding that repeats an alert younger than this becomes a new version of it.", detection, us(0s), us(24h * 90)},
      {"group_hosts_over", integer, FIELD(detector.triage.group_hosts_over),
       "So many hosts of one signature are told singly; further ones join one group alert.", detection, whole(0), whole(100'000)},
      {"group_within", duration, FIELD(detector.triage.group_within), "How long that count of hosts lasts.", detection, us(1min),
       us(24h * 90)},
      {"max_alerts_per_run", integer, FIELD(detector.triage.max_alerts_per_run),
       "New alerts of a run; what does not fit is carried over.", detection, whole(1), whole(10'000)},
      {"exceptions", exceptions, FIELD(detector.triage.exceptions),
       "What is known and harmless. Each mutes findings all of whose calls match; learning goes on.", detection},
      {"alert.severity", choice, FIELD(detector.alert.severity), "`kibana.alert.severity` of every alert. `event.severity` is a number, the risk score.", detection, {}, {},
       {"low", "medium", "high", "critical"}},
      {"alert.risk_score", integer, FIELD(detector.alert.risk_score), "Risk score in every alert.", detection, whole(0), whole(100)},
      {"alert.rule_reference", text, FIELD(detector.alert.rule_reference), "Link to the guide, or to your own runbook.", other},
      {"alert.kibana_fields", boolean, FIELD(detector.alert.kibana_fields),
       "Whether alerts carry the kibana.alert.* copy that many consumers know.", other},
  };
}

std::vector<KeySpec> where_it_runs() {
  using enum KeyType;
  constexpr std::int64_t mib = 1 << 20;
  return {
      {"sieve.threads", integer, FIELD(sieve_threads), "Threads that read raw topics. 0: one for each core.", other, whole(0),
       whole(256)},
      {"sieve.allowed_disorder", duration, FIELD(sieve.disorder), "How far out of order a partition's events may come.", detection,
       us(0s), us(24h)},
      {"sieve.process_table", size, FIELD(sieve.process_table_bytes),
       "Memory for process starts, by all threads together; the oldest go first.", other, whole(mib), whole(64 * 1024 * mib)},
      {"sieve.progress_every", duration, FIELD(progress_every), "How often each input partition's progress is written.", other,
       us(500ms), us(1min)},
      {"detector.commit_every", duration, FIELD(commit_every), "How often alerts, state and offsets are committed.", other, us(50ms),
       us(1min)},
      {"http.enabled", boolean, FIELD(http.enabled), "Whether /metrics, /healthz and /readyz are served.", other},
      {"http.listen", text, FIELD(http.listen), "Address to listen on. There is no authentication: keep it to loopback.", other},
      {"http.port", integer, FIELD(http.port), "Port to listen on. 0: any free one.", other, whole(0), whole(65'535)},
      {"log.level", choice, FIELD(log.level), "The least level that is logged.", other, {}, {}, {"debug", "info", "warning", "error"}},
      {"log.format", choice, FIELD(log.format),
       "auto: journal if standard error is the journal, else text. json: one object a line.", other, {}, {},
       {"auto", "text", "journal", "json"}},
  };
}

std::vector<KeySpec> what_kafka_needs() {
  using enum KeyType;
  const KeyValue shortest = us(1h), longest = us(24h * 3650);
  return {
      {"kafka.properties", properties, FIELD(kafka.properties),
       "Any librdkafka property, passed on as it is: brokers, TLS, SASL, buffers.", other},
      {"kafka.raw_topics", topics, FIELD(kafka.raw_topics),
       "Topics with every event: names, or regular expressions that begin with ^. `run` needs at least one.", other},
      {"kafka.prefix", label, FIELD(kafka.prefix),
       "Names the consumer groups (-raw, -detector) and transactional ids. One for each separate deployment.", other},
      {"kafka.instance_id", label, FIELD(kafka.instance_id),
       "Static group membership: a name of this process alone. Back within session.timeout.ms (12 s unless kafka.properties sets it) "
       "it causes no rebalance; after that its work goes to others. Empty: none.",
       other, {}, {}, {}, true},
      {"kafka.start_at", choice, get_start, set_start, "Where reading begins in raw topics of which nothing is committed yet.", other,
       {}, {}, {"earliest", "latest"}},
      {"kafka.shards", integer, FIELD(kafka.shards),
       "Partitions of the call log and the state. One carries a very large fleet; changing it later begins the model anew.", detection,
       whole(1), whole(256)},
      {"kafka.replication_factor", integer, FIELD(kafka.replication_factor),
       "Of topics that `imdswatch topics` creates. 0: the broker's default.", other, whole(0), whole(32)},
      {"kafka.call_log.topic", topic, FIELD(kafka.call_log.name), "Topic of the metadata calls.", other},
      {"kafka.call_log.retention", duration, FIELD(kafka.call_log.retention), "How long calls are kept.", other, shortest,
       longest, {}, false, 1h},
      {"kafka.state.topic", topic, FIELD(kafka.state.name), "Compacted topic of the model and open buckets.", other},
      {"kafka.alerts.topic", topic, FIELD(kafka.alerts.name), "Topic of the alerts; read it with isolation.level=read_committed.",
       other},
      {"kafka.alerts.partitions", integer, FIELD(kafka.alerts.partitions), "Partitions of the alert topic.", other, whole(1),
       whole(1000)},
      {"kafka.alerts.retention", duration, FIELD(kafka.alerts.retention), "How long alerts are kept.", other, shortest,
       longest, {}, false, 1h},
      {"kafka.dead_letters.topic", topic, FIELD(kafka.dead_letters.name), "Topic of what could not be read.", other},
      {"kafka.dead_letters.partitions", integer, FIELD(kafka.dead_letters.partitions), "Partitions of the dead-letter topic.", other,
       whole(1), whole(1000)},
      {"kafka.dead_letters.retention", duration, FIELD(kafka.dead_letters.retention), "How long dead letters are kept.",
       other, shortest, longest, {}, false, 1h},
      {"kafka.dead_letters.max_per_second", integer, FIELD(kafka.dead_letters_per_second),
       "Beyond it dead letters are only counted. 0: none are written.", other, whole(0), whole(100'000)},
  };
}
#undef FIELD

}  // namespace

const std::vector<KeySpec>& config_keys() {
  static const std::vector<KeySpec> keys = [] {
    std::vector<KeySpec> all;
    for (auto part : {what_kafka_needs(), what_is_watched(), how_events_are_read(), what_is_unusual(), what_is_told(), where_it_runs()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }();
  return keys;
}

const std::vector<OwnedProperty>& owned_properties() {
  constexpr std::string_view once = "exactly-once delivery rests on it";
  static const std::vector<OwnedProperty> owned{
      {"group.id", "groups are named by kafka.prefix"},
      {"group.instance.id", "use kafka.instance_id"},
      {"group.protocol", "the groups rebalance cooperatively, by the classic protocol"},
      {"group.remote.assignor", "the groups rebalance cooperatively, by the classic protocol"},
      {"partition.assignment.strategy", "the groups rebalance cooperatively"},
      {"transactional.id", "each shard has its own, named by kafka.prefix"},
      {"enable.auto.commit", once},
      {"auto.commit.enable", once},
      {"auto.commit.interval.ms", "offsets are committed once the calls before them are acknowledged"},
      {"enable.auto.offset.store", once},
      {"enable.idempotence", once},
      {"enable.gapless.guarantee", once},
      {"isolation.level", once},
      {"acks", once},
      {"request.required.acks", once},
      {"retries", once},
      {"message.send.max.retries", once},
      {"message.timeout.ms", "the call log's producer waits as long as it takes"},
      {"delivery.timeout.ms", "the call log's producer waits as long as it takes"},
      {"queuing.strategy", once},
      {"auto.offset.reset", "use kafka.start_at; a lost offset is never passed over in silence"},
      {"enable.partition.eof", "the end of a partition is part of the protocol"},
      {"topic.blacklist", "it keeps imdswatch's own topics out of an expression"},
      {"partitioner", "imdswatch places hosts on shards"},
      {"allow.auto.create.topics", "topics are made by `imdswatch topics`"},
      {"consume.callback.max.messages", "imdswatch polls in batches of its own"},
  };
  return owned;
}

}  // namespace imdswatch
