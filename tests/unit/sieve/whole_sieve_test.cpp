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

/// A start of known host and program is kept unread. That its parent's path has an escape that JSON does not know shows when a call asks for it.
TEST(WholeSieve, GoesOnOverACallOfAStartThatWasDamagedWhereNobodyHadReadIt) {
  Sieve sieve{config()};
  const TopicPartition source{TopicId{}, Partition{1}};
  sieve.assign(source, {});
  SieveOutput out;
  std::int64_t offset = 0;
  const auto read = [&](const std::string& text) { sieve.read({source, LeaderEpoch{0}, Offset{offset++}, text}, out); };
  const auto start = [&](int pid, std::string_view parent) {
    read(R"({"category":"AdvancedHunting-DeviceProcessEvents","properties":{"Timestamp":"2026-03-01T12:00:00Z","ActionType":"ProcessCreated","DeviceName":"app",)"
         R"("DeviceId":"d1","FileName":"a.exe","FolderPath":"/usr/a.exe","ProcessId":)" + std::to_string(pid) +
         R"(,"ProcessCreationTime":"2026-03-01T11:59:59Z","InitiatingProcessFileName":"b.exe","InitiatingProcessFolderPath":")" + std::string(parent) + "\"}}");
  };
  for (int pid = 10; pid < 16; ++pid) start(pid, R"(C:\\b.exe)");
  start(77, R"(C:\qb.exe)");
  for (const int pid : {15, 77}) {
    read(R"({"properties":{"Timestamp":"2026-03-01T12:00:01Z","ActionType":"ConnectionSuccess","DeviceName":"app","DeviceId":"d1","RemoteIP":"169.254.169.254","RemotePort":80,)"
         R"("InitiatingProcessFileName":"a.exe","InitiatingProcessFolderPath":"C:\\x\\a.exe","InitiatingProcessId":)" + std::to_string(pid) + "}}");
  }
  sieve.finish(source, out);
  EXPECT_EQ(out.records.size(), 2U);
}

std::string security(int id, std::string_view data) {
  return R"({"@timestamp":"2026-03-01T12:00:0)" + std::string(id == 4688 ? "0" : "2") +
         R"(.5Z","winlog":{"channel":"Security","provider_name":"Microsoft-Windows-Security-Auditing","computer_name":"APP-02","record_id":7,)"
         R"("event_id":)" +
         std::to_string(id) + R"(,"event_data":{)" + std::string(data) + "}}}";
}

/// 4688 writes a drive path and a hexadecimal pid, 5156 of the same process a device path in lower case and a decimal one.
TEST(WholeSieve, JoinsADevicePathWithADrivePath) {
  const std::string begun = security(
      4688, R"("NewProcessName":"C:\\Tools\\Probe.exe","NewProcessId":"0x1454","ProcessId":"0x7da","CommandLine":"probe -v","ParentProcessName":"C:\\Windows\\explorer.exe")");
  const auto call_by = [&](std::string_view application, std::string_view pid) {
    Sieve sieve{config()};
    const TopicPartition source{TopicId{}, Partition{1}};
    sieve.assign(source, {});
    SieveOutput out;
    const std::string call = security(5156, R"("Application":")" + std::string(application) + R"(","ProcessID":")" + std::string(pid) +
                                                R"(","Direction":"%%14593","DestAddress":"169.254.169.254","DestPort":"80")");
    sieve.read({source, LeaderEpoch{0}, Offset{0}, begun}, out);
    sieve.read({source, LeaderEpoch{0}, Offset{1}, call}, out);
    sieve.finish(source, out);
    EXPECT_EQ(out.records.size(), 1U);
    return out.records.empty() ? Call{} : std::get<Call>(out.records[0]);
  };
  const Call same = call_by(R"(\\device\\harddiskvolume3\\tools\\probe.exe)", "5204");
  EXPECT_EQ(same.signature, (Signature{"probe.exe", "c:\\tools\\", std::nullopt, std::nullopt}));
  EXPECT_TRUE(same.evidence.joined);
  EXPECT_EQ(same.evidence.process.command_line, "probe -v");
  EXPECT_EQ(same.evidence.parent.name, "explorer.exe");
  EXPECT_FALSE(call_by(R"(\\device\\harddiskvolume3\\tools\\other.exe)", "5204").evidence.joined) << "the pid was taken by another program";
  EXPECT_FALSE(call_by(R"(\\device\\harddiskvolume3\\tools\\probe.exe)", "5205").evidence.joined) << "another process of the same program";
}

/// Sysmon's start of a process, or a connection of it; told of many hosts, programs and processes in turn.
std::string sysmon(bool begins, int number, std::string_view time) {
  const std::string host = "app-" + std::to_string(number % 5), program = "tool-" + std::to_string(number % 3);
  const std::string pid = std::to_string(100 + number % 7);
  return R"({"@timestamp":"2026-03-01T12:0)" + std::string(time) + R"(Z","agent":{"id":"a"},"host":{"name":")" + (number % 11 == 0 ? "collector" : host) +
         R"(","id":"id-)" + host + R"("},"winlog":{"channel":"Microsoft-Windows-Sysmon/Operational","provider_name":"Microsoft-Windows-Sysmon","event_id":)" +
         (begins ? "1" : "3") + R"(,"computer_name":")" + host + R"(","event_data":{"ProcessGuid":"{guid-)" + std::to_string(number) + R"(}","ProcessId":")" + pid +
         R"(","Image":"C:\\)" + program + R"(.exe",)" +
         (begins ? R"("CommandLine":"line )" + std::to_string(number) : R"("DestinationPort":"80","Initiated":"true","DestinationIp":"169.254.169.254)") + R"("}}})";
}

