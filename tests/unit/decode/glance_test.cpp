#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "look.hpp"
#include "support/glances.hpp"

namespace imdswatch {
namespace {

const IpAddress metadata_service = *parse_ip_address("169.254.169.254");

/// After reading `learned`: what is told of `message` is what reading it in full tells.
void expect_same_after(std::string_view learned, std::string_view message) {
  testing::Glancer quick(DecodeConfig{.wanted_addresses = {metadata_service}});
  Decoder plain;
  static_cast<void>(quick.take(learned));
  for (int twice = 0; twice < 2; ++twice) ASSERT_TRUE(quick.take(learned).by_looks) << "not learned";  // of a start who it is by its looks, too
  const auto taken = quick.take(message);
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

constexpr std::string_view connection =
    R"({"@timestamp":"2026-03-01T12:00:00Z","winlog":{"channel":"Microsoft-Windows-Sysmon/Operational","provider_name":"Microsoft-Windows-Sysmon",)"
    R"("event_id":3,"computer_name":"w","event_data":{"ProcessId":"5","Image":"C:\\a.exe","DestinationIp":"10.0.0.7","Initiated":"true"}}})";

/// A value that only explains a start is kept unread, but never one that is no single token.
TEST(Glance, KeepsNoValueOfAStartWithAQuoteInIt) {
  const std::string_view told = R"("CommandLine":"a")";
  for (const auto broken : {R"("a"b")", R"("a" "b")", R"("a"")"})
    expect_same_after(start, std::string(start).replace(start.find(told), told.size(), R"("CommandLine":)" + std::string(broken)));
}

/// What nobody asks of a start of this shape need not be kept.
TEST(Glance, KeepsOfAStartWhatTellsOrExplainsItsProcess) {
  const std::string_view who = R"("ProcessId":"5")";
  std::string more(start);
  more.replace(more.find(who), who.size(), R"("ProcessId":"5","User":"CORP\\alice","FileVersion":"7.7.7")");
  more.insert(1, R"("event":{"created":"2026-03-01T12:00:01Z","kind":"event-like","action":"it began"},"host":{"id":"h-1"},)");
  testing::Glancer glancer(DecodeConfig{.wanted_addresses = {metadata_service}});
  static_cast<void>(glancer.take(more));
  ASSERT_TRUE(glancer.decoder.glance(more));
  const KeptStart* const kept_start = glancer.decoder.keep_start();
  ASSERT_TRUE(kept_start);
  const std::string_view kept = kept_start->tokens;
  for (const auto told : {"\"5\"", R"("C:\\a.exe")", R"("CORP\\alice")", R"("h-1")"}) EXPECT_NE(kept.find(told), std::string_view::npos) << told;
  for (const auto other : {"7.7.7", "12:00:01", "event-like", "it began"}) EXPECT_EQ(kept.find(other), std::string_view::npos) << other;
  const ProcessStartEvent* const recalled = glancer.decoder.recall(*kept_start);
  ASSERT_TRUE(recalled);
  EXPECT_EQ(recalled->user.name, "alice");
}

/// Once a start of its shape was read: what it is of is told without reading, and hosts and programs as they are written.
TEST(Glance, TellsOfAStartWhichProcessItIsOf) {
  testing::Glancer glancer(DecodeConfig{.wanted_addresses = {metadata_service}});
  const auto identity_of = [&](std::string_view old, std::string_view other) -> std::optional<StartIdentity> {
    const std::string message = std::string(start).replace(start.find(old), old.size(), other);
    const Glance* const glance = glancer.decoder.glance(message);
    EXPECT_TRUE(glance) << message;
    return glance == nullptr ? std::nullopt : glance->identity;
  };
  static_cast<void>(glancer.take(start));
  EXPECT_FALSE(identity_of("w", "w")) << "not read yet";
  static_cast<void>(glancer.take(start));
  const auto known = identity_of("w", "w");
  ASSERT_TRUE(known);
  EXPECT_EQ(known->pid, 5u);
  EXPECT_EQ(known->entity_id, "");
  const std::string_view pid = R"("5")", host = R"("w")", program = R"("C:\\a.exe")";
  const auto other_pid = identity_of(pid, R"("0x10")"), other_host = identity_of(host, R"("x")"), other_program = identity_of(program, R"("C:\\b.exe")");
  ASSERT_TRUE(other_pid && other_host && other_program);
  EXPECT_EQ(other_pid->pid, 16u);
  EXPECT_EQ(other_pid->written_host, known->written_host);
  EXPECT_EQ(other_pid->written_program, known->written_program);
  EXPECT_NE(other_host->written_host, known->written_host);
  EXPECT_EQ(other_host->written_program, known->written_program);
  EXPECT_EQ(other_program->written_host, known->written_host);
  EXPECT_NE(other_program->written_program, known->written_program);
  for (const auto only_read : {R"("\u0035")", R"("5 6")", R"("-5")", R"("-")", R"("")", "null", "[5]"}) EXPECT_FALSE(identity_of(pid, only_read)) << only_read;
}

/// A shape that was learned of a start which does not say its id: the value that identifies is found out from a later one, unless none comes soon.
TEST(Glance, ReadsStartsUntilOneSaysItsId) {
  const std::string_view who = R"("ProcessId":"5")";
  for (const std::string_view nothing : {R"("-")", R"("")", "null", R"("none")"}) {
    const std::string without = std::string(start).replace(start.find(who), who.size(), R"("ProcessId":)" + std::string(nothing));
    expect_same_after(without, start);
    for (const int before : {1, 20}) {
      testing::Glancer glancer(DecodeConfig{.wanted_addresses = {metadata_service}});
      for (int i = 0; i <= before; ++i) EXPECT_FALSE(glancer.take(without).identified) << nothing;
      EXPECT_FALSE(glancer.take(start).identified);
      EXPECT_EQ(glancer.take(start).identified, before == 1) << nothing;
    }
  }
}

/// What is told of a host may hang on whether two names agree.
TEST(Glance, TellsAHostByAllThatNamesIt) {
  const std::string_view head = R"({"@timestamp":"2026-03-01T12:00:00Z",)";
  const auto with = [&](std::string_view host) { return std::string(start).replace(0, head.size(), std::string(head) + R"("host":{"name":")" + std::string(host) + R"(","id":"h-1"},)"); };
  expect_same_after(with("w"), with("collector"));
}

/// A beginning that is taken from the event's own time is not among what identifies it without being read.
TEST(Glance, TellsOfAStartWhenItsProcessBegan) {
  const auto begun = [](std::string_view time, std::string_view created) {
    return R"({"Timestamp":")" + std::string(time) + R"(","DeviceId":"d0","DeviceName":"w","ActionType":"ProcessCreated","FileName":"a.exe","FolderPath":"C:\\a.exe","ProcessId":6001,)" +
           std::string(created) + R"("ProcessCommandLine":"a -v","ReportId":6,"InitiatingProcessId":5})";
  };
  for (const auto created : {"", R"("ProcessCreationTime":"2026-03-01T11:59:58Z",)"}) {
    expect_same_after(begun("2026-03-01T12:00:00Z", created), begun("2026-03-01T12:00:07Z", created));
    expect_same_after(begun("2026-03-01T12:00:00Z", created), begun("yesterday", created));
  }
  expect_same_after(begun("2026-03-01T12:00:00Z", R"("ProcessCreationTime":"2026-03-01T11:59:58Z",)"), begun("2026-03-01T12:00:00Z", R"("ProcessCreationTime":"soon",)"));
}

/// Of two paths to one slot the surer is compared, whichever comes first.
TEST(Glance, ComparesTheSurerOfTwoPaths) {
  const auto flat = [](std::string_view less_sure, std::string_view surer) {
    return R"({"log_name":)" + std::string(less_sure) + R"(,"EventID":3,"Channel":)" + std::string(surer) +
           R"(,"Hostname":"w","UtcTime":"2026-03-01T12:00:00Z","Image":"C:\\a.exe","DestinationIp":"10.0.0.7"})";
  };
  constexpr std::string_view sysmon = R"("Microsoft-Windows-Sysmon/Operational")";
  expect_same_after(flat(R"("x")", sysmon), flat(R"("x")", R"("Application")"));
  expect_same_after(flat(sysmon, R"("x")"), flat(sysmon, sysmon));
  const auto filtering = [](std::string_view beside, std::string_view data) {
    return R"({"direction":")" + std::string(beside) + R"(","@timestamp":"2026-03-01T12:00:00Z","winlog":{"channel":"Security","event_id":5156,)"
           R"("computer_name":"w","event_data":{"Application":"C:\\a.exe","DestAddress":"10.0.0.7","Direction":")" + std::string(data) + R"("}}})";
  };
  expect_same_after(filtering("%%14593", "%%14593"), filtering("%%14593", "%%14592"));
  expect_same_after(filtering("%%14592", "%%14593"), filtering("%%14593", "%%14592"));
}

TEST(Glance, TakesNoFolderForAProgram) {
  const std::string_view path = R"(C:\\a.exe)";
  for (const auto image : {R"(C:\\a\\)", R"(C:/a/)", R"(C:\/a\/)", R"(C:\\a\u005c)", R"(\u002d)"})
    expect_same_after(connection, std::string(connection).replace(connection.find(path), path.size(), image));
}

TEST(Glance, KnowsAnAddressWithItsPort) {
  const auto to = [](std::string_view destination) {
    const std::string_view address = "10.0.0.7";
    return std::string(connection).replace(connection.find(address), address.size(), destination);
  };
  expect_same_after(to("10.0.0.7:443"), to("10.0.0.8:80"));
  expect_same_after(to("[fe80::1]:443"), to("10.0.0.7:http"));
  for (const auto destination : {"169.254.169.254:80", "[::ffff:169.254.169.254]:80", "169.254.169.254"}) expect_same_after(connection, to(destination));
}

/// Of two fields for the address the second counts only where the first holds none.
TEST(Glance, SeesAnAddressThatTakesTheFirstOnesPlace) {
  const auto to = [](std::string_view ip, std::string_view address) {
    return R"({"@timestamp":"2026-03-01T12:00:00Z","event":{"module":"endpoint","category":["network"],"action":"connection_attempted"},"host":{"name":"w"},)"
           R"("process":{"name":"a.exe"},"destination":{"ip":")" + std::string(ip) + R"(","address":")" + std::string(address) + R"("}})";
  };
  const std::string usual = to("10.0.0.7", "web.example");
  for (const auto& message : {to("unknown", "10.0.0.7"), to("unknown", "web.example"), to("unknown", "169.254.169.254"), to("", "169.254.169.254:80")})
    expect_same_after(usual, message);
}

TEST(Glance, TellsAProcessThatIsUnknownFromOneThatIsMissing) {
  const auto by = [](std::string_view image) {
    const std::string_view written = R"("C:\\a.exe")";
    return std::string(connection).replace(connection.find(written), written.size(), image);
  };
  for (const auto image : {R"("-")", R"("")", "null", R"("\u002d")", R"(["-"])"}) expect_same_after(connection, by(image));
  for (const auto image : {R"("C:\\a.exe")", R"("")", "null", R"("\u002d")", R"(["-"])"}) expect_same_after(by(R"("-")"), by(image));
}

TEST(Glance, TellsAnotherSystemsPathHoweverItsSlashIsWritten) {
  const std::string head =
      R"({"category":"AdvancedHunting-DeviceNetworkEvents","properties":{"ActionType":"ConnectionSuccess","Timestamp":"2026-03-01T12:00:00Z","DeviceId":"d",)"
      R"("DeviceName":"w","RemoteIP":"10.0.0.7","InitiatingProcessFileName":"a","InitiatingProcessId":5,"InitiatingProcessFolderPath":")";
  for (const auto path : {R"(/usr/a)", R"(\/usr/a)", R"(\u002fusr/a)", R"(\u002Fusr/a)"}) expect_same_after(head + R"(C:\\a"}})", head + path + "\"}}");
}

