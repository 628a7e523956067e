#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <variant>

#include "imdswatch/state/window_rows.hpp"
#include "imdswatch/window/window.hpp"

/// Worlds drawn from a seed: calls over three partitions in blocks, each block ended by progress of all partitions.
namespace imdswatch {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using Record = std::variant<Call, Lineage>;

constexpr int partitions = 3;
constexpr int seeds = 150;
constexpr std::int64_t start_us = 1'772'366'400'000'000;

struct Block {
  std::array<std::vector<Record>, partitions> records;
  EventTime watermark;
};
struct World {
  std::vector<Block> blocks;
  std::uint64_t calls = 0;
};

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : random_(seed) {}
  int below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
  bool one_in(int n) { return below(n) == 0; }
  std::mt19937_64& engine() { return random_; }

 private:
  std::mt19937_64 random_;
};

TopicId topic() {
  TopicId id;
  id.bytes[0] = 1;
  return id;
}

Call draw_call(Draw& draw, EventTime base, int partition, std::int64_t offset) {
  Call call;
  call.origin = {topic(), Partition{partition}, LeaderEpoch{0}, Offset{offset}, 0};
  call.time = base + seconds{draw.below(40) * 60 - 1200};  // coarse, so that there are ties; some are late
  call.host = HostId{"host-" + std::to_string(draw.below(3))};
  call.signature = {draw.one_in(2) ? "a.exe" : "b.exe", "c:\\x\\", UserKind::system, "corp"};
  if (draw.one_in(3)) call.signature.signer = "unsigned";
  if (draw.one_in(3)) call.signature.signer.reset();
  if (draw.one_in(4)) call.signature.user.reset();
  if (draw.one_in(8)) call.signature.folder.reset();
  call.evidence.process.pid = static_cast<std::uint64_t>(draw.below(30));
  call.evidence.user_id = draw.one_in(3) ? "" : "S-" + std::to_string(draw.below(3));
  call.attributes.name = call.host.value();
  call.attributes.agent_id = std::to_string(offset);
  call.attributes.peer_value = std::to_string(draw.below(3));
  call.event_id = std::to_string(partition) + "/" + std::to_string(offset);
  call.format = draw.one_in(2) ? Format::elastic_defend : Format::winlogbeat_raw;
  return call;
}

World draw_world(Draw& draw) {
  World world;
  std::array<std::int64_t, partitions> next{};
  EventTime now = event_time_us(start_us);
  const int calls = 1 + draw.below(60);
  for (int b = 0; b < 12; ++b) {
    Block block;
    for (int i = draw.below(calls); i > 0; --i) {
      const int p = draw.below(partitions);
      auto& records = block.records[static_cast<std::size_t>(p)];
      const Call call = draw_call(draw, now, p, next[static_cast<std::size_t>(p)]++);
      records.emplace_back(call);
      ++world.calls;
      if (!draw.one_in(4)) continue;
      Lineage lineage{call.origin, call.host, call.time, call.evidence};
      lineage.evidence.process.command_line = "started late";
      records.emplace_back(lineage);
    }
    now += minutes{draw.below(30)};
    block.watermark = now;
    world.blocks.push_back(std::move(block));
  }
  return world;
}

/// The block's records in an order that keeps each partition's.
std::vector<Record> interleave(const Block& block, Draw& draw) {
  std::vector<std::size_t> whose;
  for (std::size_t p = 0; p < block.records.size(); ++p) whose.insert(whose.end(), block.records[p].size(), p);
  std::shuffle(whose.begin(), whose.end(), draw.engine());
  std::array<std::size_t, partitions> next{};
  std::vector<Record> out;
  for (const std::size_t p : whose) out.push_back(block.records[p][next[p]++]);
  return out;
}

/// What the rest of the program gets to see.
struct Seen {
  std::vector<Sighting> fresh;
  std::vector<std::optional<Judgement>> before;
  std::vector<std::string> left;
  std::uint64_t calls = 0;
};

void do_runs(Window& window, Seen& seen) {
  const auto take = [&](std::vector<Candidate> candidates) {
    for (Candidate& c : candidates) {
      seen.calls += c.fresh.calls;
      seen.before.push_back(c.before);
      if (!c.before) window.judged(c.fresh.key, {c.fresh.key.signature.name == "b.exe", static_cast<double>(c.fresh.calls)});
      seen.fresh.push_back(std::move(c.fresh));
    }
  };
  take(window.take_ready());
  while (const auto run = window.next_due()) {
    take(window.begin(*run));
    for (const Leaving& l : window.end(*run)) {
      seen.left.push_back(l.host.value() + l.signature.name + l.peer_value + (l.finding ? "!" : "") + to_iso8601(l.first) + to_iso8601(l.last));
    }
    take(window.take_ready());
  }
}

bool plain(const Call& call) { return call.signature.name == "a.exe" && call.host.value() == "host-0"; }

void take(Window& window, const Record& record) {
  if (const auto* call = std::get_if<Call>(&record)) {
    window.add(*call, plain(*call));
  } else {
    window.add(std::get<Lineage>(record));
  }
}

