#include "event_maker.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>

#include "key_order.hpp"
#include "texts.hpp"

namespace imdswatch::bench {
namespace {

constexpr std::size_t running_processes = 12;
constexpr std::size_t noise_size = 1 << 16;

/// How hosts are shared out among layouts, in twentieths.
constexpr std::array<Layout, 20> layout_of_host{
    Layout::elastic_defend, Layout::winlogbeat_raw, Layout::nxlog,          Layout::elastic_defend, Layout::winlogbeat_raw,
    Layout::winlogbeat_ecs, Layout::elastic_defend, Layout::defender,       Layout::winlogbeat_raw, Layout::elastic_defend,
    Layout::wazuh,          Layout::elastic_defend, Layout::winlogbeat_raw, Layout::winlogbeat_ecs, Layout::elastic_defend,
    Layout::nxlog,          Layout::winlogbeat_raw, Layout::defender,       Layout::elastic_defend, Layout::winlogbeat_raw};

/// The address in the forms in which it comes, all of one meaning. The first is what nearly all write.
constexpr std::array<std::string_view, 6> written_forms{"169.254.169.254",
                                                        "::ffff:169.254.169.254",
                                                        "0:0:0:0:0:ffff:a9fe:a9fe",
                                                        R"(169\u002e254\u002e169\u002e254)",
                                                        R"(\u0031\u0036\u0039.254.169.254)",
                                                        "::FFFF:A9FE:A9FE"};
/// With how many members each event of a Beat begins, whatever the order of the others; nothing for what no Beat writes.
std::optional<std::size_t> first_members(Layout layout) {
  if (layout == Layout::winlogbeat_raw) return 2;  // @timestamp, @metadata
  return layout == Layout::winlogbeat_ecs ? std::optional<std::size_t>{1} : std::nullopt;
}

constexpr std::string_view garbled = "a9fe:a9fe:6e00:6500:7400:7700:6f00:7200";

}  // namespace

EventMaker::EventMaker(const MakerOptions& options)
    : options_(options), random_(options.seed), templates_(all_templates()), everyday_(everyday_programs(random_)), agents_(cloud_agents(random_)) {
  noise_ = hex(random_, noise_size);
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < noise_size; ++i) base64_ += digits[random_.below(digits.size())];
  for (std::uint32_t i = 0; i < options_.hosts; ++i) hosts_.push_back(make_host(i));
}