TEST(Glance, CountsTheEventsOfAnEnvelope) {
  const std::string event = R"({"time":"2026-03-01T12:00:00Z","category":"Other","n":1})";
  const std::string one = R"({"records":[)" + event + "]}";
  for (const auto& message : {R"({"records":[)" + event + ",{}]}", R"({"records":[{},)" + event + "]}", R"({"records":[)" + event + ",5]}", R"({"records":[5,)" + event + "]}"})
    expect_same_after(one, message);
}

/// Of other keys every letter counts, even where nobody read the one whose place they take.
TEST(Glance, SeesAKeyThatTakesAnothersPlace) {
  const std::string head = R"({"@timestamp":"2026-03-01T12:00:00Z","winlog":{"channel":"Security","event_id":4688,"computer_name":"w","event_data":{"NewProcessName":"C:\\a.exe","xewProcessId":"0x5"}},)";
  for (const std::string_view name : {"event", "xvent", "evXnt"}) {
    const std::string message = head + '"' + std::string(name) + R"(":{"outcome":"failure"}})";
    expect_same_after(head + R"("ovent":{"outcome":"failure"}})", message);
    expect_same_after(message, head + R"("event":{"outcome":"failure"}})");
  }
  const std::string_view unread = "xewProcessId";
  expect_same_after(head + R"("a":1})", std::string(head).replace(head.find(unread), unread.size(), "NewProcessId") + R"("a":1})");
}

