/// bench_restore: how long a shard takes to be restored, and what it takes then, for one size of fleet. One line of JSON.
///
/// A shard learns twelve signatures a host; its rows, compacted, are the state topic. A second one is taken over them by the code that
/// takes every shard: out of memory, and with --bootstrap out of a real broker too, where they are written first by real commits.
#include <unistd.h>
#include <CLI/CLI.hpp>
#include <atomic>
#include <ctime>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "imdswatch/base/check.hpp"
#include "imdswatch/detector/shard_runner.hpp"
#include "imdswatch/kafka/topics.hpp"
#include "kafka/shard_doors.hpp"
#include "shard_calls.hpp"

namespace imdswatch::bench {
namespace {

/// A compacted state topic in memory; the other doors have nothing behind them.
class StateInMemory final : public StateReader, public LogSource, public CommitOutlet {
 public:
  void write(const std::vector<StateRow>& rows) {
    for (const StateRow& row : rows) {
      written_ += 1;
      if (row.value)
        rows_[row.key] = *row.value;
      else
        rows_.erase(row.key);
    }
  }
  Result<void> read(const std::function<Result<void>(const StateRow&)>& take) override {
    StateRow row;
    for (const auto& [key, value] : rows_) {
      row.key = key;
      row.value = value;
      if (auto taken = take(row); !taken) return taken;
    }
    return {};
  }
  Result<void> seek(std::optional<Offset>) override { return {}; }
  Result<std::vector<LogRecord>> poll(std::size_t) override { return std::vector<LogRecord>{}; }
  Result<void> open() override { return {}; }
  CommitOutcome commit(const ShardCommit&) override { return CommitOutcome::committed; }

  [[nodiscard]] const std::unordered_map<std::string, std::string>& rows() const { return rows_; }
  [[nodiscard]] std::uint64_t written() const { return written_; }

 private:
  std::unordered_map<std::string, std::string> rows_;
  std::uint64_t written_ = 0;
};

struct Restored {
  double milliseconds = 0, cpu_milliseconds = 0, heap_bytes = 0;
};

Restored restore(StateReader& state, StateInMemory& others, std::uint64_t expected) {
  const double before = heap_bytes();
  ShardRunner runner(Shard0::config(), Shard{0}, state, others, others);
  const std::clock_t cpu = std::clock();
  const auto began = std::chrono::steady_clock::now();
  const auto turn = runner.step(0);
  const Milliseconds took = std::chrono::steady_clock::now() - began;
  const double cpu_took =
      1000.0 * static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC;  // the client's threads too
  if (!turn) std::fprintf(stderr, "restore: %s\n", turn.error().message.c_str());
  IMDS_CHECK(turn.ok() && turn->restored && runner.detector()->checksum() == expected);
  return {took.count(), cpu_took, heap_bytes() - before};
}

/// Into the state topic of a broker that has none of this name yet.
void write_to_broker(const kafka::KafkaSettings& settings, const StateInMemory& state) {
  const auto made = kafka::ensure_topics(settings, kafka::internal_topics(settings), true, {});
  if (!made) std::fprintf(stderr, "restore: %s\n", made.error().message.c_str());
  IMDS_CHECK(made.ok());
  const std::atomic<bool> stopping{false};
  kafka::KafkaCommitOutlet outlet(settings, {}, Shard{0}, stopping, [&settings] {
    return kafka::GroupMetadataHandle{rd_kafka_consumer_group_metadata_new(settings.detector_group().c_str())};
  });
  IMDS_CHECK(outlet.open().ok());
  std::vector<StateRow> rows;
  std::size_t left = state.rows().size();
  for (const auto& [key, value] : state.rows()) {
    rows.push_back({key, value});
    if (--left > 0 && rows.size() < 20'000) continue;
    IMDS_CHECK(outlet.commit({{}, rows, Offset{0}}) == CommitOutcome::committed);
    rows.clear();
  }
}

int run(int argc, char** argv) {
  std::uint32_t hosts = 100'000;
  std::string bootstrap;
  CLI::App app{"A shard's restore."};
  app.add_option("--hosts", hosts)->check(CLI::PositiveNumber);
  app.add_option("--bootstrap", bootstrap, "a broker to restore from too");
  CLI11_PARSE(app, argc, argv);
  StateInMemory state;
  std::uint64_t checksum = 0;
  {
    Shard0 shard(hosts, [&](const std::vector<StateRow>& rows) { state.write(rows); });
    for (std::uint32_t bucket = shard.learn(); bucket < signatures_per_host + 3;
         ++bucket) {  // the last buckets leave, and are learned
      static_cast<void>(shard.end(bucket));
      static_cast<void>(shard.take_rows());
    }
    checksum = shard.detector().checksum();
  }
  std::size_t bytes = 0;
  for (const auto& [key, value] : state.rows()) bytes += key.size() + value.size();
  const Restored memory = restore(state, state, checksum);
  nlohmann::ordered_json out{{"hosts", hosts},
                             {"rows", state.rows().size()},
                             {"rows_written", state.written()},
                             {"state_bytes_per_host", static_cast<double>(bytes) / hosts},
                             {"restore_ms", memory.milliseconds},
                             {"restore_cpu_ms", memory.cpu_milliseconds},
                             {"heap_bytes_per_host", memory.heap_bytes / hosts}};
  if (!bootstrap.empty()) {
    kafka::KafkaSettings settings;
    settings.properties = {{"bootstrap.servers", bootstrap}, {"broker.address.family", "v4"}};
    settings.prefix = "restore-" + std::to_string(getpid());
    settings.topics = {settings.prefix + ".calls", settings.prefix + ".state", settings.prefix + ".alerts",
                       settings.prefix + ".dead"};
    write_to_broker(settings, state);
    const std::atomic<bool> stopping{false};
    kafka::KafkaStateReader reader(settings, {}, Shard{0}, stopping);
    const Restored from_broker = restore(reader, state, checksum);
    out["broker_restore_ms"] = from_broker.milliseconds;
    out["broker_restore_cpu_ms"] = from_broker.cpu_milliseconds;
  }
  std::printf("%s\n", out.dump().c_str());
  return 0;
}

}  // namespace
}  // namespace imdswatch::bench

int main(int argc, char** argv) { return imdswatch::bench::run(argc, argv); }
