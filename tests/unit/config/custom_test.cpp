#include "imdswatch/base/limits.hpp"
#include "imdswatch/config/schema.hpp"
#include "support.hpp"

/// `custom` and `formats`: how a team's own events are described.
namespace imdswatch {
namespace {

using test::contains;
using test::errors;
using test::parsed;
using test::sources;

constexpr const char* mapping = R"(
custom:
  fields:
    "@timestamp": [/meta/at, /meta/received]
    host.name: /device/name
    process.executable: /proc/path
    destination.ip: /peer/ip
  time_format: "%d/%m/%Y %H:%M:%S"
  event: {/source: acme}
  connection: {/type: [net, 3]}
  process_start: {/type: exec}
  windows: {/device/os: windows}
  outgoing: {/peer/outgoing: true}
  connected: {/peer/state: [ok]}
)";

TEST(ConfigCustom, WhatIsWrittenHolds) {
  const CustomMapping custom = parsed(mapping).sieve.decode.custom;
  ASSERT_EQ(custom.fields.size(), 4u);
  EXPECT_EQ(custom.fields[0], (CustomMapping::Entry{"@timestamp", {"/meta/at", "/meta/received"}})) << "in the order of the file";
  EXPECT_EQ(custom.fields[1], (CustomMapping::Entry{"host.name", {"/device/name"}})) << "one pointer needs no list";
  EXPECT_EQ(custom.time_format, "%d/%m/%Y %H:%M:%S");
  EXPECT_EQ(custom.event, (CustomMapping::Entries{{"/source", {"acme"}}}));
  EXPECT_EQ(custom.connection, (CustomMapping::Entries{{"/type", {"net", "3"}}})) << "a number is compared as it is written";
  EXPECT_EQ(custom.process_start, (CustomMapping::Entries{{"/type", {"exec"}}}));
  EXPECT_EQ(custom.windows, (CustomMapping::Entries{{"/device/os", {"windows"}}}));
  EXPECT_EQ(custom.outgoing, (CustomMapping::Entries{{"/peer/outgoing", {"true"}}}));
  EXPECT_EQ(custom.connected, (CustomMapping::Entries{{"/peer/state", {"ok"}}}));
}

TEST(ConfigCustom, IsReadBackFromWhatIsShown) {
  const Config config = parsed(mapping);
  std::string yaml = "custom:\n";
  for (const KeySpec& key : config_keys()) {
    if (key.path.starts_with("custom.")) yaml += "  " + std::string(key.path.substr(7)) + ": " + show(key, key.get(config)) + "\n";
  }
  EXPECT_EQ(parsed(yaml).config_version, config.config_version) << yaml;
}

TEST(ConfigCustom, CountsForTheVersionOnlyWhereItIsUsed) {
  const std::string unused = Config{}.config_version;
  EXPECT_EQ(parsed("formats: auto\ncustom: {time_format: unix_s}\n").config_version, unused);
  const std::string used = parsed(mapping).config_version;
  EXPECT_NE(used, unused);
  std::string other = mapping;
  other.replace(other.find("/proc/path"), 10, "/proc/file");
  EXPECT_NE(parsed(other).config_version, used);
  EXPECT_NE(parsed("formats: wazuh").config_version, unused);
}

TEST(ConfigCustom, WhatComesFromOutsideTheFileIsNotShown) {
  std::string yaml = mapping;
  yaml.replace(yaml.find("acme"), 4, "'${env:SOURCE}'");
  const Config config = parsed("kafka: {raw_topics: [a]}\n" + yaml, sources({{"SOURCE", "s3cret"}}));
  EXPECT_EQ(config.sieve.decode.custom.event, (CustomMapping::Entries{{"/source", {"s3cret"}}}));
  const std::string report = check_report(config, {});
  EXPECT_FALSE(contains(report, "s3cret")) << report;
  EXPECT_TRUE(contains(report, "host.name: [/device/name]")) << report;
}

TEST(ConfigCustom, TheReportShowsFormatsAndTellsOfTopicsThatNobodyReads) {
  const std::string topics = "kafka: {raw_topics: [edr, wlb-1]}\n";
  const auto report = [&](const std::string& formats) { return check_report(parsed(topics + "formats: " + formats + mapping), {}); };
  const std::string fine = report("{edr: custom, wlb-*: winlogbeat_raw}");
  EXPECT_TRUE(contains(fine, "{edr: custom, \"wlb-*\": winlogbeat_raw}")) << fine;
  EXPECT_TRUE(contains(fine, "warnings: 0")) << fine;
  EXPECT_TRUE(contains(report("{edrs: custom}"), "formats: \"edrs\" is none of kafka.raw_topics"));
  const std::string by_expression = check_report(parsed("kafka: {raw_topics: [^e.*]}\nformats: {edrs: wazuh}"), {});
  EXPECT_TRUE(contains(by_expression, "warnings: 0")) << "an expression may find it: " << by_expression;
}

TEST(ConfigFormats, AreOneForAllOrOneForEachTopic) {
  const auto of = [](const std::string& yaml, std::string_view topic) { return fixed_format(parsed("formats: " + yaml).sieve.formats, topic); };
  EXPECT_EQ(of("auto", "any"), std::nullopt);
  EXPECT_EQ(of("{}", "any"), std::nullopt);
  EXPECT_EQ(of("wazuh", "any"), Format::wazuh);
  EXPECT_EQ(of("{siem: wazuh}", "siem"), Format::wazuh);
  EXPECT_EQ(of("{siem: wazuh}", "siem2"), std::nullopt);
  EXPECT_EQ(of("{siem-*: wazuh}", "siem-eu-1"), Format::wazuh);
  EXPECT_EQ(of("{siem-*-1: wazuh}", "siem-eu-2"), std::nullopt);
  EXPECT_EQ(of("{siem-1: auto, siem-*: wazuh, '*': ocsf}", "siem-1"), std::nullopt) << "the first that fits counts";
  EXPECT_EQ(of("{siem-1: auto, siem-*: wazuh, '*': ocsf}", "siem-2"), Format::wazuh);
  EXPECT_EQ(of("{siem-1: auto, siem-*: wazuh, '*': ocsf}", "edr"), Format::ocsf);
}

TEST(ConfigFormats, ATopicOfManyStarsIsComparedAtOnce) {
  std::string pattern;
  for (int i = 0; i < 60; ++i) pattern += "*a";
  const std::vector<TopicFormat> formats{{pattern + "*b", Format::wazuh}};
  EXPECT_EQ(fixed_format(formats, std::string(249, 'a')), std::nullopt);
  EXPECT_EQ(fixed_format(formats, std::string(248, 'a') + "b"), Format::wazuh);
}

/// A valid mapping with one line of it put another way, and what is then told.
struct Wrong {
  const char* from;
  const char* to;
  const char* place;
  std::vector<const char*> words;
};
void PrintTo(const Wrong& wrong, std::ostream* out) { *out << wrong.to; }

class WrongMappings : public testing::TestWithParam<Wrong> {};

TEST_P(WrongMappings, AreToldWithPlaceAndRemedy) {
  const Wrong& wrong = GetParam();
  std::string yaml = mapping;
  const auto at = yaml.find(wrong.from);
  ASSERT_NE(at, std::string::npos);
  yaml.replace(at, std::string_view(wrong.from).size(), wrong.to);
  const std::string message = errors(yaml);
  EXPECT_TRUE(message.starts_with("t.yaml:" + std::string(wrong.place) + ": ")) << "got: " << message;
  for (const char* word : wrong.words) EXPECT_TRUE(contains(message, word)) << "missing \"" << word << "\" in: " << message;
  EXPECT_EQ(message.find('\n'), std::string::npos) << "one error was expected: " << message;
}

INSTANTIATE_TEST_SUITE_P(
    Custom, WrongMappings,
    testing::Values(
        Wrong{"/device/name", "device.name", "5:16", {"custom.fields.host.name: \"device.name\"", "begins with /"}},
        Wrong{"/meta/received", "/meta/~x", "4:30", {"custom.fields.@timestamp[1]", "~0 (for ~) or ~1 (for /)"}},
        Wrong{"/device/name", "/device//name", "5:16", {"a name in it is empty"}},
        Wrong{"/device/name", "/devices/1/name", "5:16", {"only the first element, 0"}},
        Wrong{"/device/name", "/0/name", "5:16", {"an event of its own"}},
        Wrong{"/device/name", "[]", "5:16", {"custom.fields.host.name", "a list of 0"}},
        Wrong{"/device/name", "{a: b}", "5:16", {"here stands a map", "a JSON Pointer such as /device/name, or a list of them"}},
        Wrong{" /device/name", "", "5:5", {"here stands nothing", "a JSON Pointer"}},
        Wrong{"host.name", "host.nam", "5:5", {"unknown field \"host.nam\"", "did you mean \"host.name\"?", "user.name"}},
        Wrong{"\"@timestamp\": [/meta/at, /meta/received]", "event.id: /id", "4:5", {"@timestamp is missing"}},
        Wrong{"host.name", "host.ip", "4:5", {"host.name is missing", "host.id"}},
        Wrong{"process.executable", "process.pid", "4:5", {"process.name is missing"}},
        Wrong{"destination.ip", "destination.port", "4:5", {"destination.ip is missing"}},
        Wrong{"connection: {/type: [net, 3]}", "connection: {}", "10:15", {"custom.connection: is empty"}},
        Wrong{"\"%d/%m/%Y %H:%M:%S\"", "iso8601", "8:16", {"custom.time_format: \"iso8601\"", "unix_ms", "%Y"}},
        Wrong{"%H:%M:%S", "%H:%M", "8:16", {"does not fit", "%S"}},
        Wrong{"{/source: acme}", "{source: acme}", "9:11", {"custom.event: \"source\"", "begins with /"}},
        Wrong{"{/source: acme}", "{/source: ''}", "9:20", {"count as missing"}},
        Wrong{"{/source: acme}", "{/source: []}", "9:20", {"custom.event./source", "a list of 0"}},
        Wrong{"{/source: acme}", "{/source: a, /source: b}", "9:23", {"stands twice"}},
        Wrong{"{/source: acme}", "acme", "9:10", {"custom.event", "a map of JSON Pointers to values"}},
        Wrong{"time_format", "time_formats", "8:3", {"did you mean \"time_format\"?"}}));

INSTANTIATE_TEST_SUITE_P(
    Formats, WrongMappings,
    testing::Values(
        Wrong{"\ncustom:", "formats: wazu\ncustom:", "1:10", {"formats: \"wazu\" is not known", "did you mean \"wazuh\"?", "auto"}},
        Wrong{"\ncustom:", "formats: {siem: wazu}\ncustom:", "1:17", {"formats.siem: \"wazu\"", "did you mean \"wazuh\"?"}},
        Wrong{"\ncustom:", "formats: {si/em: wazuh}\ncustom:", "1:11", {"\"si/em\" is no topic's name"}},
        Wrong{"\ncustom:", "formats: [wazuh]\ncustom:", "1:10", {"formats: here stands a list", "a map of topics"}},
        Wrong{"\ncustom:", "formats: {siem: [wazuh]}\ncustom:", "1:17", {"formats.siem: here stands a list"}},
        Wrong{"\ncustom:", "formats: unknown\ncustom:", "1:10", {"\"unknown\" is not known"}}));

TEST(ConfigCustom, NamedWithoutAMappingIsAnErrorWhereItIsNamed) {
  EXPECT_TRUE(errors("formats: custom\n").starts_with("t.yaml:1:10: formats: custom is named, but there is no mapping; write custom.fields"));
  EXPECT_TRUE(errors("formats:\n  a: wazuh\n  edr: custom\n").starts_with("t.yaml:3:8: formats: custom is named"));
  EXPECT_TRUE(errors("custom:\n  outgoing: {/a: b}\n").starts_with("t.yaml:2:13: custom: has conditions but no fields"));
}

TEST(ConfigCustom, AsManyPointersAsCanBeReadAndNoMore) {
  const auto with_alternatives = [](std::size_t count) {
    std::string yaml = mapping, list = "[/device/name";
    for (std::size_t i = 0; i < count; ++i) list += ", /device/name" + std::to_string(i);
    return yaml.replace(yaml.find("/device/name"), 12, list + "]");
  };
  const std::size_t free = limits::max_custom_pointers - pointers_in(parsed(mapping).sieve.decode.custom);
  EXPECT_EQ(errors(with_alternatives(free)), "");
  EXPECT_TRUE(contains(errors(with_alternatives(free + 1)), "custom: holds 97 different pointers; at most 96 can be read"));
}

}  // namespace
}  // namespace imdswatch
