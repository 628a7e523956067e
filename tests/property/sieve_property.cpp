#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <random>

#include "../unit/sieve/events.hpp"

namespace imdswatch::test {
namespace {

using namespace std::chrono_literals;

struct Drawn {
  std::string host;
  EventTime time;
  bool call;
};
using Message = std::vector<Drawn>;

/// A partition's life: a few hosts, mostly in step, some with wrong clocks, now and then a gap in time for all.
class World {
 public:
  explicit World(std::uint64_t seed) : random_(seed) {
    hosts_ = 1 + below(5);
    wrong_ = below(3);
    call_every_ = 1 + below(6);
    wrong_every_ = 2 + below(30);
    gap_every_ = 20 + below(400);
  }
  std::vector<Message> messages(std::size_t count) {
    std::vector<Message> out;
    for (std::size_t i = 0; i < count; ++i) {
      Message& message = out.emplace_back();
      for (std::size_t k = below(8) == 0 ? below(4) : 1; k > 0; --k) message.push_back(draw());
    }
    return out;
  }

 private:
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }

  Drawn draw() {
    now_ += std::chrono::milliseconds{below(3000)};
    if (below(gap_every_) == 0) now_ += std::chrono::minutes{below(20) == 0 ? 100'000 : below(180)};
    const bool call = below(call_every_) == 0;
    if (wrong_ > 0 && below(wrong_every_) == 0) {
      const std::size_t which = below(wrong_);
      const auto ahead = std::chrono::minutes{which == 0 ? 59 + static_cast<int>(below(5)) : 500'000 + static_cast<int>(below(30))};
      return {"wrong-" + std::to_string(which), now_ + ahead, call};
    }
    return {"host-" + std::to_string(below(hosts_)), now_ - std::chrono::milliseconds{below(150'000)}, call};
  }

  std::mt19937_64 random_;
  EventTime now_ = start;
  std::size_t hosts_, wrong_, call_every_, wrong_every_, gap_every_;
};

/// A partition made to stand at the rule's edges: its times lie about an hour and more ahead of where the stream stands just
/// then, in phases that prefer one distance, a few hosts or one, and few events that are not ahead.
std::vector<Message> edge_cases(std::uint64_t seed, std::size_t count) {
  std::mt19937_64 random{seed};
  const auto below = [&](std::size_t bound) { return static_cast<std::size_t>(random() % bound); };
  ClockRule follow{std::chrono::minutes{2}};
  std::vector<ClockRule::Decision> unused;
  std::vector<Message> out(count);
  std::size_t phase_left = 0, ahead = 0, hosts = 1, near_every = 2;
  for (Message& message : out) {
    if (phase_left == 0) {
      phase_left = 5 + below(60);
      ahead = 59 + below(30) * below(8);
      hosts = 1 + below(2) * below(3);
      near_every = 2 + below(30);
    }
    --phase_left;
    for (std::size_t k = below(3) == 0 ? below(5) : 1; k > 0; --k) {
      const EventTime now = follow.stream().value_or(start);
      const bool is_near = below(near_every) == 0;
      const EventTime time = is_near ? now + std::chrono::seconds{below(60)} - std::chrono::seconds{30}
                                     : now + std::chrono::minutes{ahead} + std::chrono::seconds{below(620)};
      const std::size_t host = below(hosts);
      message.push_back({"host-" + std::to_string(host), time, below(3) == 0});
      if (follow.accepts(time)) {
        follow.accept(time, unused);
      } else {
        follow.hold(time, static_cast<ClockRule::HostHash>(host + 1), 0, unused);
      }
    }
  }
  return out;
}

void read(Feed& feed, const Message& message) {
  std::vector<Decoded> events;
  for (const Drawn& drawn : message) {
    if (drawn.call) {
      events.emplace_back(call_event(drawn.host, drawn.time));
    } else {
      events.emplace_back(other_event(drawn.host, drawn.time));
    }
  }
  feed.message(events);
}

std::vector<Call> from(std::vector<Call> calls, Offset offset) {
  std::erase_if(calls, [&](const Call& call) { return call.origin.offset < offset; });
  return calls;
}

/// Reads `messages`, and again from every `step`-th position: the calls from there, and the watermark, must be the same.
void check_resuming(const std::vector<Message>& messages, const SieveConfig& with, std::size_t step) {
  std::vector<SourcePosition> positions;
  Feed whole{with};
  for (const Message& message : messages) {
    read(whole, message);
    positions.push_back(whole.core.position(whole.source));
    RC_ASSERT((positions.back().metadata.size() < 3072U));
  }
  const auto watermark = whole.core.watermark(whole.source);
  whole.core.finish(whole.source, whole.out);
  const auto calls = whole.calls();
  for (std::size_t i = 0; i < positions.size(); i += step) {
    Feed resumed{with, positions[i].metadata, positions[i].next.value()};
    for (auto k = static_cast<std::size_t>(positions[i].next.value()); k < messages.size(); ++k) read(resumed, messages[k]);
    if (resumed.next > positions[i].next.value()) RC_ASSERT((resumed.core.watermark(resumed.source) == watermark));
    resumed.core.finish(resumed.source, resumed.out);
    RC_ASSERT((resumed.calls() == from(calls, positions[i].next)));
  }
}

RC_GTEST_PROP(SieveProperty, TakenUpAgainAnywhereItGivesTheSameCalls, (std::uint64_t seed)) {
  check_resuming(World{seed}.messages(*rc::gen::inRange<std::size_t>(1, 1500)), config(), 37);
}

RC_GTEST_PROP(SieveProperty, TakenUpAgainAtTheRulesEdgesItGivesTheSameCalls, (std::uint64_t seed)) {
  SieveConfig with = config();
  with.disorder = std::chrono::minutes{1 + seed % 7};
  check_resuming(edge_cases(seed, 120), with, 1);
}

RC_GTEST_PROP(SieveProperty, EveryCallGoesOutOnceInOrderAndNoneSkewedIsLate, (std::uint64_t seed)) {
  const auto messages = seed % 2 == 0 ? World{seed}.messages(1500) : edge_cases(seed, 1500);
  Feed feed;
  std::size_t made = 0;
  std::size_t out = 0;
  std::optional<EventTime> watermark;
  const auto check = [&] {
    for (; out < feed.out.records.size(); ++out) {
      const Call& call = std::get<Call>(feed.out.records[out]);
      if (out > 0) RC_ASSERT((std::get<Call>(feed.out.records[out - 1]).origin < call.origin));
      if (call.clock_skewed && watermark) RC_ASSERT((call.time >= *watermark));
    }
    const auto now = feed.core.watermark(feed.source);
    if (watermark) RC_ASSERT((now >= watermark));
    watermark = now;
  };
  for (const Message& message : messages) {
    for (const Drawn& drawn : message) made += drawn.call ? 1 : 0;
    read(feed, message);
    check();
    const auto held = feed.next - feed.core.position(feed.source).next.value();
    RC_ASSERT((held <= static_cast<std::int64_t>(ClockRule::patience_events + ClockRule::max_pending + 1)));
  }
  feed.core.finish(feed.source, feed.out);
  check();
  RC_ASSERT((feed.out.records.size() == made));
  RC_ASSERT((feed.core.position(feed.source).next == Offset{feed.next}));
}

RC_GTEST_PROP(SieveProperty, OrderWithinTheAllowedDisorderChangesNoCall, (std::uint64_t seed)) {
  std::mt19937_64 random{seed};
  std::vector<Drawn> events;
  for (int i = 0; i < 300; ++i) {
    events.push_back({"host-" + std::to_string(random() % 4), start + i * 1s, random() % 3 == 0});
  }
  const auto kept = [](const std::vector<Drawn>& series) {
    Feed feed;
    feed.begin();
    for (const Drawn& event : series) read(feed, {event});
    std::vector<std::tuple<HostId, EventTime, Signature, bool>> out;
    for (const Call& call : feed.calls()) out.emplace_back(call.host, call.time, call.signature, call.clock_skewed);
    std::sort(out.begin(), out.end());
    return std::pair{out, feed.core.watermark(feed.source)};
  };
  auto shuffled = events;
  for (std::size_t i = 0; i < shuffled.size(); i += 120) {  // within two minutes
    std::shuffle(shuffled.begin() + static_cast<std::ptrdiff_t>(i),
                 shuffled.begin() + static_cast<std::ptrdiff_t>(std::min(i + 120, shuffled.size())), random);
  }
  RC_ASSERT((kept(shuffled) == kept(events)));
}

RC_GTEST_PROP(SieveProperty, NoTextMakesAStateThatCannotBeRead, (const std::string& text)) {
  Feed feed{config(), text};
  feed.begin();
  RC_ASSERT((feed.core.watermark(feed.source) == start - 2min));
}

}  // namespace
}  // namespace imdswatch::test
