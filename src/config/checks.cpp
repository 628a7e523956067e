#include <regex.h>

#include <memory>

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

/// The broker client takes ^patterns as POSIX extended expressions, so do we.
class Regex {
 public:
  explicit Regex(const std::string& pattern) : ok_(regcomp(&compiled_, pattern.c_str(), REG_EXTENDED | REG_NOSUB) == 0) {}
  ~Regex() {
    if (ok_) regfree(&compiled_);
  }
  Regex(const Regex&) = delete;
  Regex& operator=(const Regex&) = delete;
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool matches(const std::string& text) const { return regexec(&compiled_, text.c_str(), 0, nullptr, 0) == 0; }

 private:
  regex_t compiled_{};
  bool ok_;
};

/// What came from outside the file is not repeated.
std::string shown(const Config& config, const std::string& key, const std::string& value) {
  return config.secrets.contains(key) ? "\"${…}\"" : in_quotes(value);
}

struct OwnTopic {
  const char* key;
  const std::string& name;
};

void check_raw_topic(const std::string& raw, const std::string& said, const std::vector<OwnTopic>& own, Place place,
                     Problems& problems) {
  constexpr std::size_t max_pattern = 249;
  std::string hit;
  if (!raw.starts_with('^')) {
    for (const OwnTopic& topic : own) {
      if (topic.name == raw) hit = topic.key;
    }
  } else if (raw.size() > max_pattern || raw.find_first_of("{\\") != std::string::npos) {
    problems.add(place, "kafka.raw_topics: " + said + ": an expression has at most 249 characters, without { and \\; write [.] for a dot");
    return;
  } else {
    const Regex regex(raw);
    if (!regex.ok()) {
      problems.add(place, "kafka.raw_topics: " + said + " is no regular expression (POSIX extended)");
      return;
    }
    for (const OwnTopic& topic : own) {
      if (regex.matches(topic.name)) hit = topic.key;
    }
  }
  if (!hit.empty()) {
    problems.add(place, "kafka.raw_topics: " + said + " is also " + hit + ": imdswatch would read what it writes");
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
  if (kafka.sieve_group == kafka.detector_group) {
    problems.add(at(places, {"kafka.detector_group", "kafka.sieve_group"}),
                 "kafka.sieve_group and kafka.detector_group are the same; the two stages need groups of their own");
  }
  const auto servers = kafka.properties.find("bootstrap.servers");
  if (servers == kafka.properties.end() || servers->second.empty()) {
    problems.add(at(places, {"kafka.properties"}), "kafka.properties.bootstrap.servers is empty; write host:port of one broker or more");
  }
}

}  // namespace

void check_combinations(const Config& config, const Places& places, Problems& problems) {
  check_schedule(config.detector.schedule, places, problems);
  check_model(config, places, problems);
  check_topics(config, places, problems);
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
