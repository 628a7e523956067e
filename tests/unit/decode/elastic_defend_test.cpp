#include <gtest/gtest.h>

#include "imdswatch/decode/decoder.hpp"
#include "support/sample_events.hpp"

namespace imdswatch {
namespace {

using testing::defend_connection;
using testing::defend_start;
using testing::with;

class Defend : public ::testing::Test {
 protected:
  const Decoded& only(std::string_view message) {
    const auto all = decoder_.decode(message);
    EXPECT_EQ(all.size(), 1u);
    return all.front();
  }
  const ConnectionEvent& connection(std::string_view message) {
    const auto* event = std::get_if<Event>(&only(message));
    if (event == nullptr || !std::holds_alternative<ConnectionEvent>(event->what)) {
      ADD_FAILURE() << message;
      static const ConnectionEvent none{};
      return none;
    }
    return std::get<ConnectionEvent>(event->what);
  }
  std::string_view ignored_as(std::string_view message) {
    const auto* ignored = std::get_if<Ignored>(&only(message));
    return ignored != nullptr ? to_string(ignored->reason) : "not ignored";
  }
  std::string_view rejected_as(std::string_view message) {
    const auto* rejected = std::get_if<Rejected>(&only(message));
    return rejected != nullptr ? to_string(rejected->reason) : "not rejected";
  }
  bool is_start(std::string_view message) {
    const auto* event = std::get_if<Event>(&only(message));
    return event != nullptr && std::holds_alternative<ProcessStartEvent>(event->what);
  }

