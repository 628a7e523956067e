#include "imdswatch/state/window_rows.hpp"

#include <algorithm>

#include "flags.hpp"
#include "imdswatch/base/check.hpp"
#include "imdswatch/base/limits.hpp"
#include "imdswatch/state/codec.hpp"

namespace imdswatch {
namespace {

ByteWriter& key_of(RowWriter& to, Table table) {
  ByteWriter& key = to.key();
  key.u8(static_cast<std::uint8_t>(table));
  return key;
}

void write(ByteWriter& out, WallTime value) { out.zigzag(to_ms(value)); }

bool read_wall_time(ByteReader& in, WallTime& out) {
  out = wall_time_ms(in.zigzag());
  return in.ok();
}

bool read_milliseconds(ByteReader& in, std::chrono::milliseconds& out) {
  out = std::chrono::milliseconds{in.zigzag()};
  return in.ok();
}

// Moments mostly come from one partition, microseconds and a few offsets apart: a source is named once, the rest are differences.

void write_moments(ByteWriter& out, const std::vector<CallMoment>& moments) {
  const CallMoment* last = nullptr;
  out.varint(moments.size());
  for (const CallMoment& m : moments) {
    const bool same = last && last->origin.source() == m.origin.source() && last->origin.epoch == m.origin.epoch;
    out.u8(Flags{}.add(m.seen).add(m.process != CallMoment::no_process).add(same).add(m.origin.place != 0).bits());
    if (same) {
      out.zigzag(to_us(m.time) - to_us(last->time));
      out.zigzag(m.origin.offset.value() - last->origin.offset.value());
    } else {
      imdswatch::write(out, m.time);
      imdswatch::write(out, m.origin.source());
      out.zigzag(m.origin.epoch.value());
      out.zigzag(m.origin.offset.value());
    }
    if (m.origin.place != 0) out.varint(m.origin.place);
    if (m.process != CallMoment::no_process) out.varint(m.process);
    last = &m;
  }
}

std::int64_t plus(std::int64_t a, std::int64_t b) {  // wraps: garbage must not be undefined
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

bool read_moment(ByteReader& in, const CallMoment* last, CallMoment& out) {
  std::uint8_t flags = 0;
  if (!read_flags(in, 4, flags)) return false;
  out.seen = has(flags, 0);
  if (has(flags, 2)) {
    if (!last) return false;
    out.time = event_time_us(plus(to_us(last->time), in.zigzag()));
    out.origin = last->origin;
    out.origin.offset = Offset{plus(last->origin.offset.value(), in.zigzag())};
  } else {
    TopicPartition source;
    std::int32_t epoch = 0;
    if (!read_event_time(in, out.time) || !read_topic_partition(in, source) || !read_i32(in, epoch)) return false;
    out.origin = {source.topic, source.partition, LeaderEpoch{epoch}, Offset{in.zigzag()}, 0};
  }
  out.origin.place = 0;
  if (has(flags, 3) && (!read_u32(in, out.origin.place) || out.origin.place == 0)) return false;
  if (!has(flags, 1)) return in.ok();
  const std::uint64_t process = in.varint();
  out.process = static_cast<std::uint16_t>(process);
  return in.ok() && process < CallMoment::no_process;
}

bool read_moments(ByteReader& in, std::vector<CallMoment>& moments) {
  const std::uint64_t count = in.varint();
  if (!in.ok() || count > in.remaining() || count > limits::max_moments_per_sighting) return false;
  moments.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    CallMoment next;
    if (!read_moment(in, moments.empty() ? nullptr : &moments.back(), next)) return false;
    moments.push_back(next);
  }
  return true;
}

void write(ByteWriter& out, const OpenSighting& value) {
  out.u8(Flags{}
             .add(value.plain)
             .add(value.unseen.has_value())
             .add(value.judgement.has_value())
             .add(value.judgement && value.judgement->finding)
             .bits());
  out.varint(value.calls);
  write(out, value.first);
  write(out, value.last);
  if (value.judgement) out.f64(value.judgement->surprise);
  out.text(value.peer_value);
  if (value.unseen) write_without_key(out, *value.unseen);
  write_moments(out, value.moments);
}

/// What the window relies on when it takes the row in.
bool consistent(const OpenSighting& value) {
  const std::size_t processes = value.unseen ? value.unseen->processes.size() : 0;
  if (processes > limits::max_processes_per_sighting) return false;
  if (value.unseen && (value.unseen->calls == 0 || value.unseen->calls > value.calls)) return false;
  const auto ordered = std::is_sorted(value.moments.begin(), value.moments.end(), [](const CallMoment& a, const CallMoment& b) {
    return a.time != b.time ? a.time < b.time : a.origin < b.origin;
  });
  return ordered && std::all_of(value.moments.begin(), value.moments.end(), [&](const CallMoment& m) {
    return m.process == CallMoment::no_process || m.process < processes;
  });
}

bool read(ByteReader& in, const SightingKey& key, OpenSighting& out) {
  std::uint8_t flags = 0;
  if (!read_flags(in, 4, flags) || (has(flags, 3) && !has(flags, 2))) return false;
  out.plain = has(flags, 0);
  out.calls = in.varint();
  if (!read_event_time(in, out.first) || !read_event_time(in, out.last)) return false;
  if (has(flags, 2)) out.judgement = Judgement{has(flags, 3), in.f64()};
  if (!read_text(in, out.peer_value)) return false;
  if (has(flags, 1)) {
    out.unseen.emplace().key = key;
    if (!read_sighting_without_key(in, *out.unseen)) return false;
  }
  return read_moments(in, out.moments) && consistent(out);
}

void write_origin_in(ByteWriter& out, const Origin& value) {  // its partition stands in the key
  out.zigzag(value.epoch.value());
  out.zigzag(value.offset.value());
  out.varint(value.place);
}

bool read(ByteReader& in, const TopicPartition& source, Origin& out) {
  std::int32_t epoch = 0;
  if (!read_i32(in, epoch)) return false;
  out = {source.topic, source.partition, LeaderEpoch{epoch}, Offset{in.zigzag()}, 0};
  return read_u32(in, out.place);
}

void write(ByteWriter& out, const SourceTime& value) {
  out.u8(Flags{}.add(value.watermark.has_value()).add(value.reported).add(value.at_end).add(value.left_out).bits());
  if (value.watermark) write(out, *value.watermark);
  out.zigzag(value.generation.value());
  write(out, value.last_append);
  out.zigzag(value.heard_at.count());
}

bool read(ByteReader& in, SourceTime& out) {
  std::uint8_t flags = 0;
  if (!read_flags(in, 4, flags)) return false;
  if (has(flags, 0) && !read_event_time(in, out.watermark.emplace())) return false;
  out.reported = has(flags, 1);
  out.at_end = has(flags, 2);
  out.left_out = has(flags, 3);
  std::int32_t generation = 0;
  if (!read_i32(in, generation)) return false;
  out.generation = Generation{generation};
  return read_wall_time(in, out.last_append) && read_milliseconds(in, out.heard_at);
}

void write(ByteWriter& out, const TimeRow& value) {
  out.u8(Flags{}.add(value.time.has_value()).add(value.last_run.has_value()).bits());
  if (value.time) write(out, *value.time);
  if (value.last_run) write(out, *value.last_run);
  out.zigzag(value.elapsed.count());
  write(out, value.last_wall);
  write(out, value.last_append);
  write_all(out, value.roster, [](ByteWriter& o, const ListedTopic& topic) {
    write(o, topic.topic.topic);
    o.zigzag(topic.topic.partitions);
    write(o, topic.listed);
  });
}

bool read(ByteReader& in, TimeRow& out) {
  std::uint8_t flags = 0;
  if (!read_flags(in, 2, flags)) return false;
  if (has(flags, 0) && !read_event_time(in, out.time.emplace())) return false;
  if (has(flags, 1) && !read_event_time(in, out.last_run.emplace())) return false;
  if (!read_milliseconds(in, out.elapsed) || !read_wall_time(in, out.last_wall) || !read_wall_time(in, out.last_append)) return false;
  return read_all(in, out.roster, [](ByteReader& i, ListedTopic& topic) {
    return read_topic_id(i, topic.topic.topic) && read_i32(i, topic.topic.partitions) && read_wall_time(i, topic.listed);
  });
}

StateRow encode_row(RowWriter& to, const SightingRow& row) {
  write(key_of(to, Table::sighting), row.key);
  IMDS_CHECK(!row.value || !row.value->unseen || row.value->unseen->key == row.key);
  if (!row.value) return to.tombstone();
  write(to.value(window_row_version), *row.value);
  return to.sealed();
}

StateRow encode_row(RowWriter& to, const MarkRow& row) {
  write(key_of(to, Table::mark), row.source);
  IMDS_CHECK(!row.value || row.value->source() == row.source);
  if (!row.value) return to.tombstone();
  write_origin_in(to.value(window_row_version), *row.value);
  return to.sealed();
}

StateRow encode_row(RowWriter& to, const SourceRow& row) {
  write(key_of(to, Table::source), row.source);
  if (!row.value) return to.tombstone();
  write(to.value(window_row_version), *row.value);
  return to.sealed();
}

StateRow encode_row(RowWriter& to, const TimeRow& row) {
  key_of(to, Table::time);
  write(to.value(window_row_version), row);
  return to.sealed();
}

Error malformed(const char* what) {
  return Error{Errc::record_malformed, std::string{"state row of the window: "} + what + " does not decode; " + state_remedy};
}

/// `key` stands after the key's first byte; `value` is null for a tombstone.
Result<WindowRow> decode(Table table, ByteReader& key, ByteReader* value) {
  WindowRow out;
  switch (table) {
    case Table::sighting: {
      auto& row = out.emplace<SightingRow>();
      if (!read_sighting_key(key, row.key) || !key.done()) return malformed("a sighting's key");
      if (value && (!read(*value, row.key, row.value.emplace()) || !value->done())) return malformed("a sighting");
      return out;
    }
    case Table::mark: {
      auto& row = out.emplace<MarkRow>();
      if (!read_topic_partition(key, row.source) || !key.done()) return malformed("a mark's key");
      if (value && (!read(*value, row.source, row.value.emplace()) || !value->done())) return malformed("a mark");
      return out;
    }
    case Table::source: {
      auto& row = out.emplace<SourceRow>();
      if (!read_topic_partition(key, row.source) || !key.done()) return malformed("a partition's key");
      if (value && (!read(*value, row.value.emplace()) || !value->done())) return malformed("a partition's progress");
      return out;
    }
    case Table::time: {
      auto& row = out.emplace<TimeRow>();
      if (!key.done()) return malformed("the time's key");
      if (value && (!read(*value, row) || !value->done())) return malformed("the time");
      return out;  // without a value: as before any record
    }
    case Table::position:
    case Table::model:
    case Table::triage:
    case Table::topics:
      break;
  }
  return malformed("a key of another table");
}

}  // namespace

StateRow encode(const WindowRow& row, RowWriter& to) {
  return std::visit([&](const auto& r) { return encode_row(to, r); }, row);
}

StateRow encode(const WindowRow& row) {
  RowWriter once;
  return encode(row, once);
}

Result<WindowRow> decode_window_row(const StateRow& row) {
  ByteReader key{row.key};
  const auto table = static_cast<Table>(static_cast<char>(key.u8()));
  if (!key.ok()) return malformed("an empty key");
  if (!row.value) return decode(table, key, nullptr);
  const Result<OpenedRow> opened = open(row.key, *row.value, window_row_version);
  if (!opened) return opened.error();
  ByteReader value{opened->payload};
  return decode(table, key, &value);
}

}  // namespace imdswatch