void end_block(Window& window, const Block& block, std::size_t index, Seen& seen) {
  for (int p = 0; p < partitions; ++p) {
    Progress progress{{{topic(), partitions}}, {topic(), Partition{p}}, block.watermark, false, Generation{1}, {}};
    progress.wall = wall_time_ms(1'000'000 + static_cast<std::int64_t>(index) * 5000 + p);
    window.add(progress, progress.wall);
  }
  do_runs(window, seen);
}

void finish(Window& window, Seen& seen) {
  while (window.advance_to_next_run()) do_runs(window, seen);
}

std::vector<WindowRow> rows_of(const Window& window) {
  std::vector<WindowRow> out;
  window.rows(out);
  return out;
}

void expect_equal(const Seen& a, const Seen& b) {
  EXPECT_TRUE(a.fresh == b.fresh);
  EXPECT_TRUE(a.before == b.before);
  EXPECT_EQ(a.left, b.left);
}

TEST(WindowProperty, TheOrderOfTheLogBetweenTwoProgressesMakesNoDifference) {
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    SCOPED_TRACE(seed);
    Draw draw{seed};
    const World world = draw_world(draw);
    const auto judge = [&] {
      Window window{Schedule{}};
      Seen seen;
      for (std::size_t i = 0; i < world.blocks.size(); ++i) {
        for (const Record& record : interleave(world.blocks[i], draw)) take(window, record);
        end_block(window, world.blocks[i], i, seen);
      }
      finish(window, seen);
      return seen;
    };
    expect_equal(judge(), judge());
    if (HasFailure()) return;
  }
}

TEST(WindowProperty, EachCallIsJudgedExactlyOnceOrJoinedToItsTwin) {
  for (const auto mode : {Schedule::Mode::interval, Schedule::Mode::continuous}) {
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
      SCOPED_TRACE(seed);
      Draw draw{seed};
      const World world = draw_world(draw);
      Schedule schedule;
      schedule.mode = mode;
      Window window{schedule};
      Seen seen;
      for (std::size_t i = 0; i < world.blocks.size(); ++i) {
        for (const Record& record : interleave(world.blocks[i], draw)) {
          take(window, record);
          take(window, record);  // told twice
          do_runs(window, seen);
        }
        end_block(window, world.blocks[i], i, seen);
      }
      finish(window, seen);
      EXPECT_EQ(seen.calls + window.figures().twins, world.calls);
      EXPECT_EQ(window.figures().told_before, world.calls);
      EXPECT_EQ(window.figures().open_calls, 0U);
      EXPECT_EQ(window.figures().open_sightings, 0U);
      EXPECT_FALSE(window.has_unjudged());
      if (HasFailure()) return;
    }
  }
}

/// A compacted topic: the last value under each key, in the order of their writing.
void commit(Window& window, std::vector<StateRow>& topic_rows) {
  std::vector<WindowRow> changed;
  window.drain(changed);
  for (const WindowRow& row : changed) {
    StateRow next = encode(row);
    const bool known = std::any_of(topic_rows.begin(), topic_rows.end(), [&](const StateRow& r) { return r.key == next.key; });
    EXPECT_TRUE(next.value || known) << "a tombstone for what was never written";
    std::erase_if(topic_rows, [&](const StateRow& r) { return r.key == next.key; });
    topic_rows.push_back(std::move(next));
  }
}

TEST(WindowProperty, AWindowRestoredFromItsRowsGoesOnAsIfNothingHadHappened) {
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    SCOPED_TRACE(seed);
    Draw draw{seed};
    const World world = draw_world(draw);
    Window undisturbed{Schedule{}}, restarted{Schedule{}};
    Seen seen, seen_restarted;
    std::vector<StateRow> topic_rows;
    const auto maybe_restart = [&] {
      if (!draw.one_in(5)) return;
      commit(restarted, topic_rows);
      Window next{Schedule{}};
      for (const StateRow& row : topic_rows) {
        const Result<WindowRow> read = decode_window_row(row);
        ASSERT_TRUE(read.ok()) << read.error().message;
        next.apply(*read);
      }
      ASSERT_TRUE(rows_of(next) == rows_of(restarted));
      restarted = std::move(next);
    };
    for (std::size_t i = 0; i < world.blocks.size(); ++i) {
      for (const Record& record : interleave(world.blocks[i], draw)) {
        take(undisturbed, record);
        take(restarted, record);
        maybe_restart();
      }
      end_block(undisturbed, world.blocks[i], i, seen);
      end_block(restarted, world.blocks[i], i, seen_restarted);
      maybe_restart();
      ASSERT_TRUE(rows_of(undisturbed) == rows_of(restarted));
    }
    finish(undisturbed, seen);
    finish(restarted, seen_restarted);
    expect_equal(seen, seen_restarted);
    commit(restarted, topic_rows);
    const auto sightings = std::count_if(topic_rows.begin(), topic_rows.end(),
                                         [](const StateRow& r) { return r.value && r.key[0] == static_cast<char>(Table::sighting); });
    EXPECT_EQ(sightings, 0) << "what has left the window leaves its topic too";
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace imdswatch
