#include "fleet.hpp"

#include <algorithm>
#include <cstdio>
#include <queue>

#include "event_json.hpp"
#include "imdswatch/base/check.hpp"
#include "random.hpp"

namespace imdswatch::fleet {
namespace {

using std::chrono::duration_cast;
constexpr auto metadata_address = "169.254.169.254";
constexpr EventClock::duration day_length = std::chrono::hours{24};

EventClock::duration minutes(double m) { return EventClock::duration{static_cast<std::int64_t>(m * 60e6)}; }

struct RunningCaller {
  Program program;
  double minutes_between = 15;
  ProcessFacts process;
};

struct Host {
  HostFacts facts;
  const HostKind* kind = nullptr;
  std::string version, person;
  unsigned rid = 0;
  EventTime from, until;  ///< of its life
  std::vector<RunningCaller> callers;
};

/// Something that will happen.
struct Planned {
  enum class What : std::uint8_t { call, everyday, start_agent, theft };
  EventTime time;
  std::uint64_t order = 0;
  What what{};
  std::uint32_t host = 0;
  std::size_t which = 0;  ///< caller, or theft kind
  friend bool operator>(const Planned& a, const Planned& b) { return std::tie(a.time, a.order) > std::tie(b.time, b.order); }
};

struct Arriving {
  EventTime arrives;
  std::uint64_t order = 0;
  Event event;
  friend bool operator>(const Arriving& a, const Arriving& b) { return std::tie(a.arrives, a.order) > std::tie(b.arrives, b.order); }
};

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

}  // namespace

struct Fleet::Impl {
  explicit Impl(const Options& wanted) : options(wanted), random(wanted.seed), end(wanted.start + wanted.days * day_length) {
    for (const HostKind& kind : host_kinds()) add_hosts(kind);
    plan_roll_out();
    plan_thefts();
    for (const Host& host : hosts) names.push_back(host.facts.name);
  }

  Options options;
  Random random;
  EventTime end;
  std::vector<Host> hosts;
  std::vector<std::string> names;
  std::vector<Theft> thefts;
  std::priority_queue<Planned, std::vector<Planned>, std::greater<>> agenda;
  std::priority_queue<Arriving, std::vector<Arriving>, std::greater<>> under_way;
  std::uint64_t serial = 0, order = 0, sequence = 0;

  void add_hosts(const HostKind& kind);
  void add_host(const HostKind& kind, int number, EventTime from, EventTime until);
  void plan_roll_out();
  void plan_thefts();
  void plan(Planned planned);
  void happen(const Planned& planned);
  ProcessFacts start(Host& host, const Program& program, EventTime time);
  void tell(std::uint32_t host, EventTime time, std::string json);
  std::string fill(const Host& host, std::string text) const;
};

std::string Fleet::Impl::fill(const Host& host, std::string text) const {
  replace_all(text, "{ver}", host.version);
  replace_all(text, "{person}", host.person);
  replace_all(text, "{rid}", std::to_string(host.rid));
  replace_all(text, "{doc}", std::to_string(serial));
  return text;
}

void Fleet::Impl::plan(Planned planned) {
  planned.order = order++;
  if (planned.time >= hosts[planned.host].from && planned.time < std::min(end, hosts[planned.host].until)) agenda.push(planned);
}

void Fleet::Impl::tell(std::uint32_t host, EventTime time, std::string json) {
  const auto lag = minutes(random.exponential(0.07));
  under_way.push({time + std::min(lag, options.most_lag), order++, {time, host, std::move(json)}});
}

void Fleet::Impl::add_hosts(const HostKind& kind) {
  const int count = std::max(1, static_cast<int>(kind.share * options.hosts + 0.5));
  for (int i = 0; i < count; ++i) {
    EventTime from = options.start;
    EventTime until = end;
    // Some hosts of an autoscaled group live for two days only, and some come new into a known fleet.
    if (kind.autoscaled && i % 3 == 2) {
      from += day_length * static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(std::max(1, options.days - 2))));
      until = from + 2 * day_length;
    } else if (i == count - 1) {
      from += day_length * (options.days / 2);
    }
    add_host(kind, i, from, until);
  }
}