/// Keys that are none of the few by which a shape is looked up, so that it is the comparison which tells.
std::string padding(int keys) {
  std::string out;
  for (int i = 0; i < keys; ++i) out += R"("pad":)" + std::to_string(i) + ",";
  return out;
}

std::uint64_t shape_of(std::string_view message) {
  Look look;
  EXPECT_TRUE(look.over(message)) << message;
  return look.shape();
}

/// What ends in `":` as keys do: a text that begins with a colon, and a quote within one. Where it stood, an object may begin at a key.
TEST(Glance, TellsKeysFromTextsThatLookLikeTheirEnds) {
  const auto with = [](std::string_view text, std::string_view end) {
    const std::string_view time = R"("@timestamp":"2026-03-01T12:00:00Z",)";
    std::string out = std::string(time).insert(0, "{") + padding(20) + R"("more":)" + std::string(text) + "," + padding(20);
    out += std::string(connection).substr(1 + time.size());
    out.pop_back();
    return out + R"(,"y":5)" + std::string(end) + "," + padding(20) + R"("z":6})";
  };
  const std::vector<std::string> texts{R"("::1")", R"("a\":1")", R"(["::1","b"])", R"(["b","::1"])"};
  const std::vector<std::string> beginnings{R"({"a,":"b")", R"({"a:":"b")", R"({"a[":"b")", R"({"\",":"b")", R"({":":":")"};
  int compared = 0;
  for (const auto& one : texts) {
    for (const auto& other : texts) expect_same_after(with(one, ""), with(other, ""));
    for (const auto& beginning : beginnings) {
      const std::string inside = with(beginning, "}");
      compared += shape_of(inside) == shape_of(with(one, "")) ? 1 : 0;
      expect_same_after(with(one, ""), inside);
    }
  }
  EXPECT_GE(compared, 12) << "the shapes differ: nothing was compared";
}

/// Between two texts of an array may stand what looks like a key in its quotes.
TEST(Glance, TellsAKeyFromWhatStandsBetweenTwoTexts) {
  const std::string time = R"({"@timestamp":"2026-03-01T12:00:00Z",)" + padding(20);
  const std::string rest = std::string(start).substr(start.find(R"("winlog")"));
  const std::string learned = time + R"("p":1,",{":2,":":"w",)" + rest.substr(0, rest.size() - 1) + R"(,"y":8,)" + padding(20) + R"("z":9})";
  const std::string other = time + R"("p":["x,",{":v,":":"w",)" + rest.substr(0, rest.size() - 1) + R"(,"y":8}],)" + padding(20) + R"("z":9})";
  testing::Glancer quick(DecodeConfig{.wanted_addresses = {metadata_service}});
  Decoder plain;
  static_cast<void>(quick.take(learned));
  EXPECT_EQ(testing::difference(quick.take(other), plain.decode(other), metadata_service), "");
}

