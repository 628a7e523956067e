#include "imdswatch/kafka/topics.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "admin.hpp"
#include "client.hpp"

namespace imdswatch::kafka {
namespace {

std::string in_ms(std::chrono::milliseconds time) { return std::to_string(time.count()); }

bool is_essential(const std::string& config) { return config == "cleanup.policy" || config == "message.timestamp.type"; }

Result<void> create_topics(rd_kafka_t* client, const std::vector<const TopicSpec*>& specs, std::chrono::milliseconds timeout,
                           const std::atomic<bool>* stopping) {
  if (specs.empty()) return {};
  std::vector<NewTopicHandle> owned;
  std::vector<rd_kafka_NewTopic_t*> raw;
  for (const auto* spec : specs) {
    std::array<char, 512> why{};
    NewTopicHandle topic{rd_kafka_NewTopic_new(spec->name.c_str(), spec->partitions, spec->replication < 1 ? -1 : spec->replication, why.data(), why.size())};
    if (!topic) return Error{Errc::config_invalid, "topic " + spec->name + ": " + why.data()};
    for (const auto& [name, value] : spec->config) static_cast<void>(rd_kafka_NewTopic_set_config(topic.get(), name.c_str(), value.c_str()));
    raw.push_back(topic.get());
    owned.push_back(std::move(topic));
  }
  auto event = admin_call(client, RD_KAFKA_ADMIN_OP_CREATETOPICS, timeout, "create topics", [&](auto* options, auto* queue) {
    char why[256];
    static_cast<void>(rd_kafka_AdminOptions_set_operation_timeout(options, static_cast<int>(timeout.count()), why, sizeof why));
    rd_kafka_CreateTopics(client, raw.data(), raw.size(), options, queue);
  }, stopping);
  if (!event) return std::move(event).error();
  std::size_t count = 0;
  const auto* const* topics = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event->get()), &count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto code = rd_kafka_topic_result_error(topics[i]);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR || code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) continue;  // another instance was quicker
    const char* text = rd_kafka_topic_result_error_string(topics[i]);
    return Error{errc_of(code), std::string{"create topic "} + rd_kafka_topic_result_name(topics[i]) + ": " +
                                    describe(code, text != nullptr ? text : rd_kafka_err2str(code))};
  }
  return {};
}

using Configs = std::map<std::string, std::map<std::string, std::string>>;

Result<Configs> topic_configs(rd_kafka_t* client, const std::vector<std::string>& names, std::chrono::milliseconds timeout,
                              const std::atomic<bool>* stopping) {
  Configs out;
  if (names.empty()) return out;
  std::vector<ConfigResourceHandle> owned;
  std::vector<rd_kafka_ConfigResource_t*> raw;
  for (const auto& name : names) raw.push_back(owned.emplace_back(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name.c_str())).get());
  auto event = admin_call(client, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, timeout, "describe topic configs",
                          [&](auto* options, auto* queue) { rd_kafka_DescribeConfigs(client, raw.data(), raw.size(), options, queue); }, stopping);
  if (!event) return std::move(event).error();
  std::size_t count = 0;
  const auto* const* resources = rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event->get()), &count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string name = rd_kafka_ConfigResource_name(resources[i]);
    if (const auto code = rd_kafka_ConfigResource_error(resources[i]); code != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return Error{errc_of(code), "describe configs of topic " + name + ": " + describe(code)};
    }
    std::size_t entries = 0;
    const auto* const* configs = rd_kafka_ConfigResource_configs(resources[i], &entries);
    for (std::size_t k = 0; k < entries; ++k) {
      const char* value = rd_kafka_ConfigEntry_value(configs[k]);
      out[name][rd_kafka_ConfigEntry_name(configs[k])] = value != nullptr ? value : "";
    }
  }
  return out;
}

