#include "imdswatch/state/triage_rows.hpp"

#include "imdswatch/state/codec.hpp"

// key      = "t" kind body
//   kind a, f   body = SightingKey                  alert memory, waiting finding
//   kind g      body = Signature                    group memory
//   kind h      body = Signature text(host)         group member
//   kind u      body is empty                       places used
// value    = version 1, sealed; the fields in the order of triage/rows.hpp

namespace imdswatch {
namespace {

constexpr std::uint8_t newest = 1;
enum class Kind : char { alert = 'a', waiting = 'f', group = 'g', member = 'h', places = 'u' };

ByteWriter& key_of(RowWriter& to, Kind kind) {
  ByteWriter& key = to.key();
  key.u8(static_cast<std::uint8_t>(Table::triage));
  key.u8(static_cast<std::uint8_t>(kind));
  return key;
}

void write(ByteWriter& out, Bucket value) { out.zigzag(value.value()); }
bool read_bucket(ByteReader& in, Bucket& out) {
  out = Bucket{in.zigzag()};
  return in.ok();
}

bool read_varint(ByteReader& in, std::uint64_t& out) {
  out = in.varint();
  return in.ok();
}

bool read_f64(ByteReader& in, double& out) {
  out = in.f64();
  return in.ok() && out == out;
}

template <class Enum>
bool read_enum(ByteReader& in, Enum& out, Enum last) {
  const std::uint8_t value = in.u8();
  out = static_cast<Enum>(value);
  return in.ok() && value <= static_cast<std::uint8_t>(last);
}

void write(ByteWriter& out, const AlertMemory& v) {
  out.u8(static_cast<std::uint8_t>(v.state));
  out.varint(v.version);
  write(out, v.told_in);
  write(out, v.group);
  imdswatch::write(out, v.suppress_from);
  imdswatch::write(out, v.first_call);
  imdswatch::write(out, v.last_call);
  out.varint(v.calls);
  write_texts(out, v.user_ids);
  write_all(out, v.joined, [](ByteWriter& o, Bucket b) { write(o, b); });
}
bool read(ByteReader& in, AlertMemory& v) {
  return read_enum(in, v.state, AlertMemory::State::grouped) && read_u32(in, v.version) && read_bucket(in, v.told_in) &&
         read_bucket(in, v.group) && read_event_time(in, v.suppress_from) && read_event_time(in, v.first_call) &&
         read_event_time(in, v.last_call) && read_varint(in, v.calls) && read_texts(in, v.user_ids) &&
         read_all(in, v.joined, read_bucket);
}

void write(ByteWriter& out, const GroupMemory& v) {
  write(out, v.bucket);
  imdswatch::write(out, v.start);
  out.varint(v.singles);
  out.varint(v.version);
  write(out, v.told_in);
  imdswatch::write(out, v.first_call);
  imdswatch::write(out, v.last_call);
  out.varint(v.calls);
}
bool read(ByteReader& in, GroupMemory& v) {
  return read_bucket(in, v.bucket) && read_event_time(in, v.start) && read_u32(in, v.singles) && read_u32(in, v.version) &&
         read_bucket(in, v.told_in) && read_event_time(in, v.first_call) && read_event_time(in, v.last_call) && read_varint(in, v.calls);
}

void write(ByteWriter& out, const GroupMember& v) { out.u8(static_cast<std::uint8_t>(v.part)); }
bool read(ByteReader& in, GroupMember& v) { return read_enum(in, v.part, GroupMember::Part::listed); }

void write(ByteWriter& out, const Factor& v) {
  out.u8(static_cast<std::uint8_t>(v.part));
  out.text(v.value);
  out.u8(v.known ? 1 : 0);
  for (const double d : {v.surprise, v.host_windows_with, v.host_windows}) out.f64(d);
  for (const std::uint32_t n : {v.peers_with, v.peers, v.fleet_with, v.fleet}) out.varint(n);
  out.u8(v.fleet_since ? 1 : 0);
  if (v.fleet_since) imdswatch::write(out, *v.fleet_since);
}
bool read_factor(ByteReader& in, Factor& v) {
  bool since = false;
  const bool ok = read_enum(in, v.part, Factor::Part::signer) && read_text(in, v.value) && read_bool(in, v.known) &&
                  read_f64(in, v.surprise) && read_f64(in, v.host_windows_with) && read_f64(in, v.host_windows) &&
                  read_u32(in, v.peers_with) && read_u32(in, v.peers) && read_u32(in, v.fleet_with) && read_u32(in, v.fleet) &&
                  read_bool(in, since);
  return ok && (!since || read_event_time(in, v.fleet_since.emplace()));
}

void write(ByteWriter& out, const Score& v) {
  out.f64(v.surprise);
  out.f64(v.points);
  out.u8(v.expected_interval_days ? 1 : 0);
  if (v.expected_interval_days) out.f64(*v.expected_interval_days);
  write_all(out, v.factors, [](ByteWriter& o, const Factor& f) { write(o, f); });
  out.text(v.peer_group);
  write_texts(out, v.usual_callers);
  out.f64(v.host_sightings);
  out.u8(v.sparse_history ? 1 : 0);
}
bool read(ByteReader& in, Score& v) {
  bool interval = false;
  return read_f64(in, v.surprise) && read_f64(in, v.points) && read_bool(in, interval) &&
         (!interval || read_f64(in, v.expected_interval_days.emplace())) && read_all(in, v.factors, read_factor) &&
         read_text(in, v.peer_group) && read_texts(in, v.usual_callers) && read_f64(in, v.host_sightings) &&
         read_bool(in, v.sparse_history);
}

/// The sighting with its own key: of an update it is that of the calls added, not the alert's.
void write(ByteWriter& out, const WaitingFinding& v) {
  imdswatch::write(out, v.since);
  imdswatch::write(out, v.finding.sighting);
  write(out, v.finding.score);
  out.u8(static_cast<std::uint8_t>(v.finding.reason));
  out.u8(v.finding.first ? 1 : 0);
  out.u8(v.finding.learning ? 1 : 0);
}
bool read(ByteReader& in, WaitingFinding& v) {
  return read_event_time(in, v.since) && read_sighting(in, v.finding.sighting) && read(in, v.finding.score) &&
         read_enum(in, v.finding.reason, Finding::Reason::new_to_fleet) && read_bool(in, v.finding.first) &&
         read_bool(in, v.finding.learning);
}

void write(ByteWriter& out, const PlacesUsed& v) {
  write(out, v.closing);
  for (const std::uint64_t n : {v.told, v.told_older, v.dropped}) out.varint(n);
  out.varint(v.overflow_version);
}
bool read(ByteReader& in, PlacesUsed& v) {
  return read_bucket(in, v.closing) && read_varint(in, v.told) && read_varint(in, v.told_older) && read_varint(in, v.dropped) &&
         read_u32(in, v.overflow_version);
}

/// The key is written.
template <class Value>
StateRow finish(RowWriter& to, const std::optional<Value>& value) {
  if (!value) return to.tombstone();
  write(to.value(newest), *value);
  return to.sealed();
}

struct Encoder {
  RowWriter& to;

