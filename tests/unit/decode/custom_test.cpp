#include <gtest/gtest.h>

#include <string>

#include "imdswatch/base/limits.hpp"
#include "imdswatch/decode/custom.hpp"
#include "imdswatch/decode/decoder.hpp"
#include "support/sample_events.hpp"

namespace imdswatch {
namespace {

CustomMapping mapping() {
  CustomMapping out;
  out.fields = {{"@timestamp", {"/meta/at", "/meta/received"}},
                {"host.name", {"/device/fqdn", "/device/name"}},
                {"process.name", {"/proc/name"}},
                {"process.executable", {"/proc/path"}},
                {"process.pid", {"/proc/ProcessID"}},
                {"process.command_line", {"/proc/a~1b~0c"}},
                {"process.parent.name", {"/parents/0/name"}},
                {"user.name", {"/proc/account"}},
                {"destination.ip", {"/peer/ip"}},
                {"destination.port", {"/peer/port"}}};
  out.event = {{"/source", {"acme"}}};
  out.connection = {{"/type", {"net", "socket"}}};
  out.process_start = {{"/type", {"exec"}}};
  out.windows = {{"/device/os", {"windows"}}};
  out.outgoing = {{"/peer/direction", {"out"}}};
  out.connected = {{"/peer/state", {"ok"}}};
  return out;
}

constexpr std::string_view call = R"json({"source": "acme", "type": "NET", "meta": {"received": 1772366500, "at": "2026-03-01T12:00:00Z"},
 "device": {"name": "WEB-01", "os": "Windows"},
 "proc": {"path": "C:\\Tools\\probe.exe", "ProcessID": "42", "a/b~c": "probe -v", "account": "CORP\\kim"},
 "parents": [{"name": "cmd.exe"}, {"name": "explorer.exe"}],
 "peer": {"ip": "169.254.169.254", "port": "80", "direction": "out", "state": "ok"}})json";

class Custom : public ::testing::Test {
 protected:
  Custom() { use(mapping()); }
  void use(CustomMapping mapping) { decoder = Decoder({{}, {}, std::move(mapping)}); }
  const Decoded& only(std::string_view message, std::optional<Format> fixed = std::nullopt) {
    const auto all = decoder.decode(message, fixed);
    EXPECT_EQ(all.size(), 1u);
    return all.front();
  }
  /// The event's account: kept, or the reason why not.
  std::string account(std::string_view message, std::optional<Format> fixed = std::nullopt) {
    const Decoded& out = only(message, fixed);
    if (const auto* ignored = std::get_if<Ignored>(&out)) return std::string(to_string(ignored->format)) + " " + std::string(to_string(ignored->reason));
    if (const auto* rejected = std::get_if<Rejected>(&out)) return std::string(to_string(rejected->format)) + " " + std::string(to_string(rejected->reason));
    return std::string(to_string(std::get<Event>(out).format)) + " kept";
  }
  static std::string with(std::string_view from, std::string_view to) {
    std::string out(call);
    const auto at = out.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return out.replace(at, from.size(), to);
  }
  Decoder decoder;
};

TEST_F(Custom, AConnectionIsReadByTheMapping) {
  const auto& event = std::get<Event>(only(call));
  EXPECT_EQ(event.format, Format::custom);
  EXPECT_EQ(to_iso8601(event.time), "2026-03-01T12:00:00.000Z") << "the first alternative, though it stands later";
  EXPECT_EQ(event.host.name, "WEB-01");
  const auto& told = std::get<ConnectionEvent>(event.what);
  EXPECT_EQ(told.process.name, "probe.exe") << "of the path";
  EXPECT_EQ(told.process.pid, 42u) << "though another format knows this spelling";
  EXPECT_EQ(told.process.command_line, "probe -v") << "escapes of the pointer are undone";
  EXPECT_EQ(told.parent.name, "cmd.exe") << "the list's first";
  EXPECT_EQ(told.user.domain, "CORP");
  EXPECT_EQ(told.user.name, "kim");
  EXPECT_EQ(to_string(told.destination), "169.254.169.254");
  EXPECT_EQ(told.port, 80);
}

