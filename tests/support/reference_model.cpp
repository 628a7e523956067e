#include "support/reference_model.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace imdswatch::test {
namespace {

std::int64_t day_of(EventTime time) { return std::chrono::floor<std::chrono::days>(time.time_since_epoch()).count(); }

std::optional<std::string> part_of(const Signature& signature, int kind) {
  if (kind == 0) return signature.folder;
  if (kind == 2) return signature.signer;
  return signature.user ? std::optional(std::string(1, static_cast<char>('0' + static_cast<int>(*signature.user)))) : std::nullopt;
}

bool has(const Signature& known, const Signature& asked) {
  for (int kind = 0; kind < 3; ++kind) {
    if (part_of(asked, kind) && part_of(asked, kind) != part_of(known, kind)) return false;
  }
  return true;
}

std::string group_of(const Leaving& leaving) {
  if (!leaving.peer_value.empty()) return "field:" + leaving.peer_value;
  return "stem:" + leaving.host.value().substr(0, leaving.host.value().rfind('-'));
}

}  // namespace

void ReferenceModel::learn(EventTime run_time, std::vector<Leaving> leaving, bool learning) {
  history_.push_back({run_time, std::move(leaving), learning});
}

double ReferenceModel::faded(const Count& count, EventTime now) const {
  const double days = std::chrono::duration<double, std::ratio<86400>>(now - count.last).count();
  const double value = count.value * std::exp2(-days / policy_.half_life_days);
  return count.value >= 1 ? std::max(1.0, value) : value;
}

void ReferenceModel::grow(Count& count, const Weight& weight, EventTime now) const {
  const double before = faded(count, now);
  double value = before + weight.weight;
  if (weight.learned) value = std::max(1.0, value);
  if (!weight.learned && before < 1) value = std::min(value, 1 - policy_.guard_weight);
  count = {value, now};
}

double ReferenceModel::vote(const Host& host, EventTime now) const {
  return std::exp2(-static_cast<double>(day_of(now) - host.last_day) / policy_.half_life_days);
}

ReferenceModel::Weight ReferenceModel::replay_signature(Name& name, const Signature& signature, const Taught& taught,
                                                        bool finding) const {
  const Signature* counted = &signature;
  const auto same = name.signatures.find(signature);
  if (!signature.complete() && !(same != name.signatures.end() && same->second.learned)) {
    for (const auto& [known, state] : name.signatures) {
      if (state.learned && has(known, signature)) {
        counted = &known;
        break;
      }
    }
  }
  const bool fresh = !name.signatures.contains(*counted);
  Known& known = name.signatures[*counted];
  if (fresh) known.learned = taught.learning || !finding;
  const bool again = !fresh && known.last == taught.time;  // told twice in this bucket, with and without a part
  known.last = taught.time;
  if (known.learned && !(again && known.buckets == -1)) return {1, true};
  if (again) return {policy_.guard_weight, known.learned};
  known.days.insert(day_of(taught.time));
  ++known.buckets;
  if (known.buckets >= policy_.guard_buckets && static_cast<int>(known.days.size()) >= policy_.guard_days) {
    known.learned = true;
    known.buckets = -1;  // in this bucket it still counts as guarded
  }
  return {policy_.guard_weight, known.learned};
}

void ReferenceModel::replay_bucket(const Taught& taught, Hosts& hosts) const {
  std::map<std::string, std::map<std::string, std::map<Value, Weight>>> weights;  // host, name; Value{-1, ""}: the name itself
  for (const bool complete : {true, false}) {
    for (const Leaving& leaving : taught.leaving) {
      if (leaving.signature.complete() != complete) continue;
      Name& name = hosts[leaving.host.value()].names[leaving.signature.name];
      const Weight weight = replay_signature(name, leaving.signature, taught, leaving.finding);
      auto& rows = weights[leaving.host.value()][leaving.signature.name];
      const auto raise = [&](const Value& value) {
        rows[value].weight = std::max(rows[value].weight, weight.weight);
        rows[value].learned = rows[value].learned || weight.learned;
      };
      raise({-1, ""});
      for (int kind = 0; kind < 3; ++kind) {
        if (const auto part = part_of(leaving.signature, kind)) raise({kind, *part});
      }
    }
  }
  for (const Leaving& leaving : taught.leaving) {
    Host& host = hosts[leaving.host.value()];
    if (host.group.empty() || !leaving.peer_value.empty()) host.group = group_of(leaving);
  }
  for (const auto& [host, names] : weights) {
    hosts[host].last_day = day_of(taught.time);
    for (const auto& [name, rows] : names) {
      for (const auto& [value, weight] : rows) {
        Name& known = hosts[host].names[name];
        grow(value.first < 0 ? known.count : known.parts[value], weight, taught.time);
      }
    }
  }
}

