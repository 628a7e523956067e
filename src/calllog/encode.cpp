#include <algorithm>
#include <string>

#include "format.hpp"
#include "imdswatch/base/hash.hpp"
#include "imdswatch/base/limits.hpp"
#include "imdswatch/calllog/record.hpp"
#include "json_writer.hpp"

namespace imdswatch {
namespace {

using calllog::first_text_us;
using calllog::last_text_us;

/// How much of a record's text is written. Escapes can make six bytes of one, so what fits in the sieve may not fit here.
struct Cuts {
  std::size_t command_line = limits::max_command_line_bytes;
  std::size_t field = limits::max_field_bytes;
};
/// Tried in order until the record fits; the last one always does.
constexpr Cuts cuts[] = {{}, {4096, 2048}};

// A call's free texts beside its two command lines: 16 of the evidence, 13 attributes, the host, 3 of the signature, transport,
// event id; each byte may become six; and what stands around them.
constexpr std::size_t worst_texts = 16 + 13 + 1 + 3 + 2;
constexpr std::size_t worst_last_cut = 6 * (worst_texts * cuts[1].field + 2 * cuts[1].command_line) + 8192;
static_assert(worst_last_cut <= limits::max_call_log_record_bytes);

std::string_view cut(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  std::size_t end = max_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

class Encoder {
 public:
  explicit Encoder(Cuts by) : cuts_(by) {}

  std::string operator()(const Call& call) {
    head(calllog::type_call);
    text("host", call.host.value());
    time("time", call.time);
    json_.flag("clock_skewed", call.clock_skewed);
    signature(call.signature);
    evidence(call.evidence);
    json_.begin("destination");
    json_.text("ip", to_string(call.destination));
    if (call.port) json_.unsigned_integer("port", *call.port);
    text("transport", call.transport);
    json_.end();
    attributes(call.attributes);
    text("event_id", call.event_id);
    if (call.format != Format::unknown) json_.text("format", to_string(call.format));
    origin(call.origin);
    return json_.take();
  }

  std::string operator()(const Lineage& lineage) {
    head(calllog::type_lineage);
    text("host", lineage.host.value());
    time("call_time", lineage.call_time);
    evidence(lineage.evidence);
    origin(lineage.call);
    return json_.take();
  }

  std::string operator()(const Progress& progress) {
    head(calllog::type_progress);
    json_.text("topic", to_string(progress.source.topic));
    json_.integer("partition", progress.source.partition.value());
    if (progress.watermark) time("watermark", *progress.watermark);
    json_.flag("at_end", progress.at_end);
    json_.integer("generation", progress.generation.value());
    const std::int64_t wall = to_ms(progress.wall);
    if (wall >= first_text_us && wall <= last_text_us / 1000) {
      json_.text("wall", to_iso8601(progress.wall));
    } else {
      json_.integer("wall", wall);
    }
    json_.begin_array("roster");
    for (const RosterEntry& entry : progress.roster) {
      json_.begin_element();
      json_.text("topic", to_string(entry.topic));
      json_.integer("partitions", entry.partitions);
      json_.end();
    }
    json_.end_array();
    return json_.take();
  }

 private:
  void head(std::string_view type) {
    json_.integer("v", calllog::version);
    json_.text("type", type);
  }

  void text(std::string_view key, std::string_view value) { json_.text(key, cut(value, cuts_.field)); }

  void time(std::string_view key, EventTime at) {
    const std::int64_t us = to_us(at);
    if (us >= first_text_us && us <= last_text_us) {
      json_.text(key, to_iso8601(at));
    } else {
      json_.integer(key, us);
    }
  }

  void signature(const Signature& signature) {
    json_.begin("signature");
    text("name", signature.name);
    if (signature.folder) json_.text_even_if_empty("folder", cut(*signature.folder, cuts_.field));
    if (signature.user) json_.text("user", to_string(*signature.user));
    if (signature.signer) json_.text_even_if_empty("signer", cut(*signature.signer, cuts_.field));
    json_.end();
  }

  void process(std::string_view key, const ProcessDetails& process) {
    if (process == ProcessDetails{}) return;
    json_.begin(key);
    text("name", process.name);
    text("executable", process.executable);
    if (process.pid) json_.unsigned_integer("pid", *process.pid);
    text("entity_id", process.entity_id);
    json_.text("command_line", cut(process.command_line, cuts_.command_line));
    text("sha256", process.hash_sha256);
    text("sha1", process.hash_sha1);
    text("md5", process.hash_md5);
    json_.end();
  }

  void evidence(const Evidence& evidence) {
    process("process", evidence.process);
    process("parent", evidence.parent);
    if (!evidence.user_name.empty() || !evidence.user_domain.empty() || !evidence.user_id.empty()) {
      json_.begin("user");
      text("name", evidence.user_name);
      text("domain", evidence.user_domain);
      text("id", evidence.user_id);
      json_.end();
    }
    text("signer_subject", evidence.signer_subject);
    if (evidence.signature_trusted) json_.boolean("signature_trusted", *evidence.signature_trusted);
    if (evidence.process_start) time("process_start", *evidence.process_start);
    json_.flag("joined", evidence.joined);
  }

  void attributes(const HostAttributes& of) {
    if (of == HostAttributes{}) return;
    json_.begin("attributes");
    text("host_name", of.name);
    text("host_id", of.id);
    text("os_name", of.os_name);
    text("ip", of.ip);
    text("agent_id", of.agent_id);
    text("agent_name", of.agent_name);
    text("agent_type", of.agent_type);
    text("agent_version", of.agent_version);
    text("cloud_provider", of.cloud_provider);
    text("cloud_account_id", of.cloud_account_id);
    text("cloud_instance_id", of.cloud_instance_id);
    text("cloud_region", of.cloud_region);
    text("peer", of.peer_value);
    json_.end();
  }

  void origin(const Origin& origin) {
    json_.begin("origin");
    json_.text("topic", to_string(origin.topic));
    json_.integer("partition", origin.partition.value());
    json_.integer("epoch", origin.epoch.value());
    json_.integer("offset", origin.offset.value());
    json_.unsigned_integer("place", origin.place);
    json_.end();
  }

  Cuts cuts_;
  JsonWriter json_;
};

}  // namespace

std::string encode(const LogBody& body) {
  std::string out;
  for (const Cuts& by : cuts) {
    out = std::visit(Encoder{by}, body);
    if (out.size() <= limits::max_call_log_record_bytes) break;
  }
  return out;
}

Shard shard_of(const HostId& host, int shards) {
  IMDS_CHECK(shards > 0);
  return Shard{static_cast<std::int32_t>(stable_hash64(host.value()) % static_cast<std::uint64_t>(shards))};
}

}  // namespace imdswatch
