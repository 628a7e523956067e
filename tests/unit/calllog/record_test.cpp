#include "imdswatch/calllog/record.hpp"

#include <gtest/gtest.h>

#include "imdswatch/base/limits.hpp"

namespace imdswatch {
namespace {

TopicId topic(std::uint8_t first) {
  TopicId id;
  id.bytes[0] = first;
  return id;
}

ProcessDetails process(const std::string& text) { return {text + "n", text + "x", text + "e", text + "c", text + "2", text + "1", text + "5", 4711}; }

Call full_call(const std::string& text = "\"\\\n\t\x01\x1f /é€𝄞\x7f") {
  Call call;
  call.origin = {topic(9), Partition{3}, LeaderEpoch{-1}, Offset{1LL << 60}, 7};
  call.time = event_time_us(1'700'000'000'123'456);
  call.host = HostId{"prod/web-1"};
  call.signature = {text + "curl.exe", "c:\\tools\\", UserKind::person, text};
  call.evidence.process = process(text);
  call.evidence.parent = process(text + "p");
  call.evidence.user_name = text;
  call.evidence.user_domain = text;
  call.evidence.user_id = text;
  call.evidence.signer_subject = text;
  call.evidence.signature_trusted = false;
  call.evidence.process_start = event_time_us(1'700'000'000'000'000);
  call.evidence.joined = true;
  call.attributes = {text, text, text, text, text, text, text, text, text, text, text, text, text};
  call.destination = *parse_ip_address("169.254.169.254");
  call.port = 80;
  call.transport = "tcp";
  call.event_id = text;
  call.format = Format::winlogbeat_raw;
  call.clock_skewed = true;
  return call;
}

Call least_call() {
  Call call;
  call.host = HostId{"h"};
  call.signature.name = "n";
  return call;
}

Result<LogBody> round_trip(const LogBody& body) { return decode_log_body(encode(body)); }

TEST(CallLog, ACallIsReadBackAsItWasWritten) {
  for (const Call& call : {full_call(), least_call()}) {
    const auto read = round_trip(call);
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(std::get<Call>(read.value()), call);
  }
}

TEST(CallLog, AnEmptyFolderIsNotAnUnknownOne) {
  Call call = least_call();
  call.signature.folder = "";
  EXPECT_EQ(std::get<Call>(round_trip(call).value()).signature.folder, "");
}

TEST(CallLog, ALineageIsReadBackAsItWasWritten) {
  const Call call = full_call();
  const Lineage lineage{call.origin, call.host, call.time, call.evidence};
  EXPECT_EQ(std::get<Lineage>(round_trip(lineage).value()), lineage);
}

TEST(CallLog, AProgressIsReadBackAsItWasWritten) {
  Progress progress;
  progress.roster = {{topic(1), 12}, {topic(2), 1}};
  progress.source = {topic(1), Partition{11}};
  progress.generation = Generation{4};
  progress.wall = wall_time_ms(1'700'000'000'123);
  EXPECT_EQ(std::get<Progress>(round_trip(progress).value()), progress);
  progress.watermark = event_time_us(1'600'000'000'000'001);
  progress.at_end = true;
  EXPECT_EQ(std::get<Progress>(round_trip(progress).value()), progress);
}

TEST(CallLog, LooksAsItsPageSays) {
  Call call = least_call();
  call.time = event_time_us(1'700'000'000'123'000);
  call.destination = *parse_ip_address("169.254.169.254");
  EXPECT_EQ(encode(call),
            R"({"v":1,"type":"call","host":"h","time":"2023-11-14T22:13:20.123Z","signature":{"name":"n"},)"
            R"("destination":{"ip":")" + to_string(call.destination) + R"("},)"
            R"("origin":{"topic":"00000000000000000000000000000000","partition":0,"epoch":0,"offset":0,"place":0}})");
}

TEST(CallLog, UnknownMembersArePassedOver) {
  std::string text = encode(full_call());
  text.insert(1, R"("new":{"a":[1,2]},)");
  EXPECT_EQ(std::get<Call>(decode_log_body(text).value()), full_call());
}

TEST(CallLog, AValueThatOnlyANewerVersionKnowsIsUnknown) {
  std::string text = encode(full_call());
  text.replace(text.find("winlogbeat_raw"), 14, "new_shipper");
  text.replace(text.find("\"person\""), 8, "\"robot\"");
  const Call call = std::get<Call>(decode_log_body(text).value());
  EXPECT_EQ(call.format, Format::unknown);
  EXPECT_EQ(call.signature.user, std::nullopt);
}

TEST(CallLog, ANewerFormatIsRefusedWithWhatToDo) {
  std::string text = encode(full_call());
  text.replace(text.find("\"v\":1"), 5, "\"v\":2");
  const auto read = decode_log_body(text);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, Errc::format_too_new);
  EXPECT_NE(read.error().message.find("version 2"), std::string::npos);
}

TEST(CallLog, WhatIsMissingOrWrongIsNamed) {
  const auto message = [](std::string_view text) {
    const auto read = decode_log_body(text);
    EXPECT_FALSE(read.ok()) << text;
    if (read.ok()) return std::string{};
    EXPECT_EQ(read.error().code, Errc::record_malformed);
    return read.error().message;
  };
  message("");
  message("{");
  message("[]");
  message("null");
  EXPECT_NE(message("{}").find("`v`"), std::string::npos);
  EXPECT_NE(message(R"({"v":1,"type":"alert"})").find("`type`"), std::string::npos);
  const std::string good = encode(full_call());
  const auto changed = [&](std::string_view from, std::string_view to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    return text;
  };
  EXPECT_NE(message(changed(R"("host":"prod/web-1",)", "")).find("`host`"), std::string::npos);
  EXPECT_NE(message(changed(R"("port":80)", R"("port":70000)")).find("`port`"), std::string::npos);
  EXPECT_NE(message(changed("2023-11-14T", "2023-02-30T")).find("`time`"), std::string::npos);
  EXPECT_NE(message(changed(R"("offset":)", R"("offset":1.5,"x":)")).find("`offset`"), std::string::npos);
  EXPECT_NE(message(changed(R"("joined":true)", R"("joined":"yes")")).find("`joined`"), std::string::npos);
}

TEST(CallLog, ATimeIsReadAsTextOrAsANumber) {
  std::string text = encode(full_call());
  text.replace(text.find("\"2023-11-14T22:13:20.123456Z\""), 29, "1700000000123456");
  EXPECT_EQ(std::get<Call>(decode_log_body(text).value()), full_call());
}

TEST(CallLog, TheWorstCallStillFits) {
  const std::string escapes(limits::max_field_bytes - 8, '\x01');
  Call call = full_call(escapes);
  call.evidence.process.command_line.assign(limits::max_command_line_bytes, '\x01');
  call.evidence.parent.command_line.assign(limits::max_command_line_bytes, '\x01');
  call.signature.folder = escapes;
  call.host = HostId{std::string(513, '\x01')};
  call.transport = escapes;
  const std::string text = encode(call);
  EXPECT_LE(text.size(), limits::max_call_log_record_bytes);
  EXPECT_GT(text.size(), limits::max_call_log_record_bytes / 4);
  const auto read = decode_log_body(text);
  ASSERT_TRUE(read.ok()) << read.error().message;
  const Call cut = std::get<Call>(read.value());
  EXPECT_EQ(cut.host, call.host);
  EXPECT_EQ(cut.evidence.process.command_line, call.evidence.process.command_line.substr(0, 4096));
}

TEST(CallLog, ACallAtItsPlainLimitsIsNotCut) {
  Call call = full_call(std::string(limits::max_field_bytes - 8, 'a'));
  call.evidence.process.command_line.assign(limits::max_command_line_bytes, 'b');
  call.evidence.parent.command_line.assign(limits::max_command_line_bytes, '\\');
  EXPECT_EQ(std::get<Call>(round_trip(call).value()), call);
}

TEST(CallLog, BytesThatAreNoUtf8BecomeTheReplacementCharacter) {
  Call call = least_call();
  call.event_id = "a\xff\xc0\x80\xed\xa0\x80z";
  EXPECT_EQ(std::get<Call>(round_trip(call).value()).event_id, "a\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDz");
}

TEST(CallLog, AHostHasOneShard) {
  EXPECT_EQ(shard_of(HostId{"web-1"}, 1), Shard{0});
  int seen[4] = {};
  for (int i = 0; i < 400; ++i) ++seen[shard_of(HostId{"web-" + std::to_string(i)}, 4).value()];
  for (const int count : seen) EXPECT_GT(count, 50);
  EXPECT_EQ(shard_of(HostId{"web-1"}, 4), shard_of(HostId{"web-1"}, 4));
}

}  // namespace
}  // namespace imdswatch
