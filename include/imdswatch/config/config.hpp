#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "imdswatch/base/result.hpp"
#include "imdswatch/detector/detector.hpp"
#include "imdswatch/sieve/sieve.hpp"

namespace imdswatch {

/// One topic that imdswatch writes. The call log's and the state's partitions are `KafkaSettings::shards`.
struct TopicSettings {
  std::string name;
  int partitions = 1;
  std::chrono::hours retention{0};         ///< the state has none: it is compacted
};

struct KafkaSettings {
  /// Passed to every librdkafka client as they are; none of those that imdswatch sets itself.
  std::map<std::string, std::string> properties{{"bootstrap.servers", "localhost:9092"}};
  std::vector<std::string> raw_topics;     ///< names, or regular expressions that begin with ^
  std::string prefix = "imdswatch";        ///< of consumer groups and transactional ids
  std::string instance_id;                 ///< static membership (group.instance.id) if not empty
  bool start_at_latest = false;            ///< where nothing is committed yet
  int shards = 1;
  int replication_factor = 0;              ///< 0: the broker's default
  TopicSettings call_log{"imdswatch.calls", 1, std::chrono::days{30}};
  TopicSettings state{"imdswatch.state", 1, std::chrono::hours{0}};
  TopicSettings alerts{"imdswatch.alerts", 1, std::chrono::days{90}};
  TopicSettings dead_letters{"imdswatch.dead-letters", 1, std::chrono::days{7}};
  int dead_letters_per_second = 10;        ///< beyond it they are only counted
};

struct Roles {
  bool sieve = true;
  bool detector = true;
};

struct HttpSettings {
  bool enabled = true;
  std::string listen = "127.0.0.1";
  std::uint16_t port = 9464;               ///< 0: any free one
};

struct LogSettings {
  std::string level = "info";              ///< debug, info, warning, error
  std::string format = "auto";             ///< auto, text, journal, json
};

/// Everything that the file can say, with the defaults that hold where it is silent.
struct Config {
  Config();
  Roles roles;
  SieveConfig sieve;
  int sieve_threads = 0;                   ///< 0: one for each core
  std::chrono::milliseconds progress_every = std::chrono::seconds{3};
  DetectorConfig detector;                 ///< alert.config_version is `config_version`
  std::chrono::milliseconds commit_every = std::chrono::seconds{1};
  KafkaSettings kafka;
  HttpSettings http;
  LogSettings log;

  /// 12 hexadecimal digits over the effective settings that can change what is found or told; the same on every machine.
  std::string config_version;
  /// Keys whose value came, in whole or part, from ${env:…} or ${file:…}, such as "kafka.properties.sasl.password": never shown.
  std::set<std::string> secrets;
};

/// Where `${env:NAME}` and `${file:PATH}` look. Empty functions stand for the process's environment and its files.
struct ConfigSources {
  std::function<std::optional<std::string>(const std::string& name)> env;
  std::function<Result<std::string>(const std::filesystem::path& path)> file;
};

/// YAML text → Config. All that is wrong is in the one Errc::config_invalid: a line for each, "name:line:column: …".
/// Relative ${file:…} paths start at `name`'s folder. No value that could be a secret is repeated in a message.
Result<Config> parse_config(std::string_view text, const std::string& name, const ConfigSources& sources = {});

/// The same from a file; Errc::input_unreadable if it can't be read.
Result<Config> load_config(const std::filesystem::path& path, const ConfigSources& sources = {});

/// What `imdswatch run` needs beyond a valid file (the raw topics): `replay` and `demo` do without.
Result<void> check_runnable(const Config& config);

/// For `check-config`: what holds, which exceptions hang on evidence, and warnings. `today` decides what has expired or soon will.
std::string check_report(const Config& config, EventTime today);

}  // namespace imdswatch
