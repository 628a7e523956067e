#include "decode_dump.hpp"

#include <cstdio>

namespace imdswatch::testing {
namespace {

class Dump {
 public:
  void line(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    out_.append(name).append(" = ");
    for (const char c : value) {
      if (static_cast<unsigned char>(c) >= 0x20) {
        out_.push_back(c);
        continue;
      }
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
      out_ += escaped;
    }
    out_.push_back('\n');
  }
  void line(const std::string& name, std::optional<bool> value) {
    if (value) line(name, std::string_view(*value ? "true" : "false"));
  }
  template <class UInt>
  void number(const std::string& name, std::optional<UInt> value) {
    if (value) line(name, std::to_string(*value));
  }

  void process(const std::string& prefix, const ProcessFields& process) {
    line(prefix + ".name", process.name);
    line(prefix + ".executable", process.executable);
    line(prefix + ".entity_id", process.entity_id);
    number(prefix + ".pid", process.pid);
    line(prefix + ".command_line", process.command_line);
    line(prefix + ".sha256", process.hash_sha256);
    line(prefix + ".sha1", process.hash_sha1);
    line(prefix + ".md5", process.hash_md5);
    line(prefix + ".signature.exists", process.signature.exists);
    line(prefix + ".signature.trusted", process.signature.trusted);
    line(prefix + ".signature.valid", process.signature.valid);
    line(prefix + ".signature.subject", process.signature.subject);
  }

  void processes_and_user(const auto& told) {
    process("process", told.process);
    process("parent", told.parent);
    line("user.name", told.user.name);
    line("user.domain", told.user.domain);
    line("user.id", told.user.id);
  }

  void operator()(const ConnectionEvent& connection) {
    line("kind", std::string_view("connection"));
    processes_and_user(connection);
    line("destination", to_string(connection.destination));
    number("port", connection.port);
    line("transport", connection.transport);
  }
  void operator()(const ProcessStartEvent& start) {
    line("kind", std::string_view("process_start"));
    processes_and_user(start);
  }

  void operator()(const Event& event) {
    line("account", std::string_view("event"));
    line("format", to_string(event.format));
    line("time", to_iso8601(event.time));
    line("host.name", event.host.name);
    line("host.id", event.host.id);
    line("host.os_name", event.host.os_name);
    line("host.ip", event.host.ip);
    line("agent.id", event.agent.id);
    line("agent.name", event.agent.name);
    line("agent.type", event.agent.type);
    line("agent.version", event.agent.version);
    line("cloud.provider", event.cloud.provider);
    line("cloud.account_id", event.cloud.account_id);
    line("cloud.instance_id", event.cloud.instance_id);
    line("cloud.region", event.cloud.region);
    line("event_id", event.event_id);
    line("peer_value", event.peer_value);
    line("namespace_value", event.namespace_value);
    std::visit([this](const auto& what) { (*this)(what); }, event.what);
  }
  void operator()(const Ignored& ignored) {
    line("account", std::string_view("ignored"));
    line("format", to_string(ignored.format));
    line("reason", to_string(ignored.reason));
    if (ignored.time) line("time", to_iso8601(*ignored.time));
    line("host.name", ignored.host);
  }
  void operator()(const Rejected& rejected) {
    line("account", std::string_view("rejected"));
    line("format", to_string(rejected.format));
    line("reason", to_string(rejected.reason));
    line("detail", rejected.detail);
  }

  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

}  // namespace

std::string dump(const Decoded& decoded) {
  Dump out;
  std::visit([&](const auto& told) { out(told); }, decoded);
  return out.take();
}

std::string dump(std::span<const Decoded> decoded) {
  std::string out;
  for (const Decoded& one : decoded) {
    if (!out.empty()) out.push_back('\n');
    out += dump(one);
  }
  return out;
}

}  // namespace imdswatch::testing
