#include <array>
#include <limits>

#include "flags.hpp"
#include "imdswatch/state/codec.hpp"

namespace imdswatch {
namespace {

constexpr std::uint8_t max_format = static_cast<std::uint8_t>(Format::custom);

/// Fields that are mostly empty: a bit for each, then those that are not.
template <std::size_t N>
void write_sparse(ByteWriter& out, const std::array<const std::string*, N>& fields) {
  std::uint64_t present = 0;
  for (std::size_t i = 0; i < N; ++i) present |= static_cast<std::uint64_t>(!fields[i]->empty()) << i;
  out.varint(present);
  for (const std::string* field : fields) {
    if (!field->empty()) out.text(*field);
  }
}

template <std::size_t N>
bool read_sparse(ByteReader& in, const std::array<std::string*, N>& fields) {
  const std::uint64_t present = in.varint();
  if (!in.ok() || (present >> N) != 0) return false;
  for (std::size_t i = 0; i < N; ++i) {
    fields[i]->clear();
    if (((present >> i) & 1U) != 0 && !read_text(in, *fields[i])) return false;
  }
  return true;
}

template <class Details>
auto texts_of(Details& d) {
  return std::array{&d.name, &d.executable, &d.entity_id, &d.command_line, &d.hash_sha256, &d.hash_sha1, &d.hash_md5};
}

template <class Seen>
auto user_texts_of(Seen& e) {
  return std::array{&e.user_name, &e.user_domain, &e.user_id, &e.signer_subject};
}

template <class Attributes>
auto texts_of_host(Attributes& a) {
  return std::array{&a.name,          &a.id,         &a.os_name,       &a.ip,           &a.agent_id,
                    &a.agent_name,    &a.agent_type, &a.agent_version, &a.cloud_provider, &a.cloud_account_id,
                    &a.cloud_instance_id, &a.cloud_region, &a.peer_value};
}

}  // namespace

void write(ByteWriter& out, const ProcessDetails& value) {
  write_sparse(out, texts_of(value));
  out.u8(value.pid ? 1 : 0);
  if (value.pid) out.varint(*value.pid);
}

bool read_process_details(ByteReader& in, ProcessDetails& out) {
  bool has_pid = false;
  if (!read_sparse(in, texts_of(out)) || !read_bool(in, has_pid)) return false;
  out.pid = has_pid ? std::optional{in.varint()} : std::nullopt;
  return in.ok();
}

void write(ByteWriter& out, const Evidence& value) {
  write(out, value.process);
  write(out, value.parent);
  write_sparse(out, user_texts_of(value));
  out.u8(Flags{}
             .add(value.joined)
             .add(value.process_start.has_value())
             .add(value.signature_trusted.has_value())
             .add(value.signature_trusted.value_or(false))
             .bits());
  if (value.process_start) write(out, *value.process_start);
}

bool read_evidence(ByteReader& in, Evidence& out) {
  std::uint8_t flags = 0;
  out = Evidence{};
  if (!read_process_details(in, out.process) || !read_process_details(in, out.parent)) return false;
  if (!read_sparse(in, user_texts_of(out)) || !read_flags(in, 4, flags)) return false;
  out.joined = has(flags, 0);
  if (has(flags, 2)) out.signature_trusted = has(flags, 3);
  if (!has(flags, 2) && has(flags, 3)) return false;
  return !has(flags, 1) || read_event_time(in, out.process_start.emplace());
}

void write(ByteWriter& out, const HostAttributes& value) { write_sparse(out, texts_of_host(value)); }
bool read_host_attributes(ByteReader& in, HostAttributes& out) { return read_sparse(in, texts_of_host(out)); }

void write(ByteWriter& out, const ProcessSeen& value) {
  write(out, value.evidence);
  write(out, value.destination);
  out.u8(value.port ? 1 : 0);
  if (value.port) out.varint(*value.port);
  out.text(value.transport);
  out.varint(value.calls);
  write(out, value.first);
  write(out, value.last);
}

bool read_process_seen(ByteReader& in, ProcessSeen& out) {
  bool has_port = false;
  if (!read_evidence(in, out.evidence) || !read_ip_address(in, out.destination) || !read_bool(in, has_port)) return false;
  out.port.reset();
  if (has_port) {
    const std::uint64_t port = in.varint();
    if (port > std::numeric_limits<std::uint16_t>::max()) return false;
    out.port = static_cast<std::uint16_t>(port);
  }
  if (!read_text(in, out.transport)) return false;
  out.calls = in.varint();
  return read_event_time(in, out.first) && read_event_time(in, out.last);
}

void write(ByteWriter& out, const SourceEvent& value) {
  write(out, value.origin);
  out.text(value.event_id);
}

bool read_source_event(ByteReader& in, SourceEvent& out) { return read_origin(in, out.origin) && read_text(in, out.event_id); }

void write(ByteWriter& out, const Sighting& value) {
  write(out, value.key);
  write_without_key(out, value);
}

bool read_sighting(ByteReader& in, Sighting& out) {
  return read_sighting_key(in, out.key) && read_sighting_without_key(in, out);
}

void write_without_key(ByteWriter& out, const Sighting& value) {
  out.varint(value.calls);
  write(out, value.first);
  write(out, value.last);
  write_all(out, value.processes, [](ByteWriter& o, const ProcessSeen& p) { write(o, p); });
  out.varint(value.processes_omitted);
  write_texts(out, value.user_ids);
  out.varint(value.user_ids_omitted);
  write_all(out, value.sources, [](ByteWriter& o, const SourceEvent& s) { write(o, s); });
  write(out, value.attributes);
  write_texts(out, value.host_ids);
  out.u8(static_cast<std::uint8_t>(value.format));
  out.u8(Flags{}.add(value.late).add(value.clock_skewed).bits());
}

bool read_sighting_without_key(ByteReader& in, Sighting& out) {
  out.calls = in.varint();
  if (!read_event_time(in, out.first) || !read_event_time(in, out.last)) return false;
  if (!read_all(in, out.processes, read_process_seen)) return false;
  out.processes_omitted = in.varint();
  if (!read_texts(in, out.user_ids)) return false;
  out.user_ids_omitted = in.varint();
  if (!read_all(in, out.sources, read_source_event) || !read_host_attributes(in, out.attributes)) return false;
  if (!read_texts(in, out.host_ids)) return false;
  const std::uint8_t format = in.u8();
  std::uint8_t flags = 0;
  if (format > max_format || !read_flags(in, 2, flags)) return false;
  out.format = static_cast<Format>(format);
  out.late = has(flags, 0);
  out.clock_skewed = has(flags, 1);
  return true;
}

}  // namespace imdswatch
