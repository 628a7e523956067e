#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "imdswatch/detector/shard_runner.hpp"
#include "imdswatch/sieve/sieve.hpp"
#include "memory_shard.hpp"

namespace imdswatch {

/// Both stages over a call log in memory: what `run` does with Kafka, for `replay` and `demo`.
class Pipeline {
 public:
  struct Outputs {
    std::function<void(const Alert&)> alert;
    std::function<void(const RunSummary&)> run;
    std::function<void(const RejectedRecord&)> rejected;
  };
  Pipeline(const SieveConfig& sieve, const DetectorConfig& detector, int shards, Outputs outputs);

  /// Inputs are told first, then read; each is a partition of its own. With `only`, its events of another format are ignored.
  std::size_t add_source(std::optional<Format> only = std::nullopt);
  Result<void> start();
  /// Reads a message of a source. Time moves once pump() is called.
  void read(std::size_t source, std::string_view message);
  /// As if a message that says nothing had been read: its offset is taken.
  void skip(std::size_t source);
  /// The source has no more: it stands aside.
  Result<void> end(std::size_t source);
  /// Lets the detector catch up with what was read.
  Result<void> pump();
  /// Time goes on, run by run, until every call is judged and nothing is carried.
  Result<void> finish(bool drain);

  [[nodiscard]] std::optional<EventTime> watermark(std::size_t source) const;
  [[nodiscard]] const SieveCounters& counters() const { return sieve_.counters(); }
  [[nodiscard]] std::size_t hosts() const { return hosts_.size(); }  ///< that made a call
  [[nodiscard]] const Detector* detector(Shard shard) const { return shards_[static_cast<std::size_t>(shard.value())].runner->detector(); }
  [[nodiscard]] Detector::Figures figures() const;  ///< sums over shards where that makes sense

 private:
  struct Source {
    TopicPartition id;
    std::optional<Format> only;
    std::int64_t next_offset = 0;
    std::optional<EventTime> told;  ///< watermark of its last progress record, to the minute
    bool ended = false;
  };
  struct ShardParts {
    std::unique_ptr<MemoryShard> log;
    std::unique_ptr<ShardRunner> runner;
  };
  void route();
  void tell_progress(Source& source);
  Result<void> turn(ShardParts& shard, bool commit_now);

  Sieve sieve_;
  Outputs outputs_;
  SieveOutput sieved_;
  std::vector<Source> sources_;
  std::vector<ShardParts> shards_;
  std::unordered_set<std::uint64_t> hosts_;  ///< hashes of their names
};

}  // namespace imdswatch