/// What a start tells of its process without being read is what reading it tells: each call is joined with its own.
TEST(WholeSieve, JoinsStartsThatAreNotReadAsThoseThatAre) {
  constexpr int processes = 400;
  const auto calls = [&](bool by_looks) {
    SieveConfig of = config();
    of.decode.take_by_looks = by_looks;
    Sieve sieve{of};
    const TopicPartition source{TopicId{}, Partition{1}};
    sieve.assign(source, {});
    SieveOutput out;
    std::int64_t offset = 0;
    for (int i = 0; i < processes; ++i) sieve.read({source, LeaderEpoch{0}, Offset{offset++}, sysmon(true, i, "0:00." + std::to_string(100 + i))}, out);
    for (int i = 0; i < processes; ++i) sieve.read({source, LeaderEpoch{0}, Offset{offset++}, sysmon(false, i, "1:00." + std::to_string(100 + i))}, out);
    sieve.finish(source, out);
    std::vector<Call> found;
    for (const auto& record : out.records) found.push_back(std::get<Call>(record));
    return found;
  };
  const std::vector<Call> read = calls(false), glanced = calls(true);
  ASSERT_EQ(read.size(), static_cast<std::size_t>(processes));
  ASSERT_EQ(glanced.size(), read.size());
  for (int i = 0; i < processes; ++i) {
    const auto at = static_cast<std::size_t>(i);
    EXPECT_EQ(glanced[at].host, read[at].host);
    EXPECT_EQ(glanced[at].evidence, read[at].evidence) << i;
    EXPECT_EQ(glanced[at].evidence.process.command_line, "line " + std::to_string(i));
  }
}

SieveConfig with_custom() {
  SieveConfig out = config();
  out.decode.custom.fields = {{"@timestamp", {"/@timestamp"}}, {"host.name", {"/host/name"}}, {"process.name", {"/process/name"}}, {"destination.ip", {"/destination/ip"}}};
  out.decode.custom.connection = {{"/event/category", {"network"}}};
  return out;
}

/// One sieve over partitions that are told event by event, fixed to the events' format, to another one, and to the custom one.
TEST(WholeSieve, APartitionsFixedFormatHoldsForItAlone) {
  Sieve sieve{with_custom()};
  const std::vector<std::optional<Format>> fixed{std::nullopt, Format::elastic_defend, Format::wazuh, Format::custom};
  SieveOutput out;
  for (std::size_t i = 0; i < fixed.size(); ++i) sieve.assign({TopicId{}, Partition{static_cast<std::int32_t>(i)}}, {}, fixed[i]);
  for (std::int64_t offset = 0; offset < 20; ++offset) {  // often enough for the shape to be learned
    for (std::size_t i = 0; i < fixed.size(); ++i) {
      const TopicPartition source{TopicId{}, Partition{static_cast<std::int32_t>(i)}};
      const std::string host = offset % 2 == 0 ? "web-1" : "web-2";
      const std::string text = defend(host, "2026-03-01T12:00:01.0000000Z", offset == 19 ? "169.254.169.254" : "10.0.0.1");
      sieve.read({source, LeaderEpoch{0}, Offset{offset}, text}, out);
    }
  }
  const auto of = [&](Format format) { return sieve.counters().formats[static_cast<std::size_t>(format)]; };
  EXPECT_EQ(of(Format::elastic_defend).connections_elsewhere, 2 * 19U);
  EXPECT_EQ(of(Format::elastic_defend).calls, 2U);
  EXPECT_EQ(of(Format::elastic_defend).ignored[static_cast<std::size_t>(IgnoreReason::other_format)], 20U) << "in the partition that is fixed to wazuh";
  EXPECT_EQ(of(Format::custom).connections_elsewhere, 19U) << "a shape that is learned elsewhere does not serve the custom format";
  EXPECT_EQ(of(Format::custom).calls, 1U);
}

TEST(WholeSieve, APartitionAssignedAnewIsNoLongerFixed) {
  Sieve sieve{with_custom()};
  const TopicPartition source{TopicId{}, Partition{1}};
  SieveOutput out;
  const auto calls = [&] {
    sieve.read({source, LeaderEpoch{0}, Offset{0}, defend("web-1", "2026-03-01T12:00:01.0000000Z", "169.254.169.254")}, out);
    sieve.finish(source, out);
    return sieve.counters().formats[static_cast<std::size_t>(Format::elastic_defend)].calls;
  };
  sieve.assign(source, {}, Format::wazuh);
  EXPECT_EQ(calls(), 0U);
  sieve.revoke(source);
  sieve.assign(source, {});
  EXPECT_EQ(calls(), 1U);
  sieve.assign(source, {}, Format::wazuh);
  EXPECT_EQ(calls(), 1U);
}

TEST(WholeSieve, WarmUpReadsOnlyTheFixedFormatsStarts) {
  Sieve sieve{with_custom()};
  const TopicPartition source{TopicId{}, Partition{1}};
  const std::string begun = security(4688, R"("NewProcessName":"C:\\Tools\\Probe.exe","NewProcessId":"0x1454")");
  sieve.assign(source, {}, Format::wazuh);
  const std::size_t empty = sieve.process_table_bytes();
  sieve.warm_up({source, LeaderEpoch{0}, Offset{0}, begun});
  EXPECT_EQ(sieve.process_table_bytes(), empty);
  sieve.assign(source, {}, Format::winlogbeat_raw);
  sieve.warm_up({source, LeaderEpoch{0}, Offset{0}, begun});
  EXPECT_GT(sieve.process_table_bytes(), empty);
}

}  // namespace
}  // namespace imdswatch::test
