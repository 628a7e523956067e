#include "imdswatch/sieve/sieve.hpp"

#include <gtest/gtest.h>

#include "events.hpp"

namespace imdswatch::test {
namespace {

std::string defend(std::string_view host, std::string_view time, std::string_view ip) {
  return std::string{R"({"@timestamp":")"} + std::string{time} +
         R"(","agent":{"id":"a1","type":"endpoint"},"data_stream":{"dataset":"endpoint.events.network"},"ecs":{"version":"8.10.0"},)"
         R"("event":{"action":"connection_attempted","category":["network"],"type":["start"],"kind":"event","module":"endpoint",)"
         R"("dataset":"endpoint.events.network","id":"e1"},"host":{"id":"h1","name":")" +
         std::string{host} +
         R"(","os":{"type":"windows"}},"process":{"name":"Curl.exe","executable":"C:\\Tools\\1.2.3\\Curl.exe","pid":42,"entity_id":"x"},)"
         R"("user":{"name":"SYSTEM","domain":"NT AUTHORITY","id":"S-1-5-18"},"network":{"direction":"egress","transport":"tcp"},)"
         R"("destination":{"ip":")" +
         std::string{ip} + R"(","port":80}})";
}

TEST(WholeSieve, MakesCallsOfAShippersMessages) {
  Sieve sieve{config()};
  const TopicPartition source{TopicId{}, Partition{1}};
  sieve.assign(source, {});
  SieveOutput out;
  std::int64_t offset = 0;
  const auto read = [&](const std::string& text) { sieve.read({source, LeaderEpoch{0}, Offset{offset++}, text}, out); };
  read(defend("web-1", "2026-03-01T12:00:00.1234567Z", "10.0.0.1"));
  read(defend("web-2", "2026-03-01T12:00:01.0000000Z", "169.254.169.254"));
  read("not JSON");
  ASSERT_EQ(out.records.size(), 1U);
  const Call& call = std::get<Call>(out.records[0]);
  EXPECT_EQ(call.host, HostId{"web-2"});
  EXPECT_EQ(call.signature, (Signature{"curl.exe", "c:\\tools\\", UserKind::system, std::nullopt}));
  EXPECT_EQ(out.rejected.size(), 1U);
  EXPECT_EQ(sieve.counters().messages, 3U);
  EXPECT_EQ(sieve.position(source).next, Offset{3});
}

TEST(WholeSieve, JoinsAConnectionThatNamesNoProcessByTheSensorsId) {
  Sieve sieve{config()};
  const TopicPartition source{TopicId{}, Partition{1}};
  sieve.assign(source, {});
  SieveOutput out;
  std::int64_t offset = 0;
  const auto read = [&](std::string_view text) { sieve.read({source, LeaderEpoch{0}, Offset{offset++}, text}, out); };
  read(R"({"event_simpleName":"ProcessRollup2","event_platform":"Win","aid":"a1","timestamp":"1772366400200","ProcessStartTime":"1772366399.602",)"
       R"("TargetProcessId":"77","RawProcessId":"5204","ImageFileName":"\\Device\\HarddiskVolume3\\Tools\\probe.exe","CommandLine":"probe -v"})");
  read(R"({"event_simpleName":"NetworkConnectIP4","event_platform":"Win","aid":"a1","timestamp":"1772366401000","ContextProcessId":"77",)"
       R"("RemoteAddressIP4":"169.254.169.254","RemotePort":"80","ConnectionDirection":"0"})");
  sieve.finish(source, out);
  ASSERT_EQ(out.records.size(), 1U);
  const Call& call = std::get<Call>(out.records[0]);
  EXPECT_EQ(call.host, HostId{"a1"});
  EXPECT_EQ(call.signature, (Signature{"<unknown process>", std::nullopt, std::nullopt, std::nullopt}));  // of the connection alone
  EXPECT_TRUE(call.evidence.joined);
  EXPECT_EQ(call.evidence.process.executable, R"(\Device\HarddiskVolume3\Tools\probe.exe)");
  EXPECT_EQ(call.evidence.process.command_line, "probe -v");
}

}  // namespace
}  // namespace imdswatch::test
