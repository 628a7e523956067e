#include <algorithm>

#include "support.hpp"

namespace imdswatch {
namespace {

using test::contains;
using test::errors;

/// What a file must be told: where, and words of it.
struct Wrong {
  const char* yaml;
  const char* place;
  std::vector<const char*> words;
};

void PrintTo(const Wrong& wrong, std::ostream* out) { *out << wrong.yaml; }

class WrongFiles : public testing::TestWithParam<Wrong> {};

TEST_P(WrongFiles, AreToldWithPlaceAndRemedy) {
  const Wrong& wrong = GetParam();
  const std::string message = errors(wrong.yaml);
  EXPECT_TRUE(message.starts_with("t.yaml:" + std::string(wrong.place) + ": ")) << "got: " << message;
  for (const char* word : wrong.words) EXPECT_TRUE(contains(message, word)) << "missing \"" << word << "\" in: " << message;
  EXPECT_EQ(message.find('\n'), std::string::npos) << "one error was expected: " << message;
}

INSTANTIATE_TEST_SUITE_P(
    Keys, WrongFiles,
    testing::Values(
        Wrong{"schedul:\n  every: 15m\n", "1:1", {"unknown key \"schedul\"", "did you mean \"schedule\"?"}},
        Wrong{"schedule:\n  evry: 15m\n", "2:3", {"schedule: unknown key \"evry\"", "did you mean \"every\"?", "lookback"}},
        Wrong{"lookback: 45m\n", "1:1", {"unknown key \"lookback\"", "belongs below \"schedule\""}},
        Wrong{"schedule.every: 15m\n", "1:1", {"unknown key", "\"every\" indented below \"schedule\""}},
        Wrong{"threshold: 4\n\nthreshold: 5\n", "3:1", {"\"threshold\" stands twice", "first in line 1"}},
        Wrong{"kafka:\n  properties:\n    client.id: a\n    client.id: b\n", "4:5", {"stands twice", "first in line 3"}},
        Wrong{"? [a, b]\n: 1\n", "1:3", {"a key must be a plain word"}},
        Wrong{"- a\n", "1:1", {"the file must be a map"}},
        Wrong{"schedule: 15m\n", "1:11", {"schedule must be a map of keys", "every"}},
        Wrong{"threshold: 4\n---\nthreshold: 5\n", "2:1", {"second YAML document"}},
        Wrong{"threshold: 4\n]\n", "2:1", {"not valid YAML"}},
        Wrong{"threshold: [4\n", "2:1", {"not valid YAML"}}));

INSTANTIATE_TEST_SUITE_P(
    Values, WrongFiles,
    testing::Values(
        Wrong{"schedule:\n  every: fast\n", "2:10", {"schedule.every: \"fast\"", "15m, 24h or 3d", "from 1m to 24h"}},
        Wrong{"schedule:\n  every: 15\n", "2:10", {"a duration such as"}},
        Wrong{"schedule:\n  every: 1s\n", "2:10", {"out of range", "from 1m to 24h"}},
        Wrong{"schedule:\n  every: [15m]\n", "2:10", {"here stands a list"}},
        Wrong{"schedule:\n  every:\n", "2:3", {"schedule.every", "nothing"}},
        Wrong{"schedule:\n  mode: intervall\n", "2:9", {"is not known", "did you mean \"interval\"?", "interval or continuous"}},
        Wrong{"learning:\n  for: 90m\n", "2:8", {"out of range", "whole hours"}},
        Wrong{"threshold: high\n", "1:12", {"threshold: \"high\"", "a number from 0 to 30"}},
        Wrong{"threshold: .inf\n", "1:12", {"a number"}},
        Wrong{"threshold: 31\n", "1:12", {"out of range"}},
        Wrong{"kafka: {shards: 0}\n", "1:17", {"kafka.shards", "from 1 to 256"}},
        Wrong{"kafka: {shards: 1.5}\n", "1:17", {"a whole number"}},
        Wrong{"http:\n  enabled: yes\n", "2:12", {"true or false"}},
        Wrong{"http:\n  port: 70000\n", "2:9", {"from 0 to 65535"}},
        Wrong{"http:\n  listen: everywhere\n", "2:11", {"is no IP address"}},
        Wrong{"sieve:\n  process_table: 64MB\n", "2:18", {"64MiB or 1GiB"}},
        Wrong{"metadata_service:\n  addresses: [169.254.169]\n", "2:15", {"addresses[0]", "a list of IP addresses"}},
        Wrong{"metadata_service:\n  addresses: [169.254.169.254, '::ffff:169.254.169.254']\n", "2:32", {"stands in the list twice"}},
        Wrong{"metadata_service:\n  addresses: []\n", "2:14", {"is empty"}},
        Wrong{"metadata_service:\n  exclude_ports: [53, 0]\n", "2:23", {"exclude_ports[1]", "1 to 65535"}},
        Wrong{"metadata_service:\n  exclude_ports: 53\n", "2:18", {"here stands a single value", "a list of ports"}},
        Wrong{"host:\n  namespace: cloud account\n", "2:14", {"dotted path such as cloud.account.id"}},
        Wrong{"roles: [sieve, detecter]\n", "1:16", {"did you mean \"detector\"?"}},
        Wrong{"roles: []\n", "1:8", {"roles: is empty"}}));

INSTANTIATE_TEST_SUITE_P(
    Combinations, WrongFiles,
    testing::Values(
        Wrong{"schedule:\n  lookback: 40m\n", "2:13", {"whole multiple of schedule.every (15m)", "such as 45m"}},
        Wrong{"schedule:\n  every: 45m\n", "2:10", {"at least two"}},
        Wrong{"model:\n  half_life: 500d\n", "2:14", {"longer than model.forget_after"}},
        Wrong{"kafka:\n  raw_topics: [events, imdswatch.alerts]\n", "2:15", {"is also kafka.alerts.topic"}},
        Wrong{"kafka:\n  raw_topics: ['^events-(']\n", "2:15", {"no regular expression"}},
        Wrong{"kafka:\n  raw_topics: [a/b]\n", "2:16", {"topic names or regular expressions"}},
        Wrong{"kafka:\n  state: {topic: imdswatch.calls}\n", "2:18", {"kafka.state.topic and kafka.call_log.topic are both"}},
        Wrong{"kafka:\n  properties:\n    group.id: x\n", "3:5", {"set by imdswatch itself", "kafka.prefix"}},
        Wrong{"kafka:\n  properties:\n    Bootstrap: x\n", "3:5", {"no property of librdkafka"}},
        Wrong{"kafka:\n  properties:\n    client.id: [a]\n", "3:16", {"here stands a list"}},
        Wrong{"kafka:\n  properties:\n    bootstrap.servers: ''\n", "3:5", {"bootstrap.servers is empty"}}));

INSTANTIATE_TEST_SUITE_P(
    Exceptions, WrongFiles,
    testing::Values(
        Wrong{"exceptions:\n  - when: {process.name: a.exe}\n", "2:5", {"exceptions[0]: has no name"}},
        Wrong{"exceptions:\n  - name: a\n", "2:5", {"has no when"}},
        Wrong{"exceptions:\n  - name: a\n    when: {}\n", "3:11", {"would mute everything"}},
        Wrong{"exceptions:\n  - name: ''\n    when: {process.name: a}\n", "2:11", {"1 to 128 bytes"}},
        Wrong{"exceptions:\n  - name: a\n    when: {process.nam: a}\n", "3:12", {"unknown field \"process.nam\"", "did you mean \"process.name\"?"}},
        Wrong{"exceptions:\n  - name: a\n    wen: {process.name: a}\n    when: {process.name: a}\n", "3:5", {"did you mean \"when\"?"}},
        Wrong{"exceptions:\n  - {name: a, when: {process.name: x}}\n  - {name: a, when: {process.name: y}}\n", "3:5", {"name is taken by the one in line 2"}},
        Wrong{"exceptions:\n  - {name: a, when: {process.name: '*'}}\n", "2:36", {"{exists: true}"}},
        Wrong{"exceptions:\n  - {name: a, when: {process.name: ''}}\n", "2:36", {"{exists: false}"}},
        Wrong{"exceptions:\n  - {name: a, when: {process.name: []}}\n", "2:36", {"an empty list"}},
        Wrong{"exceptions:\n  - {name: a, when: {process.executable: \"C:\\tools\\x\"}}\n", "2:55", {"not valid YAML"}},
        Wrong{"exceptions:\n  - {name: a, when: {process.executable: \"C:\\tmp\"}}\n", "2:42", {"single quotes for Windows paths"}},
        Wrong{"exceptions:\n  - {name: a, when: {process.name: {exist: true}}}\n", "2:37", {"{exists: true} or {exists: false}"}},
        Wrong{"exceptions:\n  - {name: a, when: {process.name: x}, expires: 2027-02-30}\n", "2:49", {"is no date", "2027-01-31"}},
        Wrong{"exceptions:\n  name: a\n", "2:3", {"must be a list"}}));

TEST(Config, TellsEveryErrorAtOnceInTheFilesOrder) {
  const std::string message = errors("threshold: x\nschedule:\n  evry: 1m\n  lookback: 20m\nkafka: {shards: -1}\n");
  EXPECT_EQ(std::ranges::count(message, '\n'), 3) << message;
  const auto first = message.find("t.yaml:1:12"), second = message.find("t.yaml:3:3");
  EXPECT_LT(first, second);
  EXPECT_LT(second, message.find("t.yaml:4:13"));
  EXPECT_LT(message.find("t.yaml:4:13"), message.find("t.yaml:5:17"));
}

TEST(Config, AFileThatIsNotThereIsNamedWithTheReason) {
  const auto config = load_config("/does/not/exist.yaml");
  ASSERT_FALSE(config.ok());
  EXPECT_EQ(config.error().code, Errc::input_unreadable);
  EXPECT_TRUE(contains(config.error().message, "/does/not/exist.yaml: cannot be read: No such file"));
}

TEST(Config, RunNeedsRawTopicsAndReplayDoesNot) {
  EXPECT_FALSE(check_runnable(test::parsed("")).ok());
  EXPECT_TRUE(check_runnable(test::parsed("roles: [detector]")).ok());
  EXPECT_TRUE(check_runnable(test::parsed("kafka: {raw_topics: [events]}")).ok());
}

}  // namespace
}  // namespace imdswatch