TEST_F(Custom, AProcessStartIsToldByItsCondition) {
  const auto& event = std::get<Event>(only(with("\"NET\"", "\"exec\"")));
  EXPECT_EQ(std::get<ProcessStartEvent>(event.what).process.executable, "C:\\Tools\\probe.exe");
}

TEST_F(Custom, WhatIsOfNoInterestIsIgnoredForItsReason) {
  EXPECT_EQ(account(with("\"NET\"", "\"dns\"")), "custom other_event");
  EXPECT_EQ(account(with("\"Windows\"", "\"linux\"")), "custom not_windows");
  EXPECT_EQ(account(with("\"out\"", "\"in\"")), "custom incoming");
  EXPECT_EQ(account(with("\"ok\"", "\"refused\"")), "custom not_connected");
  EXPECT_EQ(account(with("\"acme\"", "\"other\"")), "unknown unknown_format");
}

TEST_F(Custom, WhatCannotBeUsedIsRejectedWithTheNameOfItsField) {
  EXPECT_EQ(account(with("\"at\": \"2026-03-01T12:00:00Z\"", "\"at\": null")), "custom kept") << "the second alternative";
  EXPECT_EQ(account(with("\"received\": 1772366500, \"at\": \"2026-03-01T12:00:00Z\"", "\"at\": null")), "custom no_time");
  EXPECT_EQ(account(with("1772366500, \"at\": \"2026-03-01T12:00:00Z\"", "\"soon\"")), "custom bad_time");
  EXPECT_EQ(account(with("\"WEB-01\"", "\"-\"")), "custom no_host");
  EXPECT_EQ(account(with("C:\\\\Tools\\\\probe.exe", "")), "custom no_process");
  EXPECT_EQ(account(with("\"169.254.169.254\"", "\"metadata\"")), "custom bad_address");
  const auto& rejected = std::get<Rejected>(only(with("\"169.254.169.254\"", "\"metadata\"")));
  EXPECT_EQ(rejected.detail, "destination.ip: \"metadata\" is no IP address");
}

TEST_F(Custom, WithoutAConditionForTheEventTheKindsRecogniseIt) {
  CustomMapping without = mapping();
  without.event.clear();
  use(without);
  EXPECT_EQ(account(call), "custom kept");
  EXPECT_EQ(account(with("\"NET\"", "\"dns\"")), "unknown unknown_format");
}

TEST_F(Custom, OneOfAListsValuesIsEnoughForACondition) { EXPECT_EQ(account(with("\"NET\"", "[\"host\", \"socket\"]")), "custom kept"); }

TEST_F(Custom, ABuiltInFormatTakesItsEventsFirstUnlessTheTopicIsFixed) {
  const std::string both = with("\"source\": \"acme\"", R"("source": "acme", "event": {"module": "endpoint"}, "agent": {"type": "endpoint"})");
  EXPECT_EQ(account(both), "elastic_defend other_event");
  EXPECT_EQ(account(both, Format::custom), "custom kept");
}

TEST_F(Custom, AFixedFormatLeavesEventsOfOthersOut) {
  EXPECT_EQ(account(call, Format::custom), "custom kept");
  EXPECT_EQ(account(call, Format::wazuh), "custom other_format");
  EXPECT_EQ(account(R"({"@timestamp": "2026-03-01T12:00:00Z"})", Format::custom), "unknown other_format");
  EXPECT_EQ(account("{", Format::custom), "unknown malformed_json");
  EXPECT_EQ(account(call), "custom kept") << "a fixed format holds for its message only";
}

TEST(CustomPointer, IsCheckedForWhatCannotBeFound) {
  for (const auto* good : {"/a", "/a/b", "/a~0b/c~1d", "/a/0", "/a/0/b", "/@timestamp", "/a.b"}) EXPECT_FALSE(pointer_problem(good)) << good;
  for (const auto* bad : {"", "a", "a/b", "/", "/a//b", "/a/", "/a~", "/a~2", "/a/1", "/0", "/0/a"}) EXPECT_TRUE(pointer_problem(bad)) << bad;
  EXPECT_TRUE(pointer_problem("/" + std::string(65, 'a')));
  std::string deep;
  for (int level = 1; level <= 63; ++level) deep += "/a";
  EXPECT_FALSE(pointer_problem(deep));
  EXPECT_TRUE(pointer_problem(deep + "/a")) << "no event that is read is nested so deep";
}

