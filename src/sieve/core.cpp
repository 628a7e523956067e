#include "core.hpp"

#include <algorithm>
#include <utility>

#include "call_builder.hpp"
#include "evidence_blob.hpp"
#include "imdswatch/base/check.hpp"
#include "imdswatch/sieve/evidence.hpp"

namespace imdswatch {

SieveCore::SieveCore(const SieveConfig& config, Decoder* decoder)
    : addresses_(config.addresses),
      exclude_ports_(config.exclude_ports),
      disorder_(config.disorder),
      decoder_(decoder),
      starts_(config.process_table_bytes, config.hash_seed, config.table_memory),
      awaiting_(config.hash_seed) {}

void SieveCore::assign(const TopicPartition& source, std::string_view metadata) {
  revoke(source);
  sources_.emplace(source, Source{ClockRule::load(metadata, disorder_).value_or(ClockRule{disorder_})});
}

void SieveCore::revoke(const TopicPartition& source) {
  sources_.erase(source);
  latest_ = {};
}

SieveCore::Source& SieveCore::searched(const TopicPartition& source) {
  const auto found = sources_.find(source);
  IMDS_CHECK(found != sources_.end());
  latest_ = {source, &found->second};
  return found->second;
}

const SieveCore::Source& SieveCore::at(const TopicPartition& source) const {
  const auto found = sources_.find(source);
  IMDS_CHECK(found != sources_.end());
  return found->second;
}

void SieveCore::begin(Source& source, const RawMessage& message) {
  IMDS_CHECK(!source.last || message.offset > *source.last);
  source.last = message.offset;
  ++counters_.messages;
  counters_.bytes += message.payload.size();
}

bool SieveCore::ingest(const RawMessage& message, const Glance& glance, SieveOutput& out) {
  Source& source = at(message.source);
  if (!source.clock.accepts(glance.time)) return false;
  const KeptStart* kept = nullptr;
  std::optional<ProcessKey> of_start;
  if (glance.kind == Glance::Kind::start) {
    if (glance.identity) of_start = process_key(glance.format, *glance.identity, names_);
    if (of_start) starts_.fetch(*of_start);  // while it is kept
    kept = decoder_->keep_start();
    if (kept == nullptr || (!of_start && !(of_start = key_of_read(glance)))) return false;
  }
  begin(source, message);
  SieveCounters::ByFormat& counted = counts(glance.format);
  switch (glance.kind) {
    case Glance::Kind::ignored: ++counted.ignored[static_cast<std::size_t>(glance.reason)]; break;
    case Glance::Kind::elsewhere: ++counted.connections_elsewhere; break;
    case Glance::Kind::start: ++counted.starts; break;
  }
  count_order(source, glance.time);
  source.clock.accept(glance.time, decisions_);
  settle(source, out);
  if (of_start) take_start(source, *of_start, glance.time, *kept, &out);
  return true;
}

void SieveCore::ingest(const RawMessage& message, std::span<const Decoded> events, SieveOutput& out) {
  Source& source = at(message.source);
  begin(source, message);
  source.before = source.clock;
  Origin origin{message.source.topic, message.source.partition, message.epoch, message.offset, 0};
  for (const Decoded& decoded : events) {
    if (const auto* event = std::get_if<Event>(&decoded)) {
      take(source, *event, origin, out);
    } else if (const auto* ignored = std::get_if<Ignored>(&decoded)) {
      ++counts(ignored->format).ignored[static_cast<std::size_t>(ignored->reason)];
      if (ignored->time) observe(source, *ignored->time, ignored->host, out);
    } else {
      reject(origin, std::get<Rejected>(decoded), out);
    }
    ++origin.place;
  }
}

void SieveCore::reject(const Origin& origin, const Rejected& rejected, SieveOutput& out) {
  ++counts(rejected.format).rejected[static_cast<std::size_t>(rejected.reason)];
  const bool told = !out.rejected.empty() && out.rejected.back().source == origin.source() && out.rejected.back().offset == origin.offset;
  if (told) return;
  out.rejected.push_back({origin.source(), origin.offset, origin.place, rejected.reason, std::string{rejected.detail}});
}

void SieveCore::take(Source& source, const Event& event, const Origin& origin, SieveOutput& out) {
  if (const auto* start = std::get_if<ProcessStartEvent>(&event.what)) {
    ++counts(event.format).starts;
    observe(source, event.time, event.host.name.empty() ? event.host.id : event.host.name, out);
    take_start(source, event, *start, &out);
    return;
  }
  const auto& connection = std::get<ConnectionEvent>(event.what);
  if (is_metadata_service(connection)) {
    take_call(source, event, connection, origin, out);
  } else {
    ++counts(event.format).connections_elsewhere;
    observe(source, event.time, event.host.name.empty() ? event.host.id : event.host.name, out);
  }
}

bool SieveCore::is_metadata_service(const ConnectionEvent& connection) const {
  if (std::find(addresses_.begin(), addresses_.end(), connection.destination) == addresses_.end()) return false;
  return !connection.port || std::find(exclude_ports_.begin(), exclude_ports_.end(), *connection.port) == exclude_ports_.end();
}

void SieveCore::count_order(const Source& source, EventTime time) {
  if (source.clock.stream() && time < *source.clock.stream() - disorder_) ++counters_.out_of_order;
}

void SieveCore::observe(Source& source, EventTime time, std::string_view host, SieveOutput& out) {
  count_order(source, time);
  if (source.clock.accepts(time)) {
    source.clock.accept(time, decisions_);
  } else {
    source.clock.hold(time, host_hash(host), 0, decisions_);
  }
  settle(source, out);
}

void SieveCore::take_call(Source& source, const Event& event, const ConnectionEvent& connection, const Origin& origin,
                          SieveOutput& out) {
  HostId host = host_id(event);
  if (host.value().empty()) {  // only blanks for a name
    reject(origin, {event.format, RejectReason::no_host, "the host's name is blank"}, out);
    return;
  }
  ++counts(event.format).calls;
  const ProcessKey key = process_key(event, connection.process, names_);
  Call call = make_call(event, connection, origin, std::move(host));
  count_order(source, event.time);
  const bool accepted = source.clock.accepts(event.time);
  if (accepted && source.queue.empty()) {
    source.clock.accept(event.time, decisions_);
    emit(source, std::move(call), key, event.time, out);
    return;
  }
  const ClockRule::Ticket ticket = source.next_ticket++;
  source.queue.push_back({ticket, std::move(call), key, event.time, stream_watermark(source),
                          accepted ? std::string{} : source.before.save(), accepted});
  if (accepted) {
    source.clock.accept(event.time, decisions_);
  } else {
    source.clock.hold(event.time, host_hash(event.host.name.empty() ? event.host.id : event.host.name), ticket, decisions_);
  }
  settle(source, out);
}

void SieveCore::settle_queue(Source& source, SieveOutput& out) {
  auto& queue = source.queue;
  for (const ClockRule::Decision& decision : decisions_) {
    const auto found = std::lower_bound(queue.begin(), queue.end(), decision.ticket,
                                        [](const Queued& queued, ClockRule::Ticket ticket) { return queued.ticket < ticket; });
    IMDS_CHECK(found != queue.end() && found->ticket == decision.ticket);
    found->decided = true;
    found->call.time = decision.time;
    found->call.clock_skewed = decision.skewed;
  }
  decisions_.clear();
  while (!queue.empty() && queue.front().decided) {
    Queued first = std::move(queue.front());
    queue.pop_front();
    emit(source, std::move(first.call), first.key, first.own_time, out);
  }
}

void SieveCore::emit(Source& source, Call call, const ProcessKey& key, EventTime own_time, SieveOutput& out) {
  if (call.clock_skewed) ++counters_.clock_skewed;
  if (const auto start = starts_.find(key, own_time)) {
    complete(call.evidence, evidence_of(start->told, start->start));
    ++counts(call.format).join_hits;
  } else {
    ++counts(call.format).join_misses;
    counters_.awaiting_evicted += awaiting_.add(call, key, own_time, *source.clock.stream());
  }
  out.records.emplace_back(std::move(call));
}

std::optional<ProcessKey> SieveCore::key_of_read(const Glance& glance) {
  const Event* const event = decoder_->read_start();
  if (event == nullptr) return std::nullopt;
  const ProcessFields& process = std::get<ProcessStartEvent>(event->what).process;
  return glance.identity ? process_key(*event, process, *glance.identity, names_) : process_key(*event, process, names_);
}

void SieveCore::take_start(Source& source, const Event& event, const ProcessStartEvent& start, SieveOutput* out) {
  const std::string packed = pack(imdswatch::evidence_of(start));
  take_start(source, process_key(event, start.process, names_), event.time, {nullptr, packed}, out);
}

void SieveCore::take_start(Source& source, const ProcessKey& key, EventTime time, const KeptStart& told, SieveOutput* out) {
  const EventTime now = std::min(time, source.clock.stream().value_or(time));
  counters_.starts_evicted += starts_.add(key, time, now, told);
  if (out == nullptr || !awaiting_.may_wait(key)) return;
  for (Lineage& lineage : awaiting_.take(key, time, evidence_of(told, time))) {
    ++counts(key.format).late_starts;
    out->records.emplace_back(std::move(lineage));
  }
}

Evidence SieveCore::evidence_of(const KeptStart& told, std::optional<EventTime> time) const {
  Evidence out;
  if (told.shape == nullptr) {
    out = unpack(told.tokens);
  } else if (const ProcessStartEvent* const start = decoder_->recall(told)) {
    out = imdswatch::evidence_of(*start);
  }
  out.process_start = time;
  out.joined = true;
  return out;
}

void SieveCore::warm_up(const TopicPartition& source, std::span<const Decoded> events) {
  Source& of = at(source);
  for (const Decoded& decoded : events) {
    const auto* event = std::get_if<Event>(&decoded);
    if (event == nullptr) continue;
    if (const auto* start = std::get_if<ProcessStartEvent>(&event->what)) take_start(of, *event, *start, nullptr);
  }
}

void SieveCore::finish(const TopicPartition& source, SieveOutput& out) {
  Source& of = at(source);
  of.clock.finish(decisions_);
  settle(of, out);
}

SourcePosition SieveCore::position(const TopicPartition& source) const {
  const Source& of = at(source);
  IMDS_CHECK(of.last);
  if (of.queue.empty()) return {Offset{of.last->value() + 1}, of.clock.save()};
  return {of.queue.front().call.origin.offset, of.queue.front().state};
}

std::optional<EventTime> SieveCore::watermark(const Source& source) const {
  return source.queue.empty() ? stream_watermark(source) : source.queue.front().watermark;
}

std::optional<EventTime> SieveCore::stream_watermark(const Source& source) const {
  if (!source.clock.stream()) return std::nullopt;
  return *source.clock.stream() - disorder_;
}

std::optional<EventTime> SieveCore::watermark(const TopicPartition& source) const { return watermark(at(source)); }

}  // namespace imdswatch
