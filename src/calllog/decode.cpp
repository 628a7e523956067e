#include <string>
#include <utility>

#include "format.hpp"
#include "imdswatch/calllog/record.hpp"
#include "imdswatch/sieve/sieve.hpp"
#include "members.hpp"

namespace imdswatch {
namespace {

using calllog::Members;
using simdjson::dom::element;
using simdjson::dom::object;

EventTime event_time(const Members& in, std::string_view key) {
  const auto us = in.time(key, 1'000'000);
  if (!us) in.fail(key);
  return event_time_us(us.value_or(0));
}

void read(const Members& in, Origin& out) {
  in.topic("topic", out.topic);
  in.id("partition", out.partition);
  in.id("epoch", out.epoch);
  in.id("offset", out.offset);
  in.number("place", out.place);
}

void read(const Members& in, Signature& out) {
  in.text("name", out.name);
  if (out.name.empty()) in.fail("signature.name");
  in.text("folder", out.folder);
  in.text("signer", out.signer);
  std::string user;
  in.text("user", user);
  UserKind kind{};
  if (parse_user_kind(user, kind)) out.user = kind;  // a kind that only a newer version knows is unknown
}

void read(const Members& in, ProcessDetails& out) {
  in.text("name", out.name);
  in.text("executable", out.executable);
  in.number("pid", out.pid);
  in.text("entity_id", out.entity_id);
  in.text("command_line", out.command_line);
  in.text("sha256", out.hash_sha256);
  in.text("sha1", out.hash_sha1);
  in.text("md5", out.hash_md5);
}

void read(const Members& in, Evidence& out) {
  read(in.nested("process"), out.process);
  read(in.nested("parent"), out.parent);
  const Members user = in.nested("user");
  user.text("name", out.user_name);
  user.text("domain", out.user_domain);
  user.text("id", out.user_id);
  in.text("signer_subject", out.signer_subject);
  in.flag("signature_trusted", out.signature_trusted);
  if (const auto us = in.time("process_start", 1'000'000)) out.process_start = event_time_us(*us);
  in.flag("joined", out.joined);
}

void read(const Members& in, HostAttributes& out) {
  in.text("host_name", out.name);
  in.text("host_id", out.id);
  in.text("os_name", out.os_name);
  in.text("ip", out.ip);
  in.text("agent_id", out.agent_id);
  in.text("agent_name", out.agent_name);
  in.text("agent_type", out.agent_type);
  in.text("agent_version", out.agent_version);
  in.text("cloud_provider", out.cloud_provider);
  in.text("cloud_account_id", out.cloud_account_id);
  in.text("cloud_instance_id", out.cloud_instance_id);
  in.text("cloud_region", out.cloud_region);
  in.text("peer", out.peer_value);
}

HostId host(const Members& in) {
  std::string text;
  in.text("host", text);
  if (text.empty()) in.fail("host");
  return HostId{std::move(text)};
}

Format format_named(std::string_view name) {
  for (std::uint8_t i = 0; i < format_count; ++i) {
    if (to_string(static_cast<Format>(i)) == name) return static_cast<Format>(i);
  }
  return Format::unknown;
}

Call read_call(const Members& in) {
  Call out;
  read(in.nested("origin"), out.origin);
  out.time = event_time(in, "time");
  out.host = host(in);
  in.flag("clock_skewed", out.clock_skewed);
  read(in.nested("signature"), out.signature);
  read(in, out.evidence);
  read(in.nested("attributes"), out.attributes);
  const Members destination = in.nested("destination");
  std::string ip;
  destination.text("ip", ip);
  const auto address = parse_ip_address(ip);
  if (address) out.destination = *address;
  if (!address) in.fail("destination.ip");
  destination.number("port", out.port);
  destination.text("transport", out.transport);
  in.text("event_id", out.event_id);
  std::string format;
  in.text("format", format);
  out.format = format_named(format);
  return out;
}

Lineage read_lineage(const Members& in) {
  Lineage out;
  read(in.nested("origin"), out.call);
  out.host = host(in);
  out.call_time = event_time(in, "call_time");
  read(in, out.evidence);
  return out;
}

Progress read_progress(const Members& in) {
  Progress out;
  in.topic("topic", out.source.topic);
  in.id("partition", out.source.partition);
  if (const auto us = in.time("watermark", 1'000'000)) out.watermark = event_time_us(*us);
  in.flag("at_end", out.at_end);
  in.id("generation", out.generation);
  const auto wall = in.time("wall", 1000);
  if (!wall) in.fail("wall");
  out.wall = wall_time_ms(wall.value_or(0));
  simdjson::dom::array roster;
  element value;
  if (!in.find("roster", value) || value.get(roster) != simdjson::SUCCESS) {
    in.fail("roster");
    return out;
  }
  std::string& wrong = in.wrong();
  for (const element entry : roster) {
    object members;
    if (entry.get(members) != simdjson::SUCCESS) {
      in.fail("roster");
      break;
    }
    const Members of{members, wrong};
    RosterEntry& read = out.roster.emplace_back();
    of.topic("topic", read.topic);
    of.number("partitions", read.partitions);
  }
  return out;
}

Error malformed(std::string what) { return {Errc::record_malformed, "call log record: " + std::move(what)}; }

Result<LogBody> read_body(const Members& in, std::string& wrong) {
  std::int64_t version = 0;
  in.number("v", version);
  if (version > calllog::version) {
    return Error{Errc::format_too_new, "call log record has format version " + std::to_string(version) + ", this program reads up to " +
                                           std::to_string(calllog::version) + ": install the imdswatch that wrote it, or a newer one"};
  }
  if (version < 1) return malformed("its format version `v` is missing or not a positive number");
  std::string type;
  in.text("type", type);
  LogBody body;
  if (type == calllog::type_call) {
    body = read_call(in);
  } else if (type == calllog::type_lineage) {
    body = read_lineage(in);
  } else if (type == calllog::type_progress) {
    body = read_progress(in);
  } else {
    return malformed("its `type` is none of call, lineage, progress");
  }
  if (!wrong.empty()) return malformed("`" + wrong + "` of a " + type + " is missing or not what it must be");
  return body;
}

}  // namespace

Result<LogBody> decode_log_body(std::string_view bytes) {
  thread_local simdjson::dom::parser parser;  // only for its memory: nothing of a record outlives the call
  object root;
  if (const auto error = parser.parse(bytes.data(), bytes.size()).get(root); error != simdjson::SUCCESS) {
    return malformed(simdjson::error_message(error));
  }
  std::string wrong;
  return read_body(Members{root, wrong}, wrong);
}

}  // namespace imdswatch
