#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "imdswatch/calllog/record.hpp"

namespace imdswatch {
namespace {

/// Valid UTF-8 of any planes, control characters often.
std::string any_text() {
  const auto points = *rc::gen::container<std::vector<std::uint32_t>>(rc::gen::oneOf(
      rc::gen::inRange<std::uint32_t>(0, 0x80), rc::gen::inRange<std::uint32_t>(0, 0x20), rc::gen::inRange<std::uint32_t>(0x80, 0x800),
      rc::gen::inRange<std::uint32_t>(0x800, 0xD800), rc::gen::inRange<std::uint32_t>(0xE000, 0x10000),
      rc::gen::inRange<std::uint32_t>(0x10000, 0x110000)));
  std::string out;
  const auto push = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  for (const std::uint32_t c : points) {
    if (c < 0x80) {
      push(c);
    } else if (c < 0x800) {
      push(0xC0 | (c >> 6)), push(0x80 | (c & 63));
    } else if (c < 0x10000) {
      push(0xE0 | (c >> 12)), push(0x80 | ((c >> 6) & 63)), push(0x80 | (c & 63));
    } else {
      push(0xF0 | (c >> 18)), push(0x80 | ((c >> 12) & 63)), push(0x80 | ((c >> 6) & 63)), push(0x80 | (c & 63));
    }
  }
  return out;
}

template <class T>
std::optional<T> maybe(T value) {
  return *rc::gen::arbitrary<bool>() ? std::optional{std::move(value)} : std::nullopt;
}
template <class T>
T any() {
  return *rc::gen::arbitrary<T>();
}

TopicId any_topic() {
  TopicId id;
  for (auto& byte : id.bytes) byte = any<std::uint8_t>();
  return id;
}
Origin any_origin() {
  return {any_topic(), Partition{any<std::int32_t>()}, LeaderEpoch{any<std::int32_t>()}, Offset{any<std::int64_t>()}, any<std::uint32_t>()};
}
EventTime any_time() { return event_time_us(*rc::gen::oneOf(rc::gen::arbitrary<std::int64_t>(), rc::gen::inRange<std::int64_t>(0, 1LL << 53))); }
ProcessDetails any_process() {
  return {any_text(), any_text(), any_text(), any_text(), any_text(), any_text(), any_text(), maybe(any<std::uint64_t>())};
}
Evidence any_evidence() {
  return {any_process(), any_process(), any_text(), any_text(), any_text(), any_text(), maybe(any<bool>()), maybe(any_time()), any<bool>()};
}

Call any_call() {
  Call call;
  call.origin = any_origin();
  call.time = any_time();
  call.host = HostId{"h" + any_text()};
  call.signature = {"n" + any_text(), maybe(any_text()), maybe(static_cast<UserKind>(*rc::gen::inRange(0, 6))), maybe(any_text())};
  call.evidence = any_evidence();
  call.attributes = {any_text(), any_text(), any_text(), any_text(), any_text(), any_text(), any_text(),
                     any_text(), any_text(), any_text(), any_text(), any_text(), any_text()};
  for (auto& byte : call.destination.bytes) byte = any<std::uint8_t>();
  call.port = maybe(any<std::uint16_t>());
  call.transport = any_text();
  call.event_id = any_text();
  call.format = static_cast<Format>(*rc::gen::inRange(0, 3));
  call.clock_skewed = any<bool>();
  return call;
}

RC_GTEST_PROP(CallLogProperty, ACallIsReadBackAsItWasWritten, ()) {
  const Call call = any_call();
  const auto read = decode_log_body(encode(call));
  RC_ASSERT(read.ok());
  RC_ASSERT(std::get<Call>(read.value()) == call);
}

RC_GTEST_PROP(CallLogProperty, ALineageIsReadBackAsItWasWritten, ()) {
  const Lineage lineage{any_origin(), HostId{"h" + any_text()}, any_time(), any_evidence()};
  const auto read = decode_log_body(encode(lineage));
  RC_ASSERT(read.ok());
  RC_ASSERT(std::get<Lineage>(read.value()) == lineage);
}

RC_GTEST_PROP(CallLogProperty, AProgressIsReadBackAsItWasWritten, ()) {
  Progress progress;
  for (int i = *rc::gen::inRange(0, 5); i > 0; --i) progress.roster.push_back({any_topic(), any<std::int32_t>()});
  progress.source = {any_topic(), Partition{any<std::int32_t>()}};
  progress.watermark = maybe(any_time());
  progress.at_end = any<bool>();
  progress.generation = Generation{any<std::int32_t>()};
  progress.wall = wall_time_ms(any<std::int64_t>());
  const auto read = decode_log_body(encode(progress));
  RC_ASSERT(read.ok());
  RC_ASSERT(std::get<Progress>(read.value()) == progress);
}

RC_GTEST_PROP(CallLogProperty, AnyBytesAreReadOrRefused, (const std::string& bytes)) {
  const auto read = decode_log_body(bytes);
  RC_ASSERT(read.ok() || !read.error().message.empty());
}

RC_GTEST_PROP(CallLogProperty, ADamagedRecordIsReadOrRefused, ()) {
  std::string text = encode(any_call());
  const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
  text[at] = any<char>();
  const auto read = decode_log_body(text);
  if (read.ok()) RC_ASSERT(decode_log_body(encode(read.value())).ok());
}

}  // namespace
}  // namespace imdswatch