  StateRow operator()(const AlertMemoryRow& row) const {
    imdswatch::write(key_of(to, Kind::alert), row.key);
    return finish(to, row.value);
  }
  StateRow operator()(const WaitingFindingRow& row) const {
    imdswatch::write(key_of(to, Kind::waiting), row.key);
    return finish(to, row.value);
  }
  StateRow operator()(const GroupMemoryRow& row) const {
    imdswatch::write(key_of(to, Kind::group), row.signature);
    return finish(to, row.value);
  }
  StateRow operator()(const GroupMemberRow& row) const {
    ByteWriter& key = key_of(to, Kind::member);
    imdswatch::write(key, row.signature);
    key.text(row.host.value());
    return finish(to, row.value);
  }
  StateRow operator()(const PlacesUsedRow& row) const {
    key_of(to, Kind::places);
    return finish(to, row.value);
  }
};

Error malformed(const char* what) {
  return {Errc::record_malformed, std::string("state row of triage: ") + what + "; " + state_remedy};
}

template <class Row>
Result<TriageRow> decode_value(const StateRow& state, Row row) {
  if (!state.value) return TriageRow{std::move(row)};
  const auto opened = open(state.key, *state.value, newest);
  if (!opened) return opened.error();
  ByteReader in(opened->payload);
  if (!read(in, row.value.emplace()) || !in.done()) return malformed("its value does not decode");
  return TriageRow{std::move(row)};
}

template <class Row>
Result<TriageRow> decode_keyed(ByteReader& key, const StateRow& state) {
  Row row;
  if (!read_sighting_key(key, row.key) || !key.done()) return malformed("its key does not decode");
  return decode_value(state, std::move(row));
}

}  // namespace

StateRow encode(const TriageRow& row, RowWriter& to) { return std::visit(Encoder{to}, row); }

StateRow encode(const TriageRow& row) {
  RowWriter once;
  return encode(row, once);
}

Result<TriageRow> decode_triage_row(const StateRow& row) {
  ByteReader key(row.key);
  if (key.u8() != static_cast<std::uint8_t>(Table::triage)) return malformed("its key is of another table");
  const auto kind = static_cast<Kind>(key.u8());
  if (kind == Kind::alert) return decode_keyed<AlertMemoryRow>(key, row);
  if (kind == Kind::waiting) return decode_keyed<WaitingFindingRow>(key, row);
  if (kind == Kind::places && key.done()) return decode_value(row, PlacesUsedRow{});
  if (kind == Kind::group) {
    GroupMemoryRow out;
    if (!read_signature(key, out.signature) || !key.done()) return malformed("its key does not decode");
    return decode_value(row, std::move(out));
  }
  if (kind == Kind::member) {
    GroupMemberRow out;
    std::string host;
    if (!read_signature(key, out.signature) || !read_text(key, host) || !key.done()) return malformed("its key does not decode");
    out.host = HostId{std::move(host)};
    return decode_value(row, std::move(out));
  }
  return key.ok() && kind != Kind::places ? unknown_table(row.key) : malformed("its key does not decode");
}

}  // namespace imdswatch
