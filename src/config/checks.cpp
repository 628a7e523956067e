#include <regex.h>

#include "reader.hpp"

namespace imdswatch::config_detail {
namespace {

using Places = std::map<std::string, Place>;

/// Where to point: at the first of `keys` that the file has.
Place at(const Places& places, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    if (const auto found = places.find(key); found != places.end()) return found->second;
  }
  return {};
}

void check_schedule(const Schedule& schedule, const Places& places, Problems& problems) {
  const Place place = at(places, {"schedule.lookback", "schedule.every"});
  if (schedule.lookback % schedule.every != schedule.every.zero() || schedule.lookback < 2 * schedule.every) {
    problems.add(place, "schedule.lookback (" + show_duration(schedule.lookback) + ") must be a whole multiple of schedule.every (" +
                            show_duration(schedule.every) + "), at least two: such as " + show_duration(3 * schedule.every));
  }
}

void check_model(const Config& config, const Places& places, Problems& problems) {
  if (config.detector.model.half_life_days > config.detector.model.forget_days) {
    problems.add(at(places, {"model.half_life", "model.forget_after"}),
                 "model.half_life is longer than model.forget_after: what is forgotten can't fade");
  }
}

/// The broker client takes ^expressions as POSIX extended ones, so do we.
bool is_posix_regex(const std::string& pattern) {
  regex_t compiled{};
  if (regcomp(&compiled, pattern.c_str(), REG_EXTENDED | REG_NOSUB) != 0) return false;
  regfree(&compiled);
  return true;
}

/// What came from outside the file is not repeated.
std::string shown(const Config& config, const std::string& key, const std::string& value) {
  return config.secrets.contains(key) ? "\"${…}\"" : in_quotes(value);
}

struct OwnTopic {
  const char* key;
  const std::string& name;
};

/// An expression never takes in imdswatch's own topics: the consumer leaves them out.
void check_raw_topic(const std::string& raw, const std::string& said, const std::vector<OwnTopic>& own, Place place,
                     Problems& problems) {
  constexpr std::size_t longest_expression = 249;
  const std::string subject = "kafka.raw_topics: " + said;
  if (raw.starts_with('^')) {
    if (raw.size() > longest_expression || raw.find('{') != std::string::npos) {  // counts can take unbounded memory
      problems.add(place, subject + ": an expression has at most 249 characters and no {");
    } else if (!is_posix_regex(raw)) {
      problems.add(place, subject + " is no regular expression (POSIX extended)");
    }
    return;
  }
  for (const OwnTopic& topic : own) {
    if (topic.name == raw) problems.add(place, subject + " is also " + topic.key + ": imdswatch would read what it writes");
  }
}

void check_topics(const Config& config, const Places& places, Problems& problems) {
  const KafkaSettings& kafka = config.kafka;
  const std::vector<OwnTopic> own{{"kafka.call_log.topic", kafka.call_log.name},
                                  {"kafka.state.topic", kafka.state.name},
                                  {"kafka.alerts.topic", kafka.alerts.name},
                                  {"kafka.dead_letters.topic", kafka.dead_letters.name}};
  for (std::size_t i = 0; i < own.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (own[i].name != own[j].name) continue;
      problems.add(at(places, {own[i].key, own[j].key}), std::string(own[i].key) + " and " + own[j].key + " are both " +
                                                             shown(config, own[i].key, own[i].name) + "; each needs a topic of its own");
    }
  }
  for (std::size_t i = 0; i < kafka.raw_topics.size(); ++i) {
    const std::string& raw = kafka.raw_topics[i];
    const std::string said = shown(config, "kafka.raw_topics[" + std::to_string(i) + "]", raw);
    check_raw_topic(raw, said, own, at(places, {"kafka.raw_topics"}), problems);
  }
  const auto servers = kafka.properties.find("bootstrap.servers");
  if (servers == kafka.properties.end() || servers->second.empty()) {
    problems.add(at(places, {"kafka.properties"}), "kafka.properties.bootstrap.servers is empty; write host:port of one broker or more");
  }
}

bool maps(const CustomMapping& custom, std::initializer_list<const char*> any_of) {
  return std::ranges::any_of(custom.fields, [&](const auto& entry) { return std::ranges::find(any_of, entry.name) != any_of.end(); });
}

bool has_conditions(const CustomMapping& custom) {
  const auto all = {&custom.event, &custom.connection, &custom.process_start, &custom.windows, &custom.outgoing, &custom.connected};
  return std::ranges::any_of(all, [](const auto* conditions) { return !conditions->empty(); });
}

void check_no_custom(const Config& config, const Places& places, Problems& problems) {
  if (has_conditions(config.sieve.decode.custom)) {
    problems.add(at(places, {"custom.event", "custom.connection", "custom.process_start", "custom.windows", "custom.outgoing", "custom.connected"}),
                 "custom: has conditions but no fields; write custom.fields");
  }
  for (const TopicFormat& entry : config.sieve.formats) {
    if (entry.format != Format::custom) continue;
    const auto place = places.find("formats." + entry.topic);
    problems.add(place == places.end() ? at(places, {"formats"}) : place->second,
                 "formats: custom is named, but there is no mapping; write custom.fields");
  }
}

/// A mapping that could make no event of use is an error now rather than a reject later.
void check_custom(const Config& config, const Places& places, Problems& problems) {
  const CustomMapping& custom = config.sieve.decode.custom;
  if (custom.empty()) return check_no_custom(config, places, problems);
  const Place place = at(places, {"custom.fields"});
  const auto need = [&](std::initializer_list<const char*> any_of, const std::string& what) {
    if (!maps(custom, any_of)) problems.add(place, "custom.fields: " + what);
  };
  need({"@timestamp"}, "@timestamp is missing; map it to the event's time");
  need({"host.name", "host.id"}, "host.name is missing; map it, or host.id, to what names the host");
  need({"process.name", "process.executable"}, "process.name is missing; map it, or process.executable");
  need({"destination.ip"}, "destination.ip is missing; map it to the address that a connection goes to");
  if (custom.connection.empty()) {
    problems.add(at(places, {"custom.connection", "custom.fields"}),
                 "custom.connection: is empty; write what tells a connection, such as {/event/type: [connect]}");
  }
  if (pointers_in(custom) > limits::max_custom_pointers) {
    problems.add(place, "custom: holds " + std::to_string(pointers_in(custom)) + " different pointers; at most " +
                            std::to_string(limits::max_custom_pointers) + " can be read");
  }
}

}  // namespace

void check_combinations(const Config& config, const Places& places, Problems& problems) {
  check_schedule(config.detector.schedule, places, problems);
  check_model(config, places, problems);
  check_topics(config, places, problems);
  check_custom(config, places, problems);
  if (!config.roles.sieve && !config.roles.detector) {
    problems.add(at(places, {"roles"}), "roles: is empty; allowed is a list of sieve or detector");
  }
  if (config.sieve.addresses.empty()) {
    problems.add(at(places, {"metadata_service.addresses"}), "metadata_service.addresses: is empty, so nothing would be watched");
  }
  if (config.http.listen != "localhost" && !parse_ip_address(config.http.listen)) {
    problems.add(at(places, {"http.listen"}), "http.listen: " + shown(config, "http.listen", config.http.listen) +
                                                  " is no IP address; allowed is such as 127.0.0.1, ::1 or 0.0.0.0");
  }
}

}  // namespace imdswatch::config_detail