void Fleet::Impl::add_host(const HostKind& kind, int number, EventTime from, EventTime until) {
  const auto index = static_cast<std::uint32_t>(hosts.size());
  Host host;
  host.kind = &kind;
  host.from = from;
  host.until = until;
  char text[64];
  if (kind.autoscaled) {
    std::snprintf(text, sizeof text, "%s-%06x", kind.stem.c_str(), static_cast<unsigned>(random.below(1u << 24)));
  } else {
    std::snprintf(text, sizeof text, "%s%02d", kind.stem.c_str(), number + 1);
  }
  host.facts.name = text;
  host.facts.defend = options.shippers == Options::Shippers::both ? index % 2 == 0 : options.shippers == Options::Shippers::defend;
  if (!host.facts.defend) std::ranges::transform(host.facts.name, host.facts.name.begin(), [](unsigned char c) { return std::toupper(c); });
  std::snprintf(text, sizeof text, "%08x-7e21-4c55-9b0d-%012x", index * 2654435761u, index);
  host.facts.id = text;
  std::snprintf(text, sizeof text, "%08x-0a4f-4d6e-8f11-%012x", index * 40503u + 77u, index);
  host.facts.agent_id = text;
  host.facts.cloud = kind.cloud;
  std::snprintf(text, sizeof text, "10.20.%u.%u", index / 250, index % 250 + 1);
  host.facts.ip = text;
  host.version = "1.4." + std::to_string(3000 + random.below(8));
  host.person = "user" + std::to_string(10 + index);
  host.rid = 2000 + index;
  hosts.push_back(host);
  for (const Caller& caller : kind.callers) {
    if (!random.chance(caller.share_of_hosts)) continue;
    hosts[index].callers.push_back({caller.program, caller.minutes_between / options.call_rate, {}});
    const EventTime at = from + minutes(random.unit() * 20);
    plan({.time = at, .order = 0, .what = Planned::What::start_agent, .host = index, .which = hosts[index].callers.size() - 1});
  }
  if (options.everyday_events_per_hour > 0) {
    plan({.time = from + minutes(random.unit() * 60), .order = 0, .what = Planned::What::everyday, .host = index, .which = 0});
  }
}

void Fleet::Impl::plan_roll_out() {
  if (!options.roll_out) return;
  const EventTime begins = options.start + day_length * (options.days * 2 / 3) + std::chrono::hours{9};
  for (std::uint32_t index = 0; index < hosts.size(); ++index) {
    hosts[index].callers.push_back({rolled_out_agent(), 20 / options.call_rate, {}});
    const EventTime at = std::max(begins + minutes(random.unit() * 10 * 60), hosts[index].from);
    plan({.time = at, .order = 0, .what = Planned::What::start_agent, .host = index, .which = hosts[index].callers.size() - 1});
  }
}

void Fleet::Impl::plan_thefts() {
  const auto steal = [&](std::uint32_t host, TheftKind kind, EventTime at) {
    if (at < hosts[host].from + std::chrono::hours{1} || at >= std::min(end, hosts[host].until) - std::chrono::hours{1}) return false;
    plan({.time = at, .order = 0, .what = Planned::What::theft, .host = host, .which = static_cast<std::size_t>(kind)});
    thefts.push_back({at, hosts[host].facts.name, theft_program(kind).name, theft_name(kind)});
    return true;
  };
  const int days = options.days - options.thefts_after_day;
  if (days <= 0) return;
  const auto some_time = [&] {
    return options.start + options.thefts_after_day * day_length + minutes(random.unit() * days * 24 * 60);
  };
  for (int kind = 0; kind < theft_kinds; ++kind) {
    for (int i = 0; i < options.thefts_of_each_kind; ++i) {
      while (!steal(static_cast<std::uint32_t>(random.below(hosts.size())), static_cast<TheftKind>(kind), some_time())) {
      }
    }
  }
  if (options.lateral_movement) {
    const EventTime at = options.start + (options.days - 1) * day_length + std::chrono::hours{2};
    for (std::uint32_t host = 0, done = 0; host < hosts.size() && done < 7; host += 3) {
      if (steal(host, TheftKind::renamed_tool, at + minutes(25.0 * done))) ++done;
    }
  }
  std::ranges::sort(thefts, {}, &Theft::time);
}

