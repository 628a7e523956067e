#include "imdswatch/state/model_rows.hpp"

#include "imdswatch/base/bytes.hpp"
#include "model_rows_format.hpp"

namespace imdswatch {
namespace {

ByteWriter& start_key(RowWriter& to, ModelTable table) {
  ByteWriter& key = to.key();
  key.u8(static_cast<std::uint8_t>(Table::model));
  key.u8(static_cast<std::uint8_t>(table));
  return key;
}

void write(ByteWriter& out, const Seen& seen) {
  out.f32(seen.count);
  out.zigzag(seen.last_minute);
}

void write(ByteWriter& out, const Votes& votes) {
  out.f64(votes.sum);
  out.zigzag(votes.day);
  out.varint(votes.hosts);
  out.zigzag(to_us(votes.since));
}

void write(ByteWriter& out, const std::optional<std::string>& text) {
  out.u8(text ? 1 : 0);
  if (text) out.text(*text);
}

void write(ByteWriter& out, const HostHeader& value) {
  out.zigzag(value.first_minute);
  out.zigzag(value.vote_day);
  out.varint(value.buckets);
  write(out, value.windows);
  out.text(value.group);
}

void write(ByteWriter& out, const NameSeen& value) {
  write(out, value.seen);
  out.varint(value.parts.size());
  for (const PartSeen& part : value.parts) {
    out.u8(static_cast<std::uint8_t>(part.kind));
    out.text(part.value);
    write(out, part.seen);
  }
  out.varint(value.signatures.size());
  for (const SignatureSeen& signature : value.signatures) {
    write(out, signature.folder);
    out.u8(signature.user ? 1 : 0);
    if (signature.user) out.text(to_string(*signature.user));
    write(out, signature.signer);
    write(out, signature.seen);
    out.u8(signature.learned ? 1 : 0);
    out.varint(signature.guard_buckets);
    out.varint(signature.guard_days);
    out.zigzag(signature.guard_last_day);
  }
}

void write(ByteWriter& out, const LearningRow& row) {
  out.u8(row.first_call ? 1 : 0);
  if (row.first_call) out.zigzag(to_us(*row.first_call));
  out.u8(row.report_made ? 1 : 0);
  out.zigzag(row.swept_day);
}

/// The key is written.
template <class Value>
StateRow finish(RowWriter& to, const std::optional<Value>& value) {
  if (!value) return to.tombstone();
  write(to.value(model_rows_version), *value);
  return to.sealed();
}

struct Encoder {
  RowWriter& to;

  StateRow operator()(const HostRow& row) const {
    start_key(to, ModelTable::host).text(row.host.value());
    return finish(to, row.value);
  }
  StateRow operator()(const HostNameRow& row) const {
    ByteWriter& key = start_key(to, ModelTable::host_name);
    key.text(row.host.value());
    key.text(row.name);
    return finish(to, row.value);
  }
  StateRow operator()(const FleetNameRow& row) const {
    start_key(to, ModelTable::fleet_name).text(row.name);
    return finish(to, row.value);
  }
  StateRow operator()(const FleetPartRow& row) const {
    ByteWriter& key = start_key(to, ModelTable::fleet_part);
    key.text(row.name);
    key.u8(static_cast<std::uint8_t>(row.kind));
    key.text(row.part);
    return finish(to, row.value);
  }
  StateRow operator()(const PeerNameRow& row) const {
    ByteWriter& key = start_key(to, ModelTable::peer_name);
    key.text(row.group);
    key.text(row.name);
    return finish(to, row.value);
  }
  StateRow operator()(const LearningRow& row) const {
    start_key(to, ModelTable::learning);
    write(to.value(model_rows_version), row);
    return to.sealed();
  }
};

}  // namespace

StateRow encode(const ModelRow& row, RowWriter& to) { return std::visit(Encoder{to}, row); }

StateRow encode(const ModelRow& row) {
  RowWriter once;
  return encode(row, once);
}

}  // namespace imdswatch