 private:
  Decoder decoder_;
};

TEST_F(Defend, AnAttemptedConnectionIsAConnection) {
  const auto& told = connection(defend_connection);
  EXPECT_EQ(told.process.executable, "C:\\Program Files\\Acme\\updater.exe");
  EXPECT_EQ(told.destination, parse_ip_address("169.254.169.254"));
  EXPECT_EQ(told.port, 80);
}

TEST_F(Defend, FromVersion818ActionsComeAsLists) {
  const auto action = [](std::string_view list) { return with(defend_connection, "\"connection_attempted\"", list); };
  connection(action(R"(["connection_attempted","disconnect_received"])"));
  connection(action(R"(["disconnect_received","connection_attempted"])"));
  EXPECT_EQ(ignored_as(action(R"(["disconnect_received"])")), "other_event");
  EXPECT_EQ(ignored_as(action(R"("disconnect_received")")), "other_event");
}

TEST_F(Defend, OtherNetworkEventsAreNoConnections) {
  for (const auto* action : {"lookup_requested", "lookup_result", "http_request", "disconnected"})
    EXPECT_EQ(ignored_as(with(defend_connection, "connection_attempted", action)), "other_event") << action;
}

TEST_F(Defend, DirectionDecidesWhatIsIncoming) {
  for (const auto* direction : {"ingress", "Inbound", "incoming"})
    EXPECT_EQ(ignored_as(with(defend_connection, "egress", direction)), "incoming") << direction;
  connection(with(defend_connection, "egress", "outbound"));
}

TEST_F(Defend, WithoutADirectionAcceptingIsIncoming) {
  const auto bare = with(defend_connection, "\"direction\": \"egress\", ", "");
  connection(bare);
  EXPECT_EQ(ignored_as(with(bare, "connection_attempted", "connection_accepted")), "incoming");
}

TEST_F(Defend, AFailedConnectionIsNoCall) {
  EXPECT_EQ(ignored_as(with(defend_connection, "\"outcome\": \"unknown\"", "\"outcome\": \"failure\"")), "not_connected");
}

TEST_F(Defend, OtherSystemsAreIgnored) {
  const auto os = [](std::string_view value) { return with(defend_connection, R"("os": {"type": "windows"})", value); };
  EXPECT_EQ(ignored_as(os(R"("os": {"type": "linux"})")), "not_windows");
  EXPECT_EQ(ignored_as(os(R"("os": {"family": "debian", "name": "Windows-like"})")), "not_windows");
  connection(os(R"("os": {"name": "Windows Server 2022"})"));
  connection(os(R"("os": {"platform": "Windows"})"));
  connection(os(R"("os": {"name": "Microsoft Windows Server 2019"})"));
  EXPECT_EQ(ignored_as(os(R"("os": {"name": "Darwin"})")), "not_windows");
}

TEST_F(Defend, WithoutASystemThePathOfTheProcessDecides) {
  const auto bare = with(defend_connection, R"(, "os": {"type": "windows"})", "");
  connection(bare);
  EXPECT_EQ(ignored_as(with(bare, R"(C:\\Program Files\\Acme\\updater.exe)", "/usr/bin/curl")), "not_windows");
}

TEST_F(Defend, AStartIsAStartInEveryVersionsWords) {
  EXPECT_TRUE(is_start(defend_start));
  EXPECT_TRUE(is_start(with(defend_start, R"("action": "start")", R"("action": ["start", "end"])")));
  EXPECT_TRUE(is_start(with(defend_start, R"("type": ["start"], "action": "start")", R"("type": ["info"], "action": "already_running")")));
  EXPECT_TRUE(is_start(with(defend_start, R"("action": "start")", R"("action": "creation")")));
  EXPECT_EQ(ignored_as(with(defend_start, R"("type": ["start"], "action": "start")", R"("type": ["end"], "action": "end")")), "other_event");
}

TEST_F(Defend, ItsOwnAlertsAreNoEvents) {
  EXPECT_EQ(ignored_as(with(defend_start, R"("kind": "event")", R"("kind": "alert")")), "other_event");
}

TEST_F(Defend, TheSignatureIsTakenFromOneOfItsPlacesAsAWhole) {
  const std::string_view plain = R"("code_signature": {"exists": true, "trusted": true, "status": "trusted", "subject_name": "Acme Ltd"})";
  EXPECT_EQ(connection(with(defend_connection, plain, R"("x": 1)")).process.signature.subject, "Acme Ltd");
  const auto& mixed = connection(with(defend_connection, plain, R"("code_signature": {"exists": false})"));
  EXPECT_EQ(mixed.process.signature.exists, false);
  EXPECT_TRUE(mixed.process.signature.subject.empty());
}

TEST_F(Defend, AnExpiredSignatureIsNotValid) {
  const std::string_view plain = R"("code_signature": {"exists": true, "trusted": true, "status": "trusted")";
  const auto& told = connection(with(defend_connection, plain, R"("code_signature": {"exists": true, "trusted": false, "status": "errorExpired")"));
  EXPECT_EQ(told.process.signature.exists, true);
  EXPECT_EQ(told.process.signature.trusted, false);
  EXPECT_EQ(told.process.signature.valid, false);
}

TEST_F(Defend, AnUnsignedProcessIsToldFromOneWithoutASignatureField) {
  const std::string_view plain = R"("code_signature": {"exists": true, "trusted": true, "status": "trusted", "subject_name": "Acme Ltd"})";
  const auto bare = with(with(defend_connection, plain, R"("x": 1)"), R"("code_signature": [{"exists": true, "trusted": true, "status": "trusted", "subject_name": "Acme Ltd"}])", R"("y": 1)");
  EXPECT_FALSE(connection(bare).process.signature.known());
  EXPECT_EQ(connection(with(bare, R"("x": 1)", R"("code_signature": {"exists": false})")).process.signature.exists, false);
}

TEST_F(Defend, WhatItNeedsAndLacksIsRejected) {
  EXPECT_EQ(rejected_as(with(defend_connection, R"("@timestamp": "2026-03-01T12:00:00.1234567Z",)", "")), "no_time");
  EXPECT_EQ(rejected_as(with(defend_connection, "2026-03-01T12:00:00.1234567Z", "tomorrow")), "bad_time");
  EXPECT_EQ(rejected_as(with(defend_connection, R"("id": "host-id-1", "name": "WEB-01", )", "")), "no_host");
  EXPECT_EQ(rejected_as(with(defend_connection, R"("name": "updater.exe", "executable": "C:\\Program Files\\Acme\\updater.exe", )", "")), "no_process");
  EXPECT_EQ(rejected_as(with(defend_connection, R"("ip": "169.254.169.254", "address": "169.254.169.254")", R"("ip": "?", "address": "metadata")")), "bad_address");
  EXPECT_EQ(rejected_as(with(defend_connection, R"("ip": "169.254.169.254", "address": "169.254.169.254", )", "")), "bad_address");
}

TEST_F(Defend, AnEventOfNoInterestIsIgnoredEvenWithoutATime) {
  const auto registry = with(defend_start, R"("category": ["process"])", R"("category": ["registry"])");
  EXPECT_EQ(ignored_as(with(registry, R"("@timestamp": "2026-03-01T11:59:58.5Z",)", "")), "other_event");
}

TEST_F(Defend, TheTimeOfCreationStandsInForAMissingTimestamp) {
  const auto message = with(defend_connection, R"("@timestamp": "2026-03-01T12:00:00.1234567Z",)", "");
  const auto& event = std::get<Event>(only(with(message, R"("id": "N0001")", R"("created": "2026-03-01T12:00:05Z")")));
  EXPECT_EQ(to_iso8601(event.time), "2026-03-01T12:00:05.000Z");
}

TEST_F(Defend, AHostsIdIsEnough) {
  const auto& event = std::get<Event>(only(with(defend_connection, R"("name": "WEB-01", )", "")));
  EXPECT_EQ(event.host.id, "host-id-1");
  EXPECT_TRUE(event.host.name.empty());
}

TEST_F(Defend, TheDestinationsAddressStandsInForItsIp) {
  EXPECT_EQ(connection(with(defend_connection, R"("ip": "169.254.169.254", )", "")).destination, parse_ip_address("169.254.169.254"));
}

TEST_F(Defend, ARejectionSaysWhereAndWhat) {
  const auto& rejected = std::get<Rejected>(only(with(defend_connection, "2026-03-01T12:00:00.1234567Z", "tomorrow")));
  EXPECT_EQ(rejected.detail, "@timestamp: \"tomorrow\" is no time between 1980 and 2200");
}

}  // namespace
}  // namespace imdswatch