EventMaker::Host EventMaker::make_host(std::uint32_t index) {
  Host out;
  out.layout = layout_of_host[index % layout_of_host.size()];
  char name[32];
  std::snprintf(name, sizeof name, "web-%c-%05u", 'a' + static_cast<char>(index / 20 % 8), index);
  out.name = name;
  out.upper = out.name;
  std::ranges::transform(out.upper, out.upper.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  out.fqdn = out.name + ".corp.example";
  out.id = with_dashes(hex(random_, 32));
  out.device = hex(random_, 40);
  out.agent = with_dashes(hex(random_, 32));
  out.ip = "10." + std::to_string(index / 65536 % 256) + "." + std::to_string(index / 256 % 256) + "." + std::to_string(index % 256);
  const std::size_t cloud = index / 20 % 3;  // one cloud's agents
  const std::size_t first = cloud == 0 ? 0 : cloud + 2, count = cloud == 0 ? 3 : 1;
  for (std::size_t i = 0; i < count; ++i) out.agents.push_back(make_process(out, agents_[first + i], options_.begin_us - 86'400'000'000));
  for (std::size_t i = 0; i < running_processes; ++i) {
    out.running.push_back(make_process(out, everyday_[random_.below(everyday_.size())], options_.begin_us - 3'600'000'000));
  }
  return out;
}

EventMaker::Process EventMaker::make_process(Host& host, const Program& program, std::int64_t started_us) {
  Process out;
  out.program = &program;
  out.command = &program.commands[random_.below(program.commands.size())];
  out.serial = ++host.serial;
  out.pid = 1000 + 4 * static_cast<std::uint32_t>(out.serial % 14'000);
  out.started_us = started_us;
  return out;
}

std::string& EventMaker::text() {
  if (used_ == texts_.size()) texts_.emplace_back();
  std::string& out = texts_[used_++];
  out.clear();
  return out;
}

EventMaker::Kind EventMaker::draw_kind() {
  const double u = random_.unit();
  if (u < options_.call_share) return Kind::call;
  if (u < options_.connection_share) return Kind::connection;
  if (u < options_.connection_share + options_.start_share) return Kind::start;
  return Kind::other;
}

/// Steadily on; up to a second late, and one event in fifty up to a minute.
std::int64_t EventMaker::draw_time() {
  const auto step = static_cast<double>(std::chrono::microseconds(options_.span).count()) / static_cast<double>(options_.events);
  const std::int64_t at = options_.begin_us + static_cast<std::int64_t>(step * static_cast<double>(totals_.events));
  const bool late = random_.chance(0.02);
  return at - static_cast<std::int64_t>(random_.below(late ? 60'000'000 : 1'000'000));
}

const EventMaker::Process& EventMaker::start_process(Host& host, std::int64_t time_us) {
  const bool agent = random_.chance(0.06);  // an agent's own helpers come and go
  const Program& program = agent ? *host.agents[random_.below(host.agents.size())].program : everyday_[random_.below(everyday_.size())];
  Process& place = host.running[host.oldest];
  host.oldest = (host.oldest + 1) % host.running.size();
  place = make_process(host, program, time_us);
  return place;
}

/// Nearly always an agent of the host's cloud: one that has run for long, or one whose start stands in the stream.
const EventMaker::Process& EventMaker::caller(Host& host) {
  if (random_.chance(0.02)) return host.running[random_.below(host.running.size())];
  if (random_.chance(0.3)) {
    for (const Process& process : host.running) {
      if (std::ranges::any_of(host.agents, [&](const Process& one) { return one.program == process.program; })) return process;
    }
  }
  return host.agents[random_.below(host.agents.size())];
}

bool EventMaker::fill_call() {
  slot(Slot::to_port) = "80";
  slot(Slot::is_ipv6) = "false";
  if (random_.chance(0.02)) {
    slot(Slot::to) = garbled;
    slot(Slot::is_ipv6) = "true";
    return true;
  }
  slot(Slot::to) = random_.chance(0.9) ? written_forms.front() : written_forms[random_.below(written_forms.size())];
  if (slot(Slot::to).find(':') != std::string_view::npos) slot(Slot::is_ipv6) = "true";
  return false;
}

void EventMaker::fill_destination() {
  std::string& to = text();
  const std::uint64_t bits = random_.next();
  char buffer[24];
  const unsigned first = bits % 3 == 0 ? 10 : 20 + static_cast<unsigned>(bits >> 8) % 140;
  to.append(buffer, static_cast<std::size_t>(std::snprintf(buffer, sizeof buffer, "%u.%u.%u.%u", first, static_cast<unsigned>(bits >> 16) % 256,
                                                           static_cast<unsigned>(bits >> 24) % 256, 1 + static_cast<unsigned>(bits >> 32) % 254)));
  slot(Slot::to) = to;
  slot(Slot::to_port) = bits % 5 == 0 ? "1433" : "443";
  slot(Slot::is_ipv6) = "false";
}

void EventMaker::fill_random() {
  const auto piece = [&](const std::string& of, std::size_t length) { return std::string_view(of).substr(random_.below(noise_size - length), length); };
  slot(Slot::hex32) = piece(noise_, 32);
  slot(Slot::hex40) = piece(noise_, 40);
  slot(Slot::hex64) = piece(noise_, 64);
  slot(Slot::base64) = piece(base64_, 44);
  std::string& guid = text();
  guid.append(piece(noise_, 36));
  for (const std::size_t at : {8u, 13u, 18u, 23u}) guid[at] = '-';
  slot(Slot::any_guid) = guid;
  std::string& number = text();
  number = std::to_string(100'000 + random_.below(900'000));
  slot(Slot::number) = number;
  std::string& port = text();
  port = std::to_string(49'152 + random_.below(16'000));
  slot(Slot::from_port) = port;
  std::string& thread = text();
  thread = std::to_string(1000 + random_.below(9000));
  slot(Slot::thread) = thread;
}

void EventMaker::fill_times(std::int64_t time_us, std::int64_t started_us) {
  const auto set = [&](Slot which, std::int64_t us, char between, int digits, const char* end) {
    std::string& to = text();
    write_time(to, us, between, digits, end);
    slot(which) = to;
  };
  set(Slot::iso7, time_us, 'T', 7, "Z");
  set(Slot::iso3, time_us, 'T', 3, "Z");
  set(Slot::sysmon, time_us, ' ', 3, "");
  set(Slot::seconds, time_us, ' ', 0, "");
  set(Slot::start, started_us, 'T', 7, "Z");
}

void EventMaker::fill_host(const Host& host) {
  slot(Slot::host) = host.name;
  slot(Slot::upper) = host.upper;
  slot(Slot::fqdn) = host.fqdn;
  slot(Slot::host_id) = host.id;
  slot(Slot::device) = host.device;
  slot(Slot::agent) = host.agent;
  slot(Slot::ip) = host.ip;
}

void EventMaker::fill_programs(const Process& process, const Process& parent) {
  const Program& program = *process.program;
  slot(Slot::name) = program.name;
  slot(Slot::description) = program.description;
  slot(Slot::signer) = program.signer;
  slot(Slot::path) = program.path.plain;
  slot(Slot::path4) = program.path.doubled;
  slot(Slot::device_path) = program.device_path;
  slot(Slot::folded_path) = program.folded_path;
  slot(Slot::command) = process.command->plain;
  slot(Slot::command4) = process.command->doubled;
  slot(Slot::command_net) = process.command->dotnet;
  slot(Slot::parent_name) = parent.program->name;
  slot(Slot::parent_path) = parent.program->path.plain;
  slot(Slot::parent_path4) = parent.program->path.doubled;
  slot(Slot::parent_command) = parent.command->plain;
  slot(Slot::parent_command4) = parent.command->doubled;
  slot(Slot::parent_command_net) = parent.command->dotnet;
  slot(Slot::user) = program.as_system ? "SYSTEM" : "kim";
  slot(Slot::domain) = program.as_system ? "NT AUTHORITY" : "CORP";
  slot(Slot::sid) = program.as_system ? "S-1-5-18" : "S-1-5-21-1004336348-1177238915-682003330-1104";
}

void EventMaker::fill_ids(const Host& host, const Process& process, const Process& parent) {
  const auto set = [&](Slot which, std::string value) { slot(which) = text() = std::move(value); };
  set(Slot::pid, std::to_string(process.pid));
  set(Slot::hex_pid, "0x" + hex_of(process.pid));
  set(Slot::parent_pid, std::to_string(parent.pid));
  set(Slot::parent_hex_pid, "0x" + hex_of(parent.pid));
  set(Slot::guid, guid_of(host.id, process.serial));
  set(Slot::parent_guid, guid_of(host.id, parent.serial));
  set(Slot::entity, entity_of(host.id, process.serial));
  set(Slot::parent_entity, entity_of(host.id, parent.serial));
  set(Slot::serial, std::to_string(1'000'000 + totals_.events));
}

const TemplateText& EventMaker::choose(const Templates& templates, Kind kind, bool garbled_address) {
  const auto any = [&](const std::vector<TemplateText>& of) -> const TemplateText& { return of[random_.below(of.size())]; };
  switch (kind) {
    case Kind::call: return garbled_address && !templates.sysmon_connections.empty() ? any(templates.sysmon_connections) : any(templates.connections);
    case Kind::start: return any(templates.starts);
    case Kind::connection: return random_.chance(0.15) ? any(templates.incoming) : any(templates.connections);
    case Kind::other: return any(templates.others);
  }
  return templates.others.front();
}

EventMaker::Event EventMaker::next() {
  used_ = 0;
  Event out;
  out.host = static_cast<std::uint32_t>(random_.below(hosts_.size()));
  out.kind = draw_kind();
  Host& host = hosts_[out.host];
  const std::int64_t time_us = draw_time();
  const Process parent = host.running[random_.below(host.running.size())];
  const Process process = out.kind == Kind::start ? start_process(host, time_us)
                          : out.kind == Kind::call ? caller(host)
                                                   : host.running[random_.below(host.running.size())];
  fill_times(time_us, process.started_us);
  fill_host(host);
  fill_programs(process, parent);
  fill_ids(host, process, parent);
  fill_random();
  const Templates& templates = templates_[static_cast<std::size_t>(host.layout)];
  bool garbled_address = false;
  if (out.kind == Kind::call) {
    garbled_address = fill_call();
    if (garbled_address && templates.sysmon_connections.empty()) {
      slot(Slot::to) = written_forms.front();
      slot(Slot::is_ipv6) = "false";
      garbled_address = false;
    }
  } else {
    fill_destination();
  }
  json_.clear();
  choose(templates, out.kind, garbled_address).write(slots_, json_);
  if (const auto first = first_members(host.layout); options_.any_order && first) json_ = shuffled_members(json_, *first, random_);
  out.key = host.name;
  out.json = json_;
  ++totals_.events;
  totals_.bytes += json_.size();
  totals_.calls += out.kind == Kind::call ? 1 : 0;
  totals_.starts += out.kind == Kind::start ? 1 : 0;
  totals_.connections += out.kind == Kind::connection ? 1 : 0;
  ++totals_.by_layout[static_cast<std::size_t>(host.layout)];
  return out;
}

}  // namespace imdswatch::bench
