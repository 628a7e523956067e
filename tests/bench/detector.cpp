/// bench_detector: the detector alone, on one core, without a broker, for one size of fleet. One line of JSON.
///
/// Each host has twelve signatures of the fleet's sixty. They are learned in twelve buckets; in the thirteenth each host calls three
/// times under two of them. Timed there: stepping the calls; the run that judges this bucket and learns the one that leaves; the rows
/// of what it changed. The model's memory is what the heap grows by when a model alone learns the same.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "imdswatch/model/model.hpp"
#include "shard_calls.hpp"

namespace imdswatch::bench {
namespace {

nlohmann::ordered_json time_detector(std::uint32_t hosts) {
  Shard0 shard(hosts);
  const std::uint32_t bucket = shard.learn();
  const Milliseconds steps = shard.calls(bucket, 0, callers_per_bucket, calls_per_bucket);
  static_cast<void>(shard.take_rows());
  const std::uint64_t before = shard.rows();
  const Milliseconds run = shard.end(bucket);
  const Milliseconds rows = shard.take_rows();
  const double calls = static_cast<double>(hosts) * callers_per_bucket * calls_per_bucket;
  return {{"hosts", hosts},
          {"calls_per_s", calls / steps.count() * 1000},
          {"run_ms", run.count()},
          {"run_judged", static_cast<std::uint64_t>(hosts) * callers_per_bucket},
          {"run_rows_ms", rows.count()},
          {"run_rows", shard.rows() - before}};
}

/// Teaches a model alone, two buckets for each signature.
nlohmann::ordered_json weigh_model(std::uint32_t hosts) {
  std::vector<std::uint32_t> order(hosts);
  for (std::uint32_t i = 0; i < hosts; ++i) order[i] = i;
  std::ranges::sort(order, {}, [](std::uint32_t host) { return host_name(host); });
  const double before = heap_bytes();
  Model model{ModelPolicy{}};
  model.first_call(begin);
  for (std::uint32_t bucket = 0; bucket < 2 * signatures_per_host; ++bucket) {
    std::vector<Leaving> leaving;
    leaving.reserve(hosts);
    const EventTime at = begin + bucket * every;
    for (const std::uint32_t host : order) leaving.push_back({HostId{host_name(host)}, signature_of(host, bucket % signatures_per_host), false, {}, at, at});
    const EventTime run = at + 3 * every;
    const std::int64_t next = run.time_since_epoch() / EventClock::duration{every};
    model.learn({run, Bucket{next - 1}, Bucket{next - 3}}, leaving, true);
    std::vector<ModelRow> rows;
    model.drain(rows);
  }
  const double grown = heap_bytes() - before;
  const auto figures = model.figures();
  return {{"signatures", figures.signatures},
          {"model_bytes_per_host", grown / hosts},
          {"model_bytes_per_host_as_told", static_cast<double>(figures.bytes) / hosts}};
}

int run(int argc, char** argv) {
  std::uint32_t hosts = 100'000;
  CLI::App app{"The detector alone."};
  app.add_option("--hosts", hosts)->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);
  nlohmann::ordered_json out = time_detector(hosts);
  out.update(weigh_model(hosts));
  std::printf("%s\n", out.dump().c_str());
  return 0;
}

}  // namespace
}  // namespace imdswatch::bench

int main(int argc, char** argv) { return imdswatch::bench::run(argc, argv); }
