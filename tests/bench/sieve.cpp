/// bench_sieve: what reading a message costs, without a broker: counting its bytes, looking at it, the sieve, and the sieve where
/// every message is read in full. CPU time of one thread; messages of the benchmark's topic in memory. Prints JSON.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "decode/look.hpp"
#include "huge_pages.hpp"
#include "imdswatch/sieve/sieve.hpp"
#include "make/event_maker.hpp"
#include "thread_clock.hpp"

namespace imdswatch::bench {
namespace {

double seconds_of(const std::function<void()>& work) {
  const auto begin = ThreadClock::now();
  work();
  return std::chrono::duration<double>(ThreadClock::now() - begin).count();
}

const TopicPartition source{TopicId{}, Partition{0}};

/// All messages through a sieve; with `looks` off none is taken by its looks.
class Run {
 public:
  explicit Run(bool looks) : sieve_(config(looks)) { sieve_.assign(source, ""); }

  void operator()(const std::vector<std::string>& messages) {
    for (const std::string& message : messages) {
      sieve_.read({source, LeaderEpoch{0}, Offset{offset_++}, message}, out_);
      records_ += out_.records.size();
      out_.clear();
    }
  }
  [[nodiscard]] nlohmann::ordered_json figures() const {
    std::uint64_t kept = 0;
    std::uint64_t starts = 0;
    for (const auto& format : sieve_.counters().formats) {
      kept += format.calls;
      starts += format.starts;
    }
    return {{"calls", kept}, {"starts", starts}, {"records", records_}, {"process_table_bytes", sieve_.process_table_bytes()}};
  }

 private:
  static SieveConfig config(bool looks) {
    SieveConfig out;
    out.addresses = {*parse_ip_address("169.254.169.254")};
    out.exclude_ports = {53, 123};
    out.decode.take_by_looks = looks;
    out.table_memory = huge_pages();
    return out;
  }
  Sieve sieve_;
  SieveOutput out_;
  std::int64_t offset_ = 0;
  std::uint64_t records_ = 0;
};

}  // namespace
}  // namespace imdswatch::bench

int main(int argc, char** argv) {
  using namespace imdswatch;
  using namespace imdswatch::bench;
  CLI::App app{"What reading a message costs, without a broker.", "bench_sieve"};
  MakerOptions options;
  options.events = 300'000;
  int rounds = 3;
  std::vector<std::string> only{"look", "sieve", "whole"};
  app.add_option("--events", options.events);
  app.add_option("--rounds", rounds);
  app.add_flag("--any-order", options.any_order, "Beats' events have their keys in another order each time");
  app.add_option("--only", only, "look, sieve, whole")->delimiter(',');
  CLI11_PARSE(app, argc, argv);

  EventMaker maker(options);
  std::vector<std::string> messages;
  std::size_t bytes = 0;
  for (std::uint64_t i = 0; i < options.events; ++i) {
    messages.emplace_back(maker.next().json);
    bytes += messages.back().size();
  }
  const auto per_event = [&](double seconds) { return seconds * 1e9 / static_cast<double>(messages.size()); };
  const auto wanted = [&](const std::string& name) { return std::find(only.begin(), only.end(), name) != only.end(); };
  nlohmann::ordered_json out{{"events", messages.size()}, {"bytes_per_event", static_cast<double>(bytes) / static_cast<double>(messages.size())}};
  for (int round = 0; round < rounds; ++round) {
    Look look;
    std::size_t keys = 0;
    if (wanted("look")) {
      out["look_ns"].push_back(per_event(seconds_of([&] {
        for (const std::string& message : messages) keys += look.over(message) ? look.keys() : 0u;
      })));
      out["keys"] = keys;
    }
    for (const bool looks : {true, false}) {
      const std::string name = looks ? "sieve" : "whole";
      if (!wanted(name)) continue;
      Run run(looks);
      out[name + "_ns"].push_back(per_event(seconds_of([&] { run(messages); })));
      out[name] = run.figures();
    }
  }
  std::printf("%s\n", out.dump(2).c_str());
  return 0;
}