/// It is read where the event says with whom the connection is; elsewhere it says nothing.
TEST(Glance, TellsAWantedAddressByWhereItStands) {
  const std::string_view program = R"(C:\\a.exe)", destination = "10.0.0.7";
  const auto with = [](std::string_view old, std::string_view other) { return std::string(connection).replace(connection.find(old), old.size(), other); };
  testing::Glancer quick(DecodeConfig{.wanted_addresses = {metadata_service}});
  static_cast<void>(quick.take(connection));
  EXPECT_TRUE(quick.decoder.glance(with(program, R"(C:\\169.254.169.254.exe)")));
  EXPECT_TRUE(quick.decoder.glance(with(destination, "169.254.169.253")));
  EXPECT_FALSE(quick.decoder.glance(with(destination, "169.254.169.254")));
  EXPECT_FALSE(quick.decoder.glance(with(destination, "a9fe:a9fe:0:0:18a2:6e00:e0:ffff"))) << "Sysmon's, garbled";
}

TEST(Glance, KeepsNoArrayThatHoldsAnother) {
  const std::string_view line = R"("CommandLine":"a")";
  const auto with = [&](std::string_view value) { return std::string(start).replace(start.find(line), line.size(), R"("CommandLine":)" + std::string(value)); };
  testing::Glancer quick(DecodeConfig{.wanted_addresses = {metadata_service}});
  Decoder plain;
  for (const auto value : {R"(["y"])", R"([["x"]])", R"([{},"x"])", R"(["a","b"])", R"(["x",[{"k":1}]])"}) {
    for (int thrice = 0; thrice < 3; ++thrice)
      EXPECT_EQ(testing::difference(quick.take(with(value)), plain.decode(with(value)), metadata_service), "") << value;
  }
}