void compare(const TopicSpec& spec, int partitions, const std::map<std::string, std::string>& config, TopicReport& out) {
  if (partitions != spec.partitions && (spec.partitions_fixed || partitions < 1)) {
    out.differences.push_back({spec.name,
                               "Topic " + spec.name + " has " + std::to_string(partitions) + " partitions, but the configuration says " +
                                   std::to_string(spec.partitions) +
                                   " shards: each shard is one partition, and their number cannot change with the topic kept.",
                               true});
  }
  for (const auto& [name, want] : spec.config) {
    const auto is = config.find(name);
    if (is == config.end() || is->second == want) continue;
    out.differences.push_back({spec.name,
                               "Topic " + spec.name + " has " + name + "=" + is->second + ", but should have " + want +
                                   ": set it with kafka-configs --alter --entity-type topics --entity-name " + spec.name +
                                   " --add-config " + name + "=" + want + ".",
                               is_essential(name)});
  }
}

Result<TopicReport> compare_or_make(const KafkaSettings& settings, const std::vector<TopicSpec>& specs, bool create,
                                    const Reporting& reporting, std::chrono::milliseconds timeout, const std::atomic<bool>* stopping) {
  auto client = Client::open(settings, Role::admin, reporting);
  if (!client) return std::move(client).error();
  std::vector<std::string> names;
  for (const auto& spec : specs) names.push_back(spec.name);
  auto found = describe_topics(client->get(), names, timeout, stopping);
  if (!found) return std::move(found).error();

  TopicReport report;
  std::vector<const TopicSpec*> missing;
  std::vector<std::string> existing;
  for (const auto& spec : specs) {
    if (found->contains(spec.name)) {
      existing.push_back(spec.name);
    } else if (create) {
      missing.push_back(&spec);
      report.created.push_back(spec.name);
    } else {
      report.differences.push_back({spec.name, "Topic " + spec.name + " does not exist: `imdswatch topics` makes it.", true});
    }
  }
  if (auto made = create_topics(client->get(), missing, timeout, stopping); !made) return std::move(made).error();
  auto configs = topic_configs(client->get(), existing, timeout, stopping);
  if (!configs) return std::move(configs).error();
  for (const auto& spec : specs) {
    if (const auto is = found->find(spec.name); is != found->end()) compare(spec, is->second.partitions, (*configs)[spec.name], report);
  }
  return report;
}

std::string servers_of(const Properties& properties) {
  for (const char* name : {"bootstrap.servers", "metadata.broker.list"}) {
    if (const auto found = properties.find(name); found != properties.end()) return found->second;
  }
  return "?";
}

}  // namespace

std::vector<TopicSpec> internal_topics(const KafkaSettings& settings, const TopicPlan& plan) {
  const std::string append_time = "LogAppendTime";
  return {
      {settings.topics.call_log, settings.shards, true, plan.replication,
       {{"cleanup.policy", "delete"}, {"message.timestamp.type", append_time}, {"retention.ms", in_ms(plan.call_log_retention)}}},
      // Small segments and early compaction: a restore reads little more than one row for each key.
      {settings.topics.state, settings.shards, true, plan.replication,
       {{"cleanup.policy", "compact"},
        {"message.timestamp.type", append_time},
        {"segment.ms", "600000"},
        {"segment.bytes", "16777216"},
        {"min.cleanable.dirty.ratio", "0.1"},
        {"max.compaction.lag.ms", "3600000"}}},
      {settings.topics.alerts, plan.alert_partitions, false, plan.replication,
       {{"cleanup.policy", "delete"}, {"message.timestamp.type", append_time}, {"retention.ms", in_ms(plan.alert_retention)}}},
      // As large as the largest message that is read, with its headers.
      {settings.topics.dead_letters, plan.dead_letter_partitions, false, plan.replication,
       {{"cleanup.policy", "delete"}, {"retention.ms", in_ms(plan.dead_letter_retention)}, {"max.message.bytes", "18874368"}}},
  };
}

Result<TopicReport> ensure_topics(const KafkaSettings& settings, const std::vector<TopicSpec>& specs, bool create,
                                  const Reporting& reporting, std::chrono::milliseconds timeout, const std::atomic<bool>* stopping) {
  auto report = compare_or_make(settings, specs, create, reporting, timeout, stopping);
  if (report || report.error().code != Errc::kafka_unavailable) return report;
  return Error{Errc::kafka_unavailable, "the brokers at " + servers_of(settings.properties) + " do not answer (" + report.error().message +
                                            "): are they up, is kafka.properties' bootstrap.servers right, and are its security and SASL "
                                            "settings those of their listener?"};
}

}  // namespace imdswatch::kafka
