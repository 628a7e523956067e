#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "imdswatch/base/check.hpp"
#include "twins.hpp"
#include "window_impl.hpp"

namespace imdswatch {

Window::Window(const Schedule& schedule) : impl_(std::make_unique<Impl>(schedule)) {
  IMDS_CHECK(schedule.every.count() > 0 && schedule.lookback % schedule.every == EventClock::duration::zero());
  IMDS_CHECK(schedule.lookback >= 2 * schedule.every);
}
Window::~Window() = default;
Window::Window(Window&&) noexcept = default;
Window& Window::operator=(Window&&) noexcept = default;

bool Window::Impl::take_origin(const Origin& origin) {
  bool first = false;
  if (latest_mark == marks.end() || latest_mark->first != origin.source()) {
    std::tie(latest_mark, first) = marks.try_emplace(origin.source());
  }
  Mark& mark = latest_mark->second;
  if (!first && origin <= mark.highest) return false;
  mark.highest = origin;
  marks_are_new = marks_are_new || first;
  if (!mark.dirty) dirty_marks.push_back(latest_mark->first);
  mark.dirty = true;
  return true;
}

bool Window::Impl::has_left(Bucket bucket) const {
  return clock.last_run() && schedule.start(bucket) < *clock.last_run() + schedule.every - schedule.lookback;
}

template <class IsPlain>
Window::Added Window::Impl::add(const Call& call, IsPlain&& is_plain) {
  if (!take_origin(call.origin)) {
    ++told_before;
    return Added::told_before;
  }
  Bucket bucket = schedule.bucket_of(call.time);
  const bool is_late = has_left(bucket);
  if (is_late) {
    bucket = next_closing();
    ++late;
  }
  HostOpen& host = table.host(call.host);
  Open* found = host.find(bucket, call.signature);
  Open& open = found ? *found : table.open(host, bucket, call.signature);
  if (open.unseen == 0) ++unseen_sightings;
  open.add(call, is_plain(open), is_late, origins);
  ++open_calls;
  table.mark_dirty(host, open);
  look_at(host, open);
  return is_late ? Added::counted_late : Added::counted;
}

Window::Added Window::add(const Call& call, bool plain) {
  return impl_->add(call, [plain](const Open&) { return plain; });
}

Window::Added Window::add(const Call& call, const std::function<bool()>& learned) {
  return impl_->add(call, [&](Open& open) {
    if (open.plain_asked != impl_->runs) open.plain = learned();
    open.plain_asked = impl_->runs;
    return open.plain;
  });
}

void Window::Impl::look_at(HostOpen& host, Open& open) {
  table.list_unseen(host, open);
  if (schedule.mode != Schedule::Mode::continuous || open.fresh) return;
  open.fresh = true;
  fresh.push_back(&host);
}

void Window::expect(std::span<const HostId* const> hosts) { impl_->table.expect(hosts); }

void Window::add(const Lineage& lineage) {
  HostOpen* const host = impl_->table.find(lineage.host);
  if (!host) return;
  for (Open& open : host->open) {
    if (open.explain(lineage, impl_->origins)) impl_->table.mark_dirty(*host, open);
  }
}

void Window::add(const Progress& progress, WallTime append_time) {
  if (impl_->clock.add(progress, append_time)) impl_->forget_marks(append_time);
}

/// Of topics that are gone for so long that nothing of them can be told again.
void Window::Impl::forget_marks(WallTime now) {
  if (std::exchange(marks_are_new, false)) {
    for (const auto& [source, mark] : marks) clock.remember(source.topic, now);
  }
  for (const TopicId& topic : clock.take_forgotten()) {
    std::erase_if(marks, [&](const auto& entry) {
      if (entry.first.topic != topic) return false;
      dropped_marks.push_back(entry.first);
      return true;
    });
    latest_mark = marks.end();
  }
}

Run Window::Impl::run_at(EventTime time) const {
  const Bucket after = schedule.bucket_of(time);
  const std::int64_t back = schedule.lookback / schedule.every;
  return {time, Bucket{after.value() - 1}, Bucket{after.value() - back}};
}

/// Whether it is due or not; none before any call.
std::optional<Run> Window::Impl::next_run() const {
  if (clock.last_run()) return run_at(*clock.last_run() + schedule.every);
  const std::optional<Bucket> earliest = table.earliest();
  if (!earliest) return std::nullopt;
  return run_at(schedule.start(*earliest) + schedule.every);
}

std::optional<Run> Window::next_due() const {
  const std::optional<EventTime> now = time();
  if (!now) return std::nullopt;
  std::optional<Run> next = impl_->next_run();
  if (next && *now < next->time + impl_->schedule.delay) next.reset();
  return next;
}

std::optional<EventTime> Window::idle_until() const {
  const std::optional<Run> next = next_due();
  if (!next || !last_run()) return std::nullopt;
  const Schedule& schedule = impl_->schedule;
  EventTime until = schedule.start(schedule.bucket_of(*time() - schedule.delay));
  if (const auto earliest = impl_->table.earliest_listed()) until = std::min(until, schedule.start(*earliest));
  return until < next->time ? std::nullopt : std::optional(until);
}

void Window::pass(EventTime last_run) { impl_->clock.complete(last_run); }

void Window::Impl::join_and_drop(HostOpen& host, Bucket bucket) {
  const bool may_have_twins = std::any_of(host.open.begin(), host.open.end(), [&](const Open& o) {
    return o.bucket == bucket && o.unseen > 0 && !o.signature().complete();
  });
  if (!may_have_twins) return;
  std::size_t before = 0, after = 0;
  const auto count = [&](std::size_t& unseen) {
    for (const Open& o : host.open) unseen += o.unseen > 0 ? 1 : 0;
  };
  count(before);
  const std::uint64_t joined = join_twins(table, host, bucket, origins);
  count(after);
  twins += joined;
  open_calls -= joined;
  unseen_sightings -= before - after;
  for (std::size_t i = host.open.size(); i-- > 0;) {
    if (host.open[i].calls == 0) table.drop(host, host.open[i]);
  }
}

void Window::Impl::take(HostOpen& host, Open& open, std::vector<Candidate>& out) {
  --unseen_sightings;
  table.mark_dirty(host, open);
  Candidate& taken = out.emplace_back();
  taken.before = open.judgement;
  open.take_unseen(host.id, taken.fresh);
}

void Window::Impl::judge_or_take(HostOpen& host, Open& open, const Screen& screen, std::vector<Candidate>& out) {
  const std::optional<Judgement> said = screen ? screen.judge(open.look(host.id)) : std::nullopt;
  if (!said) return take(host, open, out);
  --unseen_sightings;
  table.mark_dirty(host, open);
  open.pass_unseen();
  open.judgement = said;
}

std::vector<Candidate> Window::begin(const Run& run, const Screen& screen) {
  Impl& w = *impl_;
  std::vector<Candidate> out;
  if (!screen) out.reserve(w.unseen_sightings);
  while (auto bucket = w.table.take_unseen(run.closing)) {
    in_turn(bucket->hosts, [&](std::span<HostOpen* const> next) {
      if (!screen.expect) return;
      std::array<const HostId*, prefetch_block> ids{};
      std::ranges::transform(next, ids.begin(), [](const HostOpen* host) { return &host->id; });
      screen.expect(std::span(ids).first(next.size()));
    }, [&](HostOpen* host) {
      w.join_and_drop(*host, bucket->bucket);
      in_bucket(*host, bucket->bucket, w.at_hand);
      for (Open* open : w.at_hand) {
        open->listed = false;
        if (open->unseen > 0) w.judge_or_take(*host, *open, screen, out);
      }
    });
  }
  return out;
}

/// A part that the call's format cannot tell is waited for only on hosts of which another one is known to tell it.
bool Window::Impl::can_judge_now(const HostOpen& host, const Open& open) const {
  if (open.unseen == 0 || !clock.last_run() || *clock.last_run() < schedule.start(open.bucket)) return false;
  const Signature& signature = open.signature();
  if (signature.complete()) return true;
  if (!signature.folder || !signature.user) return false;
  if (open.evidence && !is_windows_log(open.evidence->format)) return false;
  return std::none_of(host.open.begin(), host.open.end(), [](const Open& o) { return o.signature().signer.has_value(); });
}

std::vector<Candidate> Window::take_ready() {
  Impl& w = *impl_;
  std::vector<Candidate> out;
  for (HostOpen* host : w.fresh) {
    for (Open& open : host->open) {
      if (!open.fresh) continue;
      open.fresh = false;
      if (w.can_judge_now(*host, open)) w.take(*host, open, out);
    }
  }
  w.fresh.clear();
  std::sort(out.begin(), out.end(), [](const Candidate& a, const Candidate& b) { return a.fresh.key < b.fresh.key; });
  return out;
}

void Window::judged(const SightingKey& key, const Judgement& judgement) {
  HostOpen* const host = impl_->table.find(key.host);
  Open* const open = host ? host->find(key.bucket, key.signature) : nullptr;
  IMDS_CHECK(open);
  open->judgement = judgement;
  impl_->table.mark_dirty(*host, *open);
}

std::vector<Leaving> Window::end(const Run& run) {
  std::vector<Leaving> out;
  end(run, [&](std::span<const LeavingLook> looks) {
    for (const LeavingLook& one : looks) out.push_back({*one.host, *one.signature, one.finding, *one.peer_value, one.first, one.last});
  });
  return out;
}

void Window::Impl::hand_out(std::span<HostOpen* const> left, Bucket bucket, const std::function<void(std::span<const LeavingLook>)>& learn) {
  leaving.clear();
  const std::span<HostOpen* const> of_bucket = left.first(std::min(prefetch_block, left.size()));
  for (HostOpen* host : of_bucket) {
    OpenTable::fetch_ahead(left);
    left = left.subspan(1);
    in_bucket(*host, bucket, at_hand);
    for (const Open* open : at_hand) {
      IMDS_CHECK(open->unseen == 0);  // begin has seen every call up to the closing bucket
      open_calls -= open->calls;
      leaving.push_back({&host->id, &open->signature(), &open->peer_value, open->judgement && open->judgement->finding, open->first, open->last});
    }
  }
  learn(leaving);
  for (HostOpen* host : of_bucket) {
    for (std::size_t i = host->open.size(); i-- > 0;) {
      if (host->open[i].bucket == bucket) table.drop(*host, host->open[i]);
    }
  }
}

void Window::end(const Run& run, const std::function<void(std::span<const LeavingLook>)>& learn) {
  Impl& w = *impl_;
  std::vector<HostOpen*> idle;
  while (auto leaving = w.table.take_bucket(run.leaving)) {
    std::span<HostOpen* const> left = leaving->hosts;
    for (; !left.empty(); left = left.subspan(std::min(prefetch_block, left.size()))) w.hand_out(left, leaving->bucket, learn);
    std::ranges::copy_if(leaving->hosts, std::back_inserter(idle), [](const HostOpen* host) { return host->open.empty(); });
  }
  std::erase_if(w.fresh, [](const HostOpen* host) { return host->open.empty(); });
  std::sort(idle.begin(), idle.end());
  idle.erase(std::unique(idle.begin(), idle.end()), idle.end());
  w.table.forget_idle(idle);
  w.clock.complete(run.time);
  ++w.runs;
  if (w.schedule.mode != Schedule::Mode::continuous) return;
  for (HostOpen* host : w.table.unseen_in(w.schedule.bucket_of(run.time))) {
    for (Open& open : host->open) {
      if (open.unseen > 0) w.look_at(*host, open);
    }
  }
}

std::optional<EventTime> Window::time() const { return impl_->clock.time(); }
std::optional<EventTime> Window::last_run() const { return impl_->clock.last_run(); }

bool Window::advance_to_next_run() {
  Impl& w = *impl_;
  const std::optional<Bucket> earliest = w.table.earliest();
  if (!earliest) return false;
  EventTime run = w.schedule.start(*earliest) + w.schedule.every;
  if (last_run()) run = std::max(run, *last_run() + w.schedule.every);
  w.clock.advance_to(run + w.schedule.delay);
  return true;
}

bool Window::advance_by_one_run() {
  Impl& w = *impl_;
  if (!last_run()) return false;
  w.clock.advance_to(*last_run() + w.schedule.every + w.schedule.delay);
  return true;
}

bool Window::has_unjudged() const { return impl_->unseen_sightings > 0; }

}  // namespace imdswatch