/// A start of known host and program is kept unread, damage and all.
TEST(Glance, RecallsNoStartThatWasDamagedWhereNobodyHadReadIt) {
  const auto start_of = [](int pid, std::string_view parent) {
    return R"({"category":"AdvancedHunting-DeviceProcessEvents","properties":{"Timestamp":"2026-03-01T12:00:00Z","ActionType":"ProcessCreated","DeviceName":"app",)"
           R"("DeviceId":"d1","FileName":"a.exe","FolderPath":"/usr/a.exe","ProcessId":)" + std::to_string(pid) +
           R"(,"ProcessCreationTime":"2026-03-01T11:59:59Z","InitiatingProcessFileName":"b.exe","InitiatingProcessFolderPath":")" + std::string(parent) + "\"}}";
  };
  testing::Glancer glancer(DecodeConfig{.wanted_addresses = {metadata_service}});
  for (int pid = 10; pid < 16; ++pid) static_cast<void>(glancer.take(start_of(pid, R"(C:\\b.exe)")));
  for (const auto& [parent, whole] : {std::pair{R"(C:\\b.exe)", true}, {R"(C:\qb.exe)", false}}) {
    const std::string message = start_of(77, parent);
    const Glance* const glance = glancer.decoder.glance(message);
    ASSERT_TRUE(glance != nullptr && glance->identity);
    const KeptStart* const kept = glancer.decoder.keep_start();
    ASSERT_TRUE(kept);
    EXPECT_EQ(glancer.decoder.recall(*kept) != nullptr, whole) << parent;
  }
}

/// Learned of starts with objects where ids and command lines stand in others, the keys in another order each time.
TEST(Glance, MissesNoTextWhereAnotherStartHasAnObject) {
  std::mt19937 random(1);
  const auto start_of = [&](std::vector<std::string> data) {
    std::ranges::shuffle(data, random);
    std::string all;
    for (const std::string& one : data) all += (all.empty() ? "" : ",") + one;
    return R"({"@timestamp":"2026-03-01T12:00:00Z","winlog":{"channel":"Microsoft-Windows-Sysmon/Operational","provider_name":"Microsoft-Windows-Sysmon",)"
           R"("event_id":1,"computer_name":"app-1","event_data":{)" + all + R"(}},"host":{"name":"app-1"}})";
  };
  const std::vector<std::string> texts{R"("UtcTime":"2026-03-01 12:00:00.000")", R"("Image":"C:\\a.exe")", R"("ProcessId":"77")", R"("ProcessGuid":"{2}")", R"("CommandLine":"a -x")"};
  Decoder plain;
  for (const auto& [place, object] : {std::pair{2, R"("ProcessId":{})"}, {3, R"("ProcessGuid":{})"}, {4, R"("CommandLine":{})"}}) {
    testing::Glancer quick(DecodeConfig{.wanted_addresses = {metadata_service}});
    auto with_object = texts;
    with_object[static_cast<std::size_t>(place)] = object;
    for (int i = 0; i < 40; ++i) static_cast<void>(quick.take(start_of(with_object)));
    int by_looks = 0;
    for (int i = 0; i < 40; ++i) {
      const std::string message = start_of(texts);
      const auto taken = quick.take(message);
      by_looks += taken.by_looks ? 1 : 0;
      EXPECT_EQ(testing::difference(taken, plain.decode(message), metadata_service), "") << message;
    }
    EXPECT_GT(by_looks, 10) << "those with texts are learned for themselves";
  }
}