TEST(CustomPointer, AsManyAsAreAllowedFindTheirFields) {
  CustomMapping full = mapping();
  auto& alternatives = full.fields[1].values;
  for (std::size_t i = 0; pointers_in(full) < limits::max_custom_pointers; ++i) alternatives.insert(alternatives.begin(), "/x/n" + std::to_string(i));
  Decoder decoder({{}, {}, full});
  const auto all = decoder.decode(call);
  EXPECT_EQ(std::get<Event>(all.front()).host.name, "WEB-01");
}

std::string read_as(const std::string& format, const std::string& time) {
  EXPECT_FALSE(time_format_problem(format)) << format;
  CustomMapping timed = mapping();
  timed.time_format = format;
  Decoder decoder({{}, {}, timed});
  std::string text(call);
  const std::string from = "\"2026-03-01T12:00:00Z\"";
  text.replace(text.find(from), from.size(), time);
  text.erase(text.find("\"received\": 1772366500, "), 24);
  const auto all = decoder.decode(text);
  const auto* event = std::get_if<Event>(&all.front());
  return event != nullptr ? to_iso8601(event->time) : "none";
}

TEST(CustomTimeFormat, ReadsNumbersOfTheNamedUnit) {
  EXPECT_EQ(read_as("unix_s", "1772366400"), "2026-03-01T12:00:00.000Z");
  EXPECT_EQ(read_as("unix_s", "\"1772366400.123\""), "2026-03-01T12:00:00.123Z");
  EXPECT_EQ(read_as("unix_ms", "1772366400123"), "2026-03-01T12:00:00.123Z");
  EXPECT_EQ(read_as("unix_us", "1772366400123456"), "2026-03-01T12:00:00.123456Z");
  EXPECT_EQ(read_as("unix_ns", "1772366400123456789"), "2026-03-01T12:00:00.123456Z");
  EXPECT_EQ(read_as("filetime", "\"134168400001234560\""), "2026-03-01T12:00:00.123456Z");
  EXPECT_EQ(read_as("unix_s", "1772366400123"), "none") << "milliseconds are no seconds";
  EXPECT_EQ(read_as("unix_s", "1.772366400125E9"), "2026-03-01T12:00:00.125Z");
  EXPECT_EQ(read_as("unix_s", "\"1772366400.9999999999\""), "2026-03-01T12:00:00.999999Z");
  EXPECT_EQ(read_as("unix_ms", "1772366400123.5"), "2026-03-01T12:00:00.123500Z");
  for (const auto* none : {"1e400", "-1772366400", "0", "18446744073709551615", "99999999999999999999999", "\"1772366400.\"", "\".5\"", "\"1772366400 \"", "\"nan\"",
                           "\"nMar 1 2026\"", "\"inf\"", "\"1772366400.1.2\""})
    for (const auto* format : {"unix_s", "unix_ms", "unix_us", "unix_ns", "filetime"}) EXPECT_EQ(read_as(format, none), "none") << format << " " << none;
}

TEST(CustomTimeFormat, ReadsAPattern) {
  EXPECT_EQ(read_as("%d/%m/%Y %H:%M:%S", "\"1/03/2026 12:00:05\""), "2026-03-01T12:00:05.000Z");
  EXPECT_EQ(read_as("%b %d %Y %H:%M:%S.%f %z", "\"Mar 1 2026 13:00:00.25 +01:00\""), "2026-03-01T12:00:00.250Z");
  EXPECT_EQ(read_as("%d/%m/%Y %H:%M:%S", "\"01/03/2026 12:00\""), "none");
  EXPECT_EQ(read_as("%d/%m/%Y %H:%M:%S", "\"31/02/2026 12:00:00\""), "none");
  EXPECT_EQ(read_as("%d/%m/%Y %H:%M:%S", "\"01/03/2026 12:00:00 UTC\""), "none");
}

TEST(CustomTimeFormat, IsCheckedBeforeAnEventComes) {
  for (const auto* bad : {"", "iso", "%Y", "%d/%m/%Y", "%d/%m/%Y %H:%M:%q", "%d/%m/%Y %H:%M:%S%"}) EXPECT_TRUE(time_format_problem(bad)) << bad;
}

}  // namespace
}  // namespace imdswatch
