#include "decoding.hpp"

namespace imdswatch {
namespace {

using testing::with;
using AzureMonitor = Decoding;

constexpr std::string_view windows_event = R"json({
 "TenantId": "t",
 "SourceSystem": "OpsManager",
 "TimeGenerated": "2026-03-01T12:00:01.9Z",
 "Provider": "Microsoft-Windows-Sysmon",
 "Channel": "Microsoft-Windows-Sysmon/Operational",
 "Computer": "APP-02",
 "Task": 3,
 "EventLevel": 4,
 "EventData": "{\"RuleName\": \"-\", \"UtcTime\": \"2026-03-01T12:00:00.7500000Z\", \"ProcessGuid\": \"{11111111-2222-3333-4444-555555555555}\", \"ProcessId\": \"5204\", \"Image\": \"C:\\\\Tools\\\\probe.exe\", \"User\": \"CORP\\\\kim\", \"Protocol\": \"tcp\", \"Initiated\": \"true\", \"SourceIp\": \"10.1.0.9\", \"DestinationIsIpv6\": \"false\", \"DestinationIp\": \"169.254.169.254\", \"DestinationPort\": \"80\"}",
 "EventID": 3,
 "EventRecordId": "7001",
 "Type": "WindowsEvent"
})json";

constexpr std::string_view security_event = R"json({
 "TenantId": "t",
 "TimeGenerated": "2026-03-01T12:00:00.75Z",
 "SourceSystem": "OpsManager",
 "Computer": "APP-02",
 "EventSourceName": "Microsoft-Windows-Security-Auditing",
 "Channel": "Security",
 "Task": 1,
 "EventID": 5156,
 "Activity": "told by the shipper",
 "Type": "SecurityEvent",
 "EventData": "<EventData xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\">\r\n  <Data Name=\"ProcessID\">5204</Data>\r\n  <Data Name=\"Application\">\\device\\harddiskvolume3\\tools\\probe.exe</Data>\r\n  <Data Name=\"Direction\">%%14593</Data>\r\n  <Data Name=\"SourceAddress\">10.1.0.9</Data>\r\n  <Data Name=\"SourcePort\">50001</Data>\r\n  <Data Name=\"DestAddress\">169.254.169.254</Data>\r\n  <Data Name=\"DestPort\">80</Data>\r\n  <Data Name=\"Protocol\">6</Data>\r\n  <Data Name=\"RemoteUserID\">S-1-0-0</Data>\r\n</EventData>"
})json";

constexpr std::string_view created = R"json({
 "TenantId": "t",
 "TimeGenerated": "2026-03-01T12:00:00.75Z",
 "SourceSystem": "OpsManager",
 "Computer": "APP-02",
 "EventSourceName": "Microsoft-Windows-Security-Auditing",
 "Channel": "Security",
 "Task": 1,
 "EventID": 4688,
 "Activity": "told by the shipper",
 "Type": "SecurityEvent",
 "Account": "CORP\\kim",
 "CommandLine": "probe.exe -v",
 "NewProcessId": "0x1454",
 "NewProcessName": "C:\\Tools\\probe.exe",
 "ParentProcessName": "C:\\Windows\\System32\\cmd.exe",
 "Process": "probe.exe",
 "ProcessId": "0x7da",
 "SubjectAccount": "CORP\\kim",
 "SubjectDomainName": "CORP",
 "SubjectUserName": "kim",
 "SubjectUserSid": "S-1-5-21-1-2-3-1104",
 "TargetAccount": "-\\-",
 "TargetDomainName": "-",
 "TargetUserName": "-",
 "TargetUserSid": "S-1-0-0"
})json";

