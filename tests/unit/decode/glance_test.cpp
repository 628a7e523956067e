#include <gtest/gtest.h>

#include "support/glances.hpp"

namespace imdswatch {
namespace {

const IpAddress metadata_service = *parse_ip_address("169.254.169.254");

/// After reading `learned`: what is told of `message` is what reading it in full tells.
void expect_same_after(std::string_view learned, std::string_view message) {
  Decoder quick(DecodeConfig{.wanted_addresses = {metadata_service}});
  Decoder plain;
  static_cast<void>(testing::take(quick, learned));
  ASSERT_TRUE(quick.glance(learned)) << "not learned";
  const auto taken = testing::take(quick, message);
  EXPECT_EQ(testing::difference(taken, plain.decode(message), metadata_service), "") << message;
}

TEST(Glance, TellsWhichOfTwoEqualObjectsStandsWhere) {
  const std::string head = R"({"dataSource":{"name":"SentinelOne"},"event":{"time":1772366400000,"type":"Process Creation"},"agent":{"uuid":"a"},"endpoint":{"name":"w","os":"windows"},)";
  const std::string one = R"({"process":{"name":"a.exe","uid":"1","pid":1,"cmdline":"a"}})";
  const std::string other = R"({"process":{"name":"b.exe","uid":"2","pid":2,"cmdline":"b"}})";
  expect_same_after(head + R"("src":)" + one + R"(,"tgt":)" + other + "}", head + R"("tgt":)" + one + R"(,"src":)" + other + "}");
}

constexpr std::string_view start =
    R"({"@timestamp":"2026-03-01T12:00:00Z","winlog":{"channel":"Microsoft-Windows-Sysmon/Operational","provider_name":"Microsoft-Windows-Sysmon",)"
    R"("event_id":1,"computer_name":"w","event_data":{"ProcessId":"5","Image":"C:\\a.exe","CommandLine":"a"}}})";

std::string with_image(std::string_view image) { return std::string(start).replace(start.find(R"(C:\\a.exe)"), 9, image); }

TEST(Glance, TakesNoFolderForAProgram) {
  for (const auto image : {R"(C:\\a\\)", R"(C:/a/)", R"(C:\/a\/)", R"(C:\\a\u005c)", R"(\u002d)"}) expect_same_after(start, with_image(image));
}

TEST(Glance, TellsAnotherSystemsPathHoweverItsSlashIsWritten) {
  const std::string head = R"({"category":"AdvancedHunting-DeviceProcessEvents","properties":{"ActionType":"ProcessCreated","Timestamp":"2026-03-01T12:00:00Z","DeviceId":"d",)"
                           R"("DeviceName":"w","FileName":"a","ProcessId":5,"FolderPath":")";
  for (const auto path : {R"(/usr/a)", R"(\/usr/a)", R"(\u002fusr/a)", R"(\u002Fusr/a)"}) expect_same_after(head + R"(C:\\a"}})", head + path + "\"}}");
}

TEST(Glance, CountsTheEventsOfAnEnvelope) {
  const std::string event = R"({"time":"2026-03-01T12:00:00Z","category":"Other","n":1})";
  const std::string one = R"({"records":[)" + event + "]}";
  for (const auto& message : {R"({"records":[)" + event + ",{}]}", R"({"records":[{},)" + event + "]}", R"({"records":[)" + event + ",5]}", R"({"records":[5,)" + event + "]}"})
    expect_same_after(one, message);
}

TEST(Glance, KnowsAKeyThatIsWrittenWithEscapes) {
  std::string escaped(start);
  escaped.replace(escaped.find("computer_name"), 13, R"(\u0063omputer_name)");
  escaped.replace(escaped.find("Image"), 5, R"(Im\u0061ge)");
  Decoder quick(DecodeConfig{.wanted_addresses = {metadata_service}});
  Decoder plain;
  for (int round = 0; round < 3; ++round)
    EXPECT_EQ(testing::difference(testing::take(quick, escaped), plain.decode(escaped), metadata_service), "");
  std::string solidus(start);
  solidus.replace(solidus.find("event_data"), 10, R"(event\u005fdata)");  // no character of an address
  expect_same_after(solidus, solidus);
}

}  // namespace
}  // namespace imdswatch
