#include "imdswatch/state/codec.hpp"

#include <algorithm>
#include <limits>

#include "flags.hpp"

namespace imdswatch {
namespace {

constexpr std::uint8_t max_user_kind = static_cast<std::uint8_t>(UserKind::person);

template <class Array>
bool read_array(ByteReader& in, Array& out) {
  const std::string_view bytes = in.fixed(out.size());
  if (!in.ok()) return false;
  std::transform(bytes.begin(), bytes.end(), out.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
  return true;
}

template <class Array>
void write_array(ByteWriter& out, const Array& bytes) {
  for (const std::uint8_t byte : bytes) out.u8(byte);
}

}  // namespace

bool read_bool(ByteReader& in, bool& out) {
  const std::uint8_t value = in.u8();
  out = value == 1;
  return in.ok() && value <= 1;
}

bool read_u32(ByteReader& in, std::uint32_t& out) {
  const std::uint64_t value = in.varint();
  if (!in.ok() || value > std::numeric_limits<std::uint32_t>::max()) return false;
  out = static_cast<std::uint32_t>(value);
  return true;
}

bool read_i32(ByteReader& in, std::int32_t& out) {
  const std::int64_t value = in.zigzag();
  if (!in.ok() || value < std::numeric_limits<std::int32_t>::min() || value > std::numeric_limits<std::int32_t>::max()) return false;
  out = static_cast<std::int32_t>(value);
  return true;
}

bool read_text(ByteReader& in, std::string& out) {
  out = std::string{in.text()};
  return in.ok();
}

void write_texts(ByteWriter& out, const std::vector<std::string>& texts) {
  write_all(out, texts, [](ByteWriter& o, const std::string& text) { o.text(text); });
}

bool read_texts(ByteReader& in, std::vector<std::string>& texts) { return read_all(in, texts, read_text); }

void write(ByteWriter& out, EventTime value) { out.zigzag(to_us(value)); }

bool read_event_time(ByteReader& in, EventTime& out) {
  out = event_time_us(in.zigzag());
  return in.ok();
}

void write(ByteWriter& out, const TopicId& value) { write_array(out, value.bytes); }
bool read_topic_id(ByteReader& in, TopicId& out) { return read_array(in, out.bytes); }

void write(ByteWriter& out, const TopicPartition& value) {
  write(out, value.topic);
  out.zigzag(value.partition.value());
}

bool read_topic_partition(ByteReader& in, TopicPartition& out) {
  std::int32_t partition = 0;
  if (!read_topic_id(in, out.topic) || !read_i32(in, partition)) return false;
  out.partition = Partition{partition};
  return true;
}

void write(ByteWriter& out, const Origin& value) {
  write(out, value.source());
  out.zigzag(value.epoch.value());
  out.zigzag(value.offset.value());
  out.varint(value.place);
}

bool read_origin(ByteReader& in, Origin& out) {
  TopicPartition source;
  std::int32_t epoch = 0;
  if (!read_topic_partition(in, source) || !read_i32(in, epoch)) return false;
  const Offset offset{in.zigzag()};
  std::uint32_t place = 0;
  if (!read_u32(in, place)) return false;
  out = Origin{source.topic, source.partition, LeaderEpoch{epoch}, offset, place};
  return true;
}

void write(ByteWriter& out, const IpAddress& value) { write_array(out, value.bytes); }
bool read_ip_address(ByteReader& in, IpAddress& out) { return read_array(in, out.bytes); }

void write(ByteWriter& out, const Signature& value) {
  out.text(value.name);
  out.u8(Flags{}.add(value.folder.has_value()).add(value.user.has_value()).add(value.signer.has_value()).bits());
  if (value.folder) out.text(*value.folder);
  if (value.user) out.u8(static_cast<std::uint8_t>(*value.user));
  if (value.signer) out.text(*value.signer);
}

bool read_signature(ByteReader& in, Signature& out) {
  std::uint8_t parts = 0;
  out = Signature{};
  if (!read_text(in, out.name) || !read_flags(in, 3, parts)) return false;
  if (has(parts, 0) && !read_text(in, out.folder.emplace())) return false;
  if (has(parts, 1)) {
    const std::uint8_t kind = in.u8();
    if (!in.ok() || kind > max_user_kind) return false;
    out.user = static_cast<UserKind>(kind);
  }
  return !has(parts, 2) || read_text(in, out.signer.emplace());
}

void write(ByteWriter& out, const SightingKey& value) {
  out.zigzag(value.bucket.value());
  out.text(value.host.value());
  write(out, value.signature);
}

bool read_sighting_key(ByteReader& in, SightingKey& out) {
  out.bucket = Bucket{in.zigzag()};
  std::string host;
  if (!read_text(in, host)) return false;
  out.host = HostId{std::move(host)};
  return read_signature(in, out.signature);
}

}  // namespace imdswatch