constexpr std::string_view event_row = R"json({
 "TenantId": "t",
 "SourceSystem": "OpsManager",
 "TimeGenerated": "2026-03-01T12:00:01.9Z",
 "Source": "Microsoft-Windows-Sysmon",
 "EventLog": "Microsoft-Windows-Sysmon/Operational",
 "Computer": "APP-02",
 "EventLevel": 4,
 "EventID": 1,
 "RenderedDescription": "Process Create: told by the shipper",
 "UserName": "NT AUTHORITY\\SYSTEM",
 "ParameterXml": "<Param>-</Param>",
 "EventData": "<DataItem type=\"System.XmlData\" time=\"2026-03-01T12:00:01.9Z\" sourceHealthServiceId=\"s\"><EventData xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\">\r\n  <Data Name=\"UtcTime\">2026-03-01T11:59:59.6020000Z</Data>\r\n  <Data Name=\"ProcessGuid\">{11111111-2222-3333-4444-555555555555}</Data>\r\n  <Data Name=\"ProcessId\">5204</Data>\r\n  <Data Name=\"Image\">C:\\Tools\\probe.exe</Data>\r\n  <Data Name=\"CommandLine\">probe.exe -v &quot;a &amp; b&quot;</Data>\r\n  <Data Name=\"User\">CORP\\kim</Data>\r\n  <Data Name=\"Hashes\">SHA256=CC03</Data>\r\n  <Data Name=\"ParentImage\">C:\\Windows\\System32\\cmd.exe</Data>\r\n  <Data Name=\"ParentProcessId\">2010</Data>\r\n  <Data Name=\"ParentCommandLine\">cmd.exe /k</Data>\r\n</EventData></DataItem>",
 "Type": "Event"
})json";

TEST_F(AzureMonitor, DataThatIsJsonInATextIsRead) {
  const auto& call = connection(windows_event);
  EXPECT_EQ(call.process.executable, R"(C:\Tools\probe.exe)");
  EXPECT_EQ(call.process.entity_id, "{11111111-2222-3333-4444-555555555555}");
  EXPECT_EQ(call.process.pid, 5204u);
  EXPECT_EQ(call.user.domain, "CORP");
  EXPECT_EQ(call.destination, metadata_address());
  EXPECT_EQ(call.port, 80u);
  const auto& told = event(windows_event);
  EXPECT_EQ(to_iso8601(told.time), "2026-03-01T12:00:00.750Z");
  EXPECT_EQ(told.host.name, "APP-02");
  EXPECT_EQ(told.event_id, "APP-02/Microsoft-Windows-Sysmon/Operational/7001");
}

TEST_F(AzureMonitor, DataThatIsXmlInATextIsRead) {
  const auto& call = connection(security_event);
  EXPECT_EQ(call.process.name, "probe.exe");
  EXPECT_EQ(call.process.pid, 5204u);
  EXPECT_EQ(call.destination, metadata_address());
  EXPECT_EQ(call.port, 80u);
  EXPECT_EQ(call.transport, "tcp");
}

TEST_F(AzureMonitor, AStartsColumnsStandAtTheTop) {
  const auto& begun = start(created);
  EXPECT_EQ(begun.process.pid, 0x1454u);
  EXPECT_EQ(begun.parent.pid, 0x7dau);
  EXPECT_EQ(begun.parent.name, "cmd.exe");
  EXPECT_EQ(begun.user.id, "S-1-5-21-1-2-3-1104");
}

TEST_F(AzureMonitor, TheEventTableNamesItsLogAndSourceOtherwise) {
  const auto& begun = start(event_row);
  EXPECT_EQ(begun.process.command_line, R"(probe.exe -v "a & b")");
  EXPECT_EQ(begun.process.hash_sha256, "CC03");
  EXPECT_EQ(begun.user.name, "kim");
}

TEST_F(AzureMonitor, EntitiesAreUndone) {
  const auto application = [&](std::string_view text) {
    return std::string(connection(with(security_event, R"(\\tools\\probe.exe)", text)).process.name);
  };
  EXPECT_EQ(application("&#92;a&amp;b&lt;&gt;&apos;.exe"), "a&b<>'.exe");
  EXPECT_EQ(application("&#x5C;&#x41;&#66;&#xe9;&#x1F600;"), "AB\xc3\xa9\xf0\x9f\x98\x80");
  EXPECT_EQ(application("&#92;a&b &unknown; &#xd800;"), "a&b &unknown; \xef\xbf\xbd");
}

