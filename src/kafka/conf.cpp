#include "conf.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

namespace imdswatch::kafka {
namespace {

constexpr std::string_view once_only = "exactly-once delivery rests on it";

/// Property, and why it is not the user's.
struct Refusal {
  std::string_view name, why;
};
constexpr std::array<Refusal, 26> refused{{
    {"group.id", "groups are named by `kafka.prefix`"},
    {"group.instance.id", "use `kafka.instance_id`: each client needs one of its own"},
    {"group.protocol", "the groups use cooperative rebalancing of the classic protocol"},
    {"group.remote.assignor", "the groups use cooperative rebalancing of the classic protocol"},
    {"partition.assignment.strategy", "the groups use cooperative-sticky"},
    {"transactional.id", "each shard has one of its own, named by `kafka.prefix`"},
    {"enable.auto.commit", once_only},
    {"auto.commit.enable", once_only},
    {"auto.commit.interval.ms", "offsets are committed once the calls before them are acknowledged"},
    {"enable.auto.offset.store", once_only},
    {"enable.idempotence", once_only},
    {"enable.gapless.guarantee", once_only},
    {"isolation.level", once_only},
    {"acks", once_only},
    {"request.required.acks", once_only},
    {"retries", once_only},
    {"message.send.max.retries", once_only},
    {"message.timeout.ms", "the call log's producer waits as long as it takes"},
    {"delivery.timeout.ms", "the call log's producer waits as long as it takes"},
    {"queuing.strategy", once_only},
    {"auto.offset.reset", "use `kafka.start_at`: a lost offset is never passed over in silence"},
    {"enable.partition.eof", "the program needs it"},
    {"topic.blacklist", "it keeps the program's own topics out of a regular expression"},
    {"partitioner", "the program chooses partitions"},
    {"allow.auto.create.topics", "topics are made by `imdswatch topics`"},
    {"consume.callback.max.messages", "the program polls in batches of its own"},
}};

Error refusal(std::string_view name, std::string_view why) {
  return {Errc::config_invalid, "kafka.properties: " + std::string{name} + " cannot be set: " + std::string{why}};
}

/// librdkafka's own table says which properties are a producer's (P) or a consumer's (C) only.
const std::map<std::string, char, std::less<>>& scopes() {
  static const auto table = [] {
    std::map<std::string, char, std::less<>> out;
    char* text = nullptr;
    std::size_t size = 0;
    if (std::FILE* file = open_memstream(&text, &size)) {
      rd_kafka_conf_properties_show(file);
      static_cast<void>(std::fclose(file));
    }
    std::string_view rest{text, size};
    while (!rest.empty()) {
      const auto line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(rest.size(), line.size() + 1));
      const auto bar = line.find('|');
      if (bar == std::string_view::npos) continue;
      const auto name = line.substr(0, line.find(' '));
      const auto scope = line.substr(bar + 1, line.find('|', bar + 1) - bar - 1);
      const auto letter = scope.find_first_not_of(' ');
      if (letter != std::string_view::npos) out.emplace(std::string{name}, scope[letter]);
    }
    std::free(text);  // NOLINT: open_memstream's
    return out;
  }();
  return table;
}

bool is_consumer(Role role) {
  return role == Role::raw_consumer || role == Role::shard_member || role == Role::log_reader || role == Role::state_reader;
}

Result<void> set(rd_kafka_conf_t* conf, const std::string& name, const std::string& value) {
  std::array<char, 512> why{};
  if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why.data(), why.size()) == RD_KAFKA_CONF_OK) return {};
  return Error{Errc::config_invalid, "kafka.properties: " + name + ": " + why.data()};
}

std::string own_topics_pattern(const TopicNames& names) {
  std::string out = "^__.*$";
  for (const auto* name : {&names.call_log, &names.state, &names.alerts, &names.dead_letters}) {
    out += ",^";
    for (const char c : *name) out += c == '.' ? std::string{"\\."} : std::string(1, c);
    out += '$';
  }
  return out;
}

void add_group(const KafkaSettings& settings, const std::string& group, Properties& out) {
  out["group.id"] = group;
  out["partition.assignment.strategy"] = "cooperative-sticky";
  if (!settings.instance_id.empty()) out["group.instance.id"] = settings.instance_id;
}

/// What the role needs, whatever the user wrote.
Properties forced(const KafkaSettings& settings, Role role) {
  // A topic that was deleted must be missed, not come back with the brokers' default settings: librdkafka lets producers make it.
  Properties out{{"allow.auto.create.topics", "false"}};
  if (is_consumer(role)) {
    out.insert({{"enable.auto.commit", "false"}, {"enable.auto.offset.store", "false"}, {"auto.offset.reset", "error"},
                {"enable.partition.eof", "true"}});
  }
  switch (role) {
    case Role::raw_consumer:
      add_group(settings, settings.raw_group(), out);
      out["isolation.level"] = "read_committed";
      out["topic.blacklist"] = own_topics_pattern(settings.topics);
      break;
    case Role::shard_member:
      add_group(settings, settings.detector_group(), out);
      break;
    case Role::log_reader:
      out["group.id"] = settings.detector_group();  // assign() wants one; never joined
      out["isolation.level"] = "read_uncommitted";
      break;
    case Role::state_reader:
      out["group.id"] = settings.detector_group();
      out["isolation.level"] = "read_committed";
      break;
    case Role::call_log_producer:
      out.insert({{"enable.idempotence", "true"}, {"enable.gapless.guarantee", "true"}, {"message.timeout.ms", "0"}});
      break;
    case Role::dead_letter_producer:
      out.insert({{"enable.idempotence", "true"}, {"message.timeout.ms", "30000"}, {"message.max.bytes", "18874368"}});
      break;
    case Role::shard_producer:
      out.insert({{"enable.idempotence", "true"}, {"partitioner", "murmur2_random"}});
      break;
    case Role::admin: break;
  }
  return out;
}

