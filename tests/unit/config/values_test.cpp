#include "imdswatch/config/schema.hpp"
#include "support.hpp"

namespace imdswatch {
namespace {

using namespace std::chrono_literals;
using test::contains;
using test::errors;
using test::parsed;
using test::sources;

TEST(Config, AnEmptyFileGivesTheDefaults) {
  const Config config = parsed("");
  EXPECT_EQ(config.detector.schedule.every, 15min);
  EXPECT_EQ(config.detector.schedule.lookback, 45min);
  EXPECT_EQ(config.detector.triage.max_alerts_per_run, 100);
  EXPECT_EQ(config.detector.score.threshold, 4.5);
  EXPECT_EQ(config.detector.alert.risk_score, 21);
  ASSERT_EQ(config.sieve.addresses.size(), 1u);
  EXPECT_EQ(to_string(config.sieve.addresses[0]), "169.254.169.254");
  EXPECT_EQ(config.kafka.properties.at("bootstrap.servers"), "localhost:9092");
}

TEST(Config, WhatIsWrittenHolds) {
  const Config config = parsed(R"(
roles: [detector]
metadata_service: {addresses: [169.254.169.254, 'fd00:ec2::254'], exclude_ports: []}
host: {namespace: cloud.account.id, peer_field: labels.asg}
schedule: {mode: continuous, every: 1h30m, lookback: 3h, delay: 500ms}
threshold: 5
threshold_without_user: 4.25
learning: {for: 3d}
model: {half_life: 36h, forget_after: 10d}
suppress_for: 0
sieve: {process_table: 1GiB, threads: 4}
kafka:
  properties: {bootstrap.servers: "a:1,b:2", socket.keepalive.enable: true}
  raw_topics: [events, "^logs-.*"]
  start_at: latest
  alerts: {topic: my-alerts, retention: 48h}
)");
  EXPECT_FALSE(config.roles.sieve);
  EXPECT_EQ(config.sieve.addresses.size(), 2u);
  EXPECT_TRUE(config.sieve.exclude_ports.empty());
  EXPECT_EQ(config.sieve.decode.namespace_field, "cloud.account.id");
  EXPECT_EQ(config.detector.schedule.mode, Schedule::Mode::continuous);
  EXPECT_EQ(config.detector.schedule.every, 90min);
  EXPECT_EQ(config.detector.schedule.delay, 500ms);
  EXPECT_EQ(config.detector.score.threshold_without_user, 4.25);
  EXPECT_FALSE(config.detector.score.threshold_without_signer.has_value());
  EXPECT_EQ(config.detector.model.learning_for, 72h);
  EXPECT_EQ(config.detector.model.half_life_days, 1.5);
  EXPECT_EQ(config.detector.model.forget_days, 10);
  EXPECT_EQ(config.detector.triage.suppress_for.count(), 0);
  EXPECT_EQ(config.sieve.process_table_bytes, 1u << 30);
  EXPECT_EQ(config.kafka.properties.at("socket.keepalive.enable"), "true");
  EXPECT_TRUE(config.kafka.start_at_latest);
  EXPECT_EQ(config.kafka.alerts.name, "my-alerts");
  EXPECT_EQ(config.kafka.alerts.retention, 48h);
  EXPECT_EQ(config.detector.alert.config_version, config.config_version);
}

TEST(Config, AnExceptionHoldsValuesListsExistenceAndItsEnd) {
  const Config config = parsed(R"(
exceptions:
  - name: backup
    when:
      process.executable: 'C:\Program Files\*\agent.exe'
      destination.port: [80, 8080]
      process.parent.name: {exists: true}
    not: {user.name: admin}
    expires: 2030-12-31
    comment: why
)");
  ASSERT_EQ(config.detector.triage.exceptions.size(), 1u);
  const Exception& exception = config.detector.triage.exceptions[0];
  ASSERT_EQ(exception.when.size(), 3u);
  EXPECT_EQ(exception.when[0].patterns, std::vector<std::string>{"C:\\Program Files\\*\\agent.exe"});
  EXPECT_EQ(exception.when[1].patterns, (std::vector<std::string>{"80", "8080"}));
  EXPECT_EQ(exception.when[2].exists, true);
  ASSERT_EQ(exception.unless.size(), 1u);
  EXPECT_EQ(to_iso8601(exception.expires.value()), "2030-12-31T00:00:00.000Z");
  EXPECT_EQ(exception.comment, "why");
}

TEST(Config, ValuesComeFromTheEnvironmentAndFromFiles) {
  const auto from = sources({{"BROKER", "b:9092"}, {"DIR", "/creds"}, {"PORT", "8080"}}, {{"secret", "relative\n"}, {"/creds/pw", "pass$word\r\n"}});
  const Config config = parsed(R"(
kafka:
  properties:
    bootstrap.servers: ${env:BROKER},c:9092
    sasl.password: ${file:${env:DIR}/pw}
    sasl.username: ${file:secret}
    client.id: a$${b}
http: {port: "${env:PORT}"}
)", from);
  EXPECT_EQ(config.kafka.properties.at("bootstrap.servers"), "b:9092,c:9092");
  EXPECT_EQ(config.kafka.properties.at("sasl.password"), "pass$word");
  EXPECT_EQ(config.kafka.properties.at("sasl.username"), "relative");
  EXPECT_EQ(config.kafka.properties.at("client.id"), "a${b}");
  EXPECT_EQ(config.http.port, 8080);
  EXPECT_TRUE(config.secrets.contains("kafka.properties.sasl.password"));
  EXPECT_FALSE(config.secrets.contains("kafka.properties.client.id"));
}

TEST(Config, ARelativeFileStartsAtTheConfigurationsFolder) {
  const auto config = parse_config("kafka: {properties: {sasl.password: '${file:pw}'}}", "/etc/imdswatch/a.yaml",
                                   sources({}, {{"/etc/imdswatch/pw", "x"}}));
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->kafka.properties.at("sasl.password"), "x");
}

TEST(Config, AMissingReferenceIsAnErrorThatNamesIt) {
  EXPECT_TRUE(contains(errors("threshold: ${env:NOPE}"), "t.yaml:1:12: threshold: ${env:NOPE}: the environment variable \"NOPE\" is not set"));
  EXPECT_TRUE(contains(errors("threshold: ${file:/nope}"), "${file:/nope}: cannot be read: No such file or directory"));
  EXPECT_TRUE(contains(errors("threshold: ${vault:x}"), "allowed are ${env:NAME} and ${file:PATH}"));
  EXPECT_TRUE(contains(errors("threshold: '${env:X'"), "without its }"));
  EXPECT_TRUE(contains(errors("threshold: ${file:${file:x}}"), "may hold ${env:NAME} only"));
}

TEST(Config, ASecretIsNeverRepeatedInErrorsOrReports) {
  const auto from = sources({{"S", "hunter2"}}, {{"f", "hunter2"}});
  for (const char* yaml : {"threshold: ${env:S}", "schedule: {mode: '${env:S}'}", "roles: ['${env:S}']", "http: {listen: '${env:S}'}",
                           "kafka: {raw_topics: ['${env:S}', '${env:S}']}", "kafka: {alerts: {topic: '${env:S}'}, state: {topic: '${file:f}'}}",
                           "exceptions: [{name: '${env:S}', when: {process.name: x}, expires: '${env:S}'}]",
                           "kafka: {raw_topics: ['${env:S}'], alerts: {topic: '${env:S}'}}", "threshold: ${file:/x/${env:S}}"}) {
    const std::string message = errors(yaml, from);
    EXPECT_FALSE(message.empty()) << yaml;
    EXPECT_FALSE(contains(message, "hunter2")) << message;
  }
  EXPECT_FALSE(contains(errors("kafka: {properties: {sasl.password: *hunter2}}"), "hunter2")) << "yaml-cpp repeats an unknown alias";
  const Config config = parsed("kafka: {properties: {sasl.username: '${env:S}', sasl.password: hunter2, ssl.key.pem: hunter2}, raw_topics: ['${env:S}']}\n"
                               "exceptions: [{name: '${env:S}', when: {process.name: x}, expires: 2020-01-01}]", from);
  EXPECT_FALSE(contains(check_report(config, event_time_us(1'700'000'000'000'000)), "hunter2")) << check_report(config, EventTime{});
}

TEST(Config, TheVersionIsThatOfWhatIsDetected) {
  const std::string version = parsed("").config_version;
  EXPECT_EQ(version.size(), 12u);
  EXPECT_EQ(version, Config{}.config_version);
  EXPECT_EQ(version, parsed("schedule: {every: 900s, lookback: 2700s}").config_version) << "the same settings, written otherwise";
  EXPECT_EQ(version, parsed("log: {level: debug}\nhttp: {port: 1}\nkafka: {raw_topics: [x]}").config_version);
  EXPECT_NE(version, parsed("threshold: 4.6").config_version);
  const std::string muted = parsed("exceptions: [{name: a, when: {process.name: x}}]").config_version;
  EXPECT_NE(version, muted);
  EXPECT_NE(muted, parsed("exceptions: [{name: a, when: {process.name: y}}]").config_version);
  EXPECT_EQ(muted, parsed("exceptions: [{name: a, when: {process.name: x}, comment: b}]").config_version);
}

TEST(Config, TheReportSaysWhatHoldsAndWhatToLookAt) {
  const Config config = parsed(R"(
threshold: 5
http: {listen: 0.0.0.0}
exceptions:
  - {name: by path, when: {process.executable: 'C:\x\*'}, expires: 2026-03-20}
  - {name: by parent, when: {process.parent.name: services.exe}}
  - {name: gone, when: {process.name: old.exe}, expires: 2026-02-01}
)");
  const EventTime today{std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}.time_since_epoch())};
  const std::string report = check_report(config, today);
  EXPECT_TRUE(contains(report, "version " + config.config_version)) << report;
  EXPECT_TRUE(contains(report, "threshold                           5")) << report;
  EXPECT_TRUE(contains(report, "hangs on evidence (process.parent.name)")) << report;
  EXPECT_TRUE(contains(report, "\"by path\" expires on 2026-03-20, within 30 days")) << report;
  EXPECT_TRUE(contains(report, "\"gone\" expired on 2026-02-01")) << report;
  EXPECT_TRUE(contains(report, "http.listen is not loopback")) << report;
  EXPECT_TRUE(contains(report, "kafka.raw_topics: is empty")) << report;
  EXPECT_FALSE(contains(report, "\"by parent\" expire")) << report;
}

TEST(Config, DurationsAndSizesAreShownAsTheyAreWritten) {
  EXPECT_EQ(show_duration(45min), "45m");
  EXPECT_EQ(show_duration(90min), "1h30m");
  EXPECT_EQ(show_duration(72h), "3d");
  EXPECT_EQ(show_duration(24h), "24h");
  EXPECT_EQ(show_duration(0s), "0s");
  EXPECT_EQ(show_size(64 << 20), "64MiB");
}

}  // namespace
}  // namespace imdswatch