ProcessFacts Fleet::Impl::start(Host& host, const Program& program, EventTime time) {
  ProcessFacts out;
  out.name = program.name;
  out.executable = fill(host, program.folder) + program.name;
  out.command_line = "\"" + out.executable + "\"" + fill(host, program.command_line);
  out.parent = fill(host, program.parent);
  out.user = fill(host, program.user);
  out.user_id = fill(host, program.user_id);
  out.signer = program.signer;
  out.serial = ++serial;
  out.pid = 1000 + 4 * (random.below(12'000));
  out.parent_pid = 600 + 4 * random.below(40);
  out.started = time;
  return out;
}

void Fleet::Impl::happen(const Planned& planned) {
  Host& host = hosts[planned.host];
  const EventTime time = planned.time;
  const auto started = [&](const ProcessFacts& process) {
    tell(planned.host, time, process_start_json(host.facts, process, time, ++sequence));
  };
  const auto connected = [&](const ProcessFacts& process, EventClock::duration after, const std::string& to, int port) {
    tell(planned.host, time + after, connection_json(host.facts, process, time + after, ++sequence, to, port));
  };
  switch (planned.what) {
    case Planned::What::start_agent: {
      RunningCaller& caller = host.callers[planned.which];
      caller.process = start(host, caller.program, time);
      started(caller.process);
      plan({.time = time + minutes(0.02), .order = 0, .what = Planned::What::call, .host = planned.host, .which = planned.which});
      return;
    }
    case Planned::What::call: {
      const RunningCaller& caller = host.callers[planned.which];
      connected(caller.process, {}, metadata_address, 80);
      const double next = caller.minutes_between * (0.8 + 0.4 * random.unit());
      plan({.time = time + minutes(next), .order = 0, .what = Planned::What::call, .host = planned.host, .which = planned.which});
      return;
    }
    case Planned::What::everyday: {
      const auto& programs = everyday_programs();
      const ProcessFacts process = start(host, programs[random.below(programs.size())], time);
      started(process);
      connected(process, minutes(0.01), "52.113." + std::to_string(random.below(250)) + ".7", 443);
      const double next = random.exponential(120.0 / options.everyday_events_per_hour);
      plan({.time = time + minutes(next), .order = 0, .what = Planned::What::everyday, .host = planned.host, .which = 0});
      return;
    }
    case Planned::What::theft: {
      const ProcessFacts process = start(host, theft_program(static_cast<TheftKind>(planned.which)), time);
      started(process);
      connected(process, minutes(0.02), metadata_address, 80);
      return;
    }
  }
}

Fleet::Fleet(const Options& options) : impl_(std::make_unique<Impl>(options)) {}
Fleet::~Fleet() = default;
Fleet::Fleet(Fleet&&) noexcept = default;

std::optional<Event> Fleet::next() {
  Impl& world = *impl_;
  while (!world.agenda.empty() && (world.under_way.empty() || world.agenda.top().time <= world.under_way.top().arrives)) {
    const Planned planned = world.agenda.top();
    world.agenda.pop();
    world.happen(planned);
  }
  if (world.under_way.empty()) return std::nullopt;
  Event out = world.under_way.top().event;
  world.under_way.pop();
  return out;
}

std::vector<Event> Fleet::closing_events() const {
  std::vector<Event> out;
  IMDS_CHECK(impl_->hosts.size() >= 3);
  const Program& program = everyday_programs().front();
  for (int step = 0; step <= 2; ++step) {
    for (std::uint32_t index = 0; index < 3; ++index) {
      const Host& host = impl_->hosts[index];
      const EventTime time = impl_->end + step * std::chrono::minutes{50} + index * std::chrono::seconds{1};
      ProcessFacts process;
      process.name = program.name;
      process.executable = program.folder + program.name;
      process.user = "CORP\\" + host.person;
      process.pid = 4242;
      process.serial = 1;
      out.push_back({time, index, connection_json(host.facts, process, time, 900'000'000 + static_cast<std::uint64_t>(step) * 10 + index, "52.113.9.7", 443)});
    }
  }
  return out;
}

const std::vector<Theft>& Fleet::thefts() const { return impl_->thefts; }
const std::vector<std::string>& Fleet::hosts() const { return impl_->names; }
const std::string& Fleet::rolled_out() const { return rolled_out_agent().name; }
EventTime Fleet::end() const { return impl_->end; }

}  // namespace imdswatch::fleet