/// What the user may change.
Properties defaults(const KafkaSettings& settings, Role role) {
  // A broker that is back is found within two seconds. librdkafka's 10 s add to each outage what they are, for nothing.
  Properties out{{"client.id", settings.prefix}, {"reconnect.backoff.max.ms", "2000"}};
  if (is_consumer(role)) {
    // A fetch queue found full is looked at again after this long. The default of a second starves a fast consumer.
    out["fetch.queue.backoff.ms"] = "10";
  }
  // A member that was killed is missed after this long; until then nobody takes its work. Static members must be back within it.
  if (role == Role::raw_consumer || role == Role::shard_member) out["session.timeout.ms"] = "12000";
  if (role == Role::raw_consumer) {
    out["topic.metadata.refresh.interval.ms"] = "60000";
    // Of each sieve thread. A quarter of librdkafka's own: it saves memory, and what was fetched is still in the cache when it is read.
    out["queued.max.messages.kbytes"] = "16384";
    // Of one answer, which is inflated as a whole: a topic of many partitions must take no more memory than one of few.
    out["fetch.max.bytes"] = "4194304";
  }
  if (role == Role::log_reader) out["queued.max.messages.kbytes"] = "16384";
  if (role == Role::call_log_producer) {
    out["queue.buffering.max.kbytes"] = "65536";
    // Calls come one by one, and a request costs producer, broker and the detector that waits for them more than a call does.
    out["linger.ms"] = "50";
  }
  return out;
}

/// A property of the user's, and one that librdkafka refuses below it: its own default takes our place.
constexpr std::array<std::pair<const char*, const char*>, 2> giving_way{{
    {"reconnect.backoff.ms", "reconnect.backoff.max.ms"},
    {"message.max.bytes", "fetch.max.bytes"},
}};

}  // namespace

const char* to_string(Role role) {
  switch (role) {
    case Role::raw_consumer: return "raw consumer";
    case Role::call_log_producer: return "call log producer";
    case Role::dead_letter_producer: return "dead letter producer";
    case Role::shard_member: return "shard member";
    case Role::log_reader: return "call log reader";
    case Role::state_reader: return "state reader";
    case Role::shard_producer: return "shard producer";
    case Role::admin: return "admin";
  }
  IMDS_CHECK(false);
}

std::vector<std::string_view> refused_properties() {
  std::vector<std::string_view> out;
  for (const Refusal& one : refused) out.push_back(one.name);
  return out;
}

Result<void> check_properties(const Properties& properties) {
  const ConfHandle conf{rd_kafka_conf_new()};
  std::string wrong;
  const auto add = [&wrong](const Error& problem) { wrong += (wrong.empty() ? "" : "\n") + problem.message; };
  for (const auto& [name, value] : properties) {
    const auto no = std::ranges::find(refused, name, &Refusal::name);
    if (no != std::end(refused)) {
      add(refusal(name, no->why));
    } else if (const auto done = set(conf.get(), name, value); !done) {
      add(done.error());
    }
  }
  if (!properties.contains("bootstrap.servers") && !properties.contains("metadata.broker.list")) {
    add({Errc::config_invalid, "kafka.properties: bootstrap.servers is missing"});
  }
  if (wrong.empty()) return {};
  return Error{Errc::config_invalid, wrong};
}

std::string library_version() { return rd_kafka_version_str(); }

Result<ConfHandle> make_conf(const KafkaSettings& settings, Role role, const Properties& extra) {
  if (auto checked = check_properties(settings.properties); !checked) return std::move(checked).error();
  ConfHandle conf{rd_kafka_conf_new()};
  Properties all = defaults(settings, role);
  const char other = is_consumer(role) ? 'P' : 'C';
  for (const auto& [name, value] : settings.properties) {
    const auto scope = scopes().find(name);
    if (scope == scopes().end() || scope->second != other) all[name] = value;  // the other kind's would only be warned about
  }
  for (const auto& [own, ours] : giving_way) {
    if (settings.properties.contains(own) && !settings.properties.contains(ours)) all.erase(ours);
  }
  for (const auto& [name, value] : forced(settings, role)) all[name] = value;
  for (const auto& [name, value] : extra) all[name] = value;
  for (const auto& [name, value] : all) {
    if (auto done = set(conf.get(), name, value); !done) return std::move(done).error();
  }
  return conf;
}

}  // namespace imdswatch::kafka
