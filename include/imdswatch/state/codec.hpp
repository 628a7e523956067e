#pragma once

#include "imdswatch/base/bytes.hpp"
#include "imdswatch/base/time.hpp"
#include "imdswatch/window/sighting.hpp"

namespace imdswatch {

/// The parts that rows of several tables share, in the form that docs/formats/state.md gives. A change of any of them is a new
/// format version of every row that holds it.
///
/// Every read is total: false if the bytes end early or hold an impossible value; what was read until then stays in `out`.
/// read(write(x)) == x.

void write(ByteWriter& out, EventTime value);
void write(ByteWriter& out, const TopicId& value);
void write(ByteWriter& out, const TopicPartition& value);
void write(ByteWriter& out, const Origin& value);
void write(ByteWriter& out, const IpAddress& value);
void write(ByteWriter& out, const Signature& value);
void write(ByteWriter& out, const ProcessDetails& value);
void write(ByteWriter& out, const Evidence& value);
void write(ByteWriter& out, const HostAttributes& value);
void write(ByteWriter& out, const ProcessSeen& value);
void write(ByteWriter& out, const SourceEvent& value);
void write(ByteWriter& out, const SightingKey& value);
void write(ByteWriter& out, const Sighting& value);
/// All but the key, for a row whose own key holds it.
void write_without_key(ByteWriter& out, const Sighting& value);

bool read_event_time(ByteReader& in, EventTime& out);
bool read_topic_id(ByteReader& in, TopicId& out);
bool read_topic_partition(ByteReader& in, TopicPartition& out);
bool read_origin(ByteReader& in, Origin& out);
bool read_ip_address(ByteReader& in, IpAddress& out);
bool read_signature(ByteReader& in, Signature& out);
bool read_process_details(ByteReader& in, ProcessDetails& out);
bool read_evidence(ByteReader& in, Evidence& out);
bool read_host_attributes(ByteReader& in, HostAttributes& out);
bool read_process_seen(ByteReader& in, ProcessSeen& out);
bool read_source_event(ByteReader& in, SourceEvent& out);
bool read_sighting_key(ByteReader& in, SightingKey& out);
bool read_sighting(ByteReader& in, Sighting& out);
bool read_sighting_without_key(ByteReader& in, Sighting& out);

/// One byte, 0 or 1; false for any other.
bool read_bool(ByteReader& in, bool& out);
/// A varint that fits into 32 bits, and a zigzag one that does.
bool read_u32(ByteReader& in, std::uint32_t& out);
bool read_i32(ByteReader& in, std::int32_t& out);
bool read_text(ByteReader& in, std::string& out);

/// A counted sequence; `write_one(out, item)`, `read_one(in, item)`. Allocates no more than the bytes at hand can hold.
template <class T, class WriteOne>
void write_all(ByteWriter& out, const std::vector<T>& items, WriteOne write_one) {
  out.varint(items.size());
  for (const T& item : items) write_one(out, item);
}
template <class T, class ReadOne>
bool read_all(ByteReader& in, std::vector<T>& items, ReadOne read_one) {
  const std::uint64_t count = in.varint();
  if (!in.ok() || count > in.remaining()) return false;  // every item takes a byte at least
  for (std::uint64_t i = 0; i < count; ++i) {
    if (!read_one(in, items.emplace_back())) return false;
  }
  return true;
}
void write_texts(ByteWriter& out, const std::vector<std::string>& texts);
bool read_texts(ByteReader& in, std::vector<std::string>& texts);

}  // namespace imdswatch