TEST_F(AzureMonitor, XmlMayHaveCommentsCharacterDataEmptyTagsAndPrefixes) {
  const auto pid = [&](std::string_view text) {
    return connection(with(security_event, R"(<Data Name=\"ProcessID\">5204</Data>)", text)).process.pid;
  };
  EXPECT_EQ(pid("<!-- <Data --><e:Data  e='>' Name = 'ProcessID' ><![CDATA[77]]></e:Data>"), 77u);
  EXPECT_EQ(pid(R"(<Data Name=\"ProcessID\"/>)"), std::nullopt);
  EXPECT_EQ(pid(R"(<Data>5204</Data><Binary>00</Binary>)"), std::nullopt);
}

TEST_F(AzureMonitor, ABrokenInnerDocumentIsRejected) {
  EXPECT_EQ(rejected_as(with(security_event, "</EventData>", "")), "bad_event_data");
  EXPECT_EQ(rejected_as(with(security_event, R"(5204</Data>)", "5204")), "bad_event_data");
  EXPECT_EQ(rejected_as(with(security_event, R"(Name=\"ProcessID\">)", R"(Name=\"ProcessID)")), "bad_event_data");
  EXPECT_EQ(rejected_as(with(security_event, "</EventData>", "</EventData></EventData>")), "bad_event_data");
  EXPECT_EQ(rejected_as(with(windows_event, R"(\"80\"})", R"(\"80\")")), "bad_event_data");
  EXPECT_EQ(rejected_as(with(windows_event, R"(\"80\"})", R"(\"80\"} {})")), "bad_event_data");
  EXPECT_EQ(rejected_as(with(windows_event, R"("EventData": "{)", R"("EventData": "{\"a\": [1, })")), "bad_event_data");
  EXPECT_EQ(rejected_as(with(windows_event, R"("EventData": ")", R"("EventData": "text )")), "bad_event_data");
}

TEST_F(AzureMonitor, NoPrefixOfAnInnerDocumentDoesHarm) {
  for (const std::string_view whole : {security_event, windows_event, event_row}) {
    const auto begin = whole.find(R"("EventData": ")") + 14;
    auto end = whole.find('"', begin);
    while (whole[end - 1] == '\\') end = whole.find('"', end + 1);
    ASSERT_GT(end, begin + 100);
    for (auto cut = begin + 1; cut < end; ++cut) {
      if (whole[cut - 1] == '\\') continue;
      EXPECT_NE(rejected_as(std::string(whole.substr(0, cut)).append(whole.substr(end))), "not rejected") << cut;
    }
  }
}

TEST_F(AzureMonitor, AnInnerDocumentHasALimit) {
  const std::string long_text(2u << 20, 'x');
  EXPECT_EQ(rejected_as(with(windows_event, R"(C:\\\\Tools\\\\probe.exe)", long_text)), "bad_event_data");
}

TEST_F(AzureMonitor, TheDataOfOtherEventsIsNotLookedAt) {
  const std::string broken = with(windows_event, R"(\"80\"})", "");
  EXPECT_EQ(ignored_as(with(broken, R"("EventID": 3)", R"("EventID": 22)")), "other_event");
  EXPECT_EQ(ignored_as(with(security_event, R"("EventID": 5156)", R"("EventID": 4624)")), "other_event");
  EXPECT_EQ(ignored_as(with(security_event, "%%14593", "%%14592")), "incoming");
}

TEST_F(AzureMonitor, ColumnsMayStandBelowProperties) {
  const std::string wrapped = std::string(R"({"time": "2026-03-01T12:09:00Z", "properties": )").append(security_event).append("}");
  EXPECT_EQ(connection(wrapped).process.pid, 5204u);
  EXPECT_EQ(to_iso8601(event(wrapped).time), "2026-03-01T12:00:00.750Z");
  const std::string started = std::string(R"({"category": "SecurityEvent", "properties": )").append(created).append("}");
  EXPECT_EQ(start(started).process.pid, 0x1454u);
}

TEST_F(AzureMonitor, DataByNameInAnObjectIsReadToo) {
  const std::string object = R"({"TimeGenerated": "2026-03-01T12:00:00Z", "Computer": "APP-02", "Channel": "Security", "EventID": "5156",
    "EventData": {"Application": "\\device\\a.exe", "ProcessID": "9", "DestAddress": "169.254.169.254", "DestPort": "80"}})";
  EXPECT_EQ(connection(object).process.name, "a.exe");
}

}  // namespace
}  // namespace imdswatch