void ReferenceModel::forget(Hosts& hosts, EventTime now) const {
  const auto old = [&](EventTime last) { return now - last > std::chrono::days{policy_.forget_days}; };
  for (auto& [_, host] : hosts) {
    for (auto& [__, name] : host.names) {
      std::erase_if(name.parts, [&](const auto& part) { return old(part.second.last); });
      std::erase_if(name.signatures, [&](const auto& signature) { return old(signature.second.last); });
    }
    std::erase_if(host.names, [&](const auto& name) { return old(name.second.count.last); });
  }
  std::erase_if(hosts, [](const auto& host) { return host.second.names.empty(); });
}

ReferenceModel::Hosts ReferenceModel::replay(EventTime until) const {
  Hosts hosts;
  std::int64_t swept = 0;
  for (const Taught& taught : history_) {
    if (taught.time > until) break;
    if (day_of(taught.time) > swept) forget(hosts, taught.time);
    swept = day_of(taught.time);
    replay_bucket(taught, hosts);
  }
  return hosts;
}

double ReferenceModel::level(const std::map<std::string, double>& counts, const std::string& value, double next) const {
  double n = 0, discounts = 0, c = 0;
  for (const auto& [known, count] : counts) {
    n += count;
    discounts += std::min(policy_.discount, count);
    if (known == value) c = count;
  }
  return (c - std::min(policy_.discount, c)) / (n + policy_.strength) +
         (policy_.strength + discounts) / (n + policy_.strength) * next;
}

double ReferenceModel::surprise(const std::string& host_name, const Signature& signature, EventTime now) const {
  const Hosts hosts = replay(now);
  const auto self = hosts.find(host_name);
  const std::string group = self != hosts.end() ? self->second.group : "stem:" + host_name.substr(0, host_name.rfind('-'));
  std::map<std::string, double> fleet, peers, own;
  int peer_hosts = 0;
  for (const auto& [_, host] : hosts) {
    if (host.group == group) ++peer_hosts;
    for (const auto& [name, __] : host.names) {
      fleet[name] += vote(host, now);
      if (host.group == group) peers[name] += vote(host, now);
    }
  }
  const Name* known = nullptr;
  if (self != hosts.end()) {
    for (const auto& [name, seen] : self->second.names) {
      own[name] = faded(seen.count, now);
      if (name == signature.name) known = &seen;
    }
  }
  double p = level(fleet, signature.name, policy_.novelty);
  if (peer_hosts >= policy_.peers_min_hosts) p = level(peers, signature.name, p);
  double s = -std::log10(level(own, signature.name, p));

  const std::array floors{policy_.folder_floor, policy_.user_floor, policy_.signer_floor};
  for (int kind = 0; kind < 3; ++kind) {
    std::map<std::string, double> in_fleet, on_host;
    for (const auto& [_, host] : hosts) {
      if (!host.names.contains(signature.name)) continue;
      for (const auto& [value, __] : host.names.at(signature.name).parts) {
        if (value.first == kind) in_fleet[value.second] += vote(host, now);
      }
    }
    if (known) {
      for (const auto& [value, count] : known->parts) {
        if (value.first == kind) on_host[value.second] = faded(count, now);
      }
    }
    const double floor = floors[static_cast<std::size_t>(kind)];
    const auto chance = [&](const std::string& value) { return level(on_host, value, level(in_fleet, value, floor)); };
    if (const auto value = part_of(signature, kind)) {
      s += -std::log10(chance(*value));
      continue;
    }
    double mass = 0;
    for (const auto& [value, _] : in_fleet) mass += chance(value);
    const double rest = std::max(0.0, 1 - mass), scale = mass + rest;
    for (const auto& [value, _] : in_fleet) s -= chance(value) / scale * std::log10(chance(value) / scale);
    if (rest > 0) s -= rest / scale * std::log10(rest / scale);
  }
  return s;
}

bool ReferenceModel::learned(const std::string& host, const Signature& signature, EventTime now) const {
  const Hosts hosts = replay(now);
  if (!hosts.contains(host) || !hosts.at(host).names.contains(signature.name)) return false;
  for (const auto& [known, state] : hosts.at(host).names.at(signature.name).signatures) {
    if (state.learned && (known == signature || (!signature.complete() && has(known, signature)))) return true;
  }
  return false;
}

}  // namespace imdswatch::test