/// Where two keys are as sure, the first counts, and in any order that is now one and now the other.
TEST(Glance, TellsTheNamespaceByTheFirstOfTwoKeysThatAreItsInAnotherCase) {
  std::vector<std::string> keys{R"("ProcessID":"n1")", R"("ProcessId":"n2")", R"("@timestamp":"2026-03-01T12:00:00Z")", R"("agent":{"type":"endpoint"})",
                                R"("host":{"name":"app","os":{"type":"windows"}})", R"("event":{"category":"process","action":"start"})",
                                R"("process":{"name":"a.exe","executable":"C:\\a.exe","pid":8})"};
  const DecodeConfig config{.namespace_field = "processid", .wanted_addresses = {metadata_service}};
  testing::Glancer quick(config);
  Decoder plain(config);
  std::mt19937 random(1);
  for (int i = 0; i < 100; ++i) {
    std::ranges::shuffle(keys, random);
    std::string message;
    for (const std::string& key : keys) message += (message.empty() ? '{' : ',') + key;
    message += '}';
    ASSERT_EQ(testing::difference(quick.take(message), plain.decode(message), metadata_service), "") << message;
  }
}

/// The document within a text is not compared, and its time wins.
TEST(Glance, TakesNoTimeThatMayBeThatOfADocumentWithinAText) {
  const auto event_at = [](std::string_view time) {
    return R"({"TimeGenerated":"2026-03-01T12:00:00Z","Computer":"APP-02","Source":"Microsoft-Windows-Sysmon","Type":"Event","EventID":3,"UtcTime":")" + std::string(time) +
           R"(","EventData":"<D><Data Name='UtcTime'>2026-03-01 12:00:00.000</Data></D>","Image":"C:\\a.exe","DestinationIp":"10.0.0.1"})";
  };
  testing::Glancer quick(DecodeConfig{.wanted_addresses = {metadata_service}});
  Decoder plain;
  for (const auto time : {"2026-03-01 12:00:00.000", "2026-03-01 12:00:00.000", "2026-03-01 13:30:00.000"})
    EXPECT_EQ(testing::difference(quick.take(event_at(time)), plain.decode(event_at(time)), metadata_service), "") << time;
}

TEST(Glance, SeesAKeyWithABlankBeforeItsColon) {
  const std::string_view id = R"("event_id":3)";
  for (const std::string more : {R"(,"channel" :"Application")", R"(,"x" :1)", R"(,"event_id" :1)"})
    expect_same_after(connection, std::string(connection).insert(connection.find(id) + id.size(), more));
}

TEST(Glance, SeesAnObjectBeforeOrBehindTheOneItKnows) {
  for (const std::string other : {"{}", "{} ", "{}\n", "[]", "{\"a\":1}"}) {
    for (const auto known : {start, connection}) {
      expect_same_after(known, other + std::string(known));
      expect_same_after(known, std::string(known) + other);
    }
  }
}

TEST(Glance, KnowsAKeyThatIsWrittenWithAnEscape) {
  const std::string_view name = "computer_name";
  const std::string escaped = std::string(start).replace(start.find(name), name.size(), R"(computer\u005fname)");
  expect_same_after(escaped, escaped);
  expect_same_after(start, escaped);
}

}  // namespace
}  // namespace imdswatch
