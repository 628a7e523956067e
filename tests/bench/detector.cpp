/// bench_detector: the detector alone, on one core, without a broker, for one size of fleet. One line of JSON.
///
/// Each host has twelve signatures of the fleet's sixty. They are learned in twelve buckets; in the thirteenth each host calls three
/// times under two of them. Timed there: stepping the calls; the run that judges this bucket and learns the one that leaves; the rows
/// of what it changed. The model's memory is what the heap grows by when a model alone learns the same.
#include <malloc.h>
#include <time.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "fleet/random.hpp"
#include "imdswatch/detector/detector.hpp"
#include "imdswatch/model/model.hpp"

namespace imdswatch::bench {
namespace {

/// The thread's own: what else runs on the machine is not the detector's doing, and one that waits for nobody has no other time.
struct Clock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<Clock>;
  static constexpr bool is_steady = true;
  static time_point now() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return time_point{std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec}};
  }
};
using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr std::uint32_t signatures_per_host = 12, fleet_signatures = 60, calls_per_bucket = 3, callers_per_bucket = 2;
constexpr std::size_t batch = 1'000;      // as the shard polls
constexpr std::size_t commit_at = 10'000;
constexpr std::chrono::minutes every{15};
constexpr EventTime begin = event_time_us(1'767'571'200'000'000);  // a UTC midnight

std::string host_name(std::uint32_t host) {
  char text[32];
  std::snprintf(text, sizeof text, "web-%c-%07u", 'a' + static_cast<char>(host % 16), host);
  return text;
}

Signature signature_of(std::uint32_t host, std::uint32_t which) {
  const std::uint32_t of_fleet = (host * 7 + which * 5) % fleet_signatures;
  return {.name = "agent" + std::to_string(of_fleet) + ".exe",
          .folder = "c:\\program files\\vendor " + std::to_string(of_fleet % 20) + "\\agent\\",
          .user = of_fleet % 5 == 0 ? UserKind::person : UserKind::system,
          .signer = "vendor " + std::to_string(of_fleet % 20) + " inc"};
}

Call call_of(std::uint32_t host, std::uint32_t which, EventTime time, std::int64_t offset) {
  Call out;
  out.origin.offset = Offset{offset};
  out.time = time;
  out.host = HostId{host_name(host)};
  out.signature = signature_of(host, which);
  out.evidence.process.name = out.signature.name;
  out.evidence.process.executable = "C:\\Program Files\\Vendor\\agent\\" + out.signature.name;
  out.evidence.process.entity_id = "{5f3a7c21-0000-6601-0000-" + std::to_string(100'000'000'000 + host) + "}";
  out.evidence.process.pid = 1000 + which;
  out.evidence.user_name = "SYSTEM";
  out.evidence.user_domain = "NT AUTHORITY";
  out.evidence.user_id = "S-1-5-18";
  out.attributes.name = out.host.value();
  out.attributes.agent_id = "5f3a7c21-0d7b-4c8e-9a51-3a1be2f8c9d0";
  out.attributes.agent_type = "endpoint";
  out.port = 80;
  out.transport = "tcp";
  out.format = Format::elastic_defend;
  return out;
}

/// A shard that is fed bucket by bucket.
class Shard0 {
 public:
  explicit Shard0(std::uint32_t hosts) : hosts_(hosts), detector_(config(), Shard{0}) {}

  /// Hosts call in turn, all of them once before the first calls again. Returns what the steps took.
  Milliseconds calls(std::uint32_t bucket, std::uint32_t first_signature, std::uint32_t signatures, std::uint32_t rounds) {
    Milliseconds took{0};
    std::vector<LogRecord> records;
    for (std::uint32_t i = 0; i < rounds * signatures; ++i) {
      const EventTime time = begin + bucket * every + std::chrono::seconds{10 + 10 * i};
      for (std::uint32_t host = 0; host < hosts_; ++host) {
        const std::uint32_t which = (first_signature + i % signatures) % signatures_per_host;
        records.push_back({Offset{next_}, {}, call_of(host, which, time, next_)});
        ++next_;
        if (records.size() == batch || host + 1 == hosts_) took += step(records);
      }
    }
    return took;
  }

  /// Ends the bucket: the runs that are due. Returns what they took.
  Milliseconds end(std::uint32_t bucket) {
    Progress progress;
    progress.roster = {{TopicId{}, 1}};
    progress.watermark = begin + (bucket + 1) * every;
    std::vector<LogRecord> records{{Offset{next_++}, {}, progress}};
    return step(records);
  }

  Milliseconds take_rows() {
    const auto began = Clock::now();
    rows_ += detector_.take_rows().size();
    effects_.clear();
    return Clock::now() - began;
  }

  [[nodiscard]] const Detector& detector() const { return detector_; }
  [[nodiscard]] std::uint64_t rows() const { return rows_; }

 private:
  static DetectorConfig config() { return {}; }

  Milliseconds step(std::vector<LogRecord>& records) {
    const auto began = Clock::now();
    detector_.step(records, effects_);
    const Milliseconds took = Clock::now() - began;
    uncommitted_ += records.size();
    records.clear();
    if (uncommitted_ >= commit_at && effects_.runs.empty()) {
      static_cast<void>(take_rows());
      uncommitted_ = 0;
    }
    return took;
  }

  std::uint32_t hosts_;
  Detector detector_;
  Effects effects_;
  std::int64_t next_ = 0;
  std::uint64_t rows_ = 0;
  std::size_t uncommitted_ = 0;
};

nlohmann::ordered_json time_detector(std::uint32_t hosts) {
  Shard0 shard(hosts);
  std::uint32_t bucket = 0;
  for (; bucket < signatures_per_host; ++bucket) {
    static_cast<void>(shard.calls(bucket, bucket, 1, 1));
    static_cast<void>(shard.end(bucket));
    static_cast<void>(shard.take_rows());
  }
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

double heap_bytes() {
  const auto info = mallinfo2();
  return static_cast<double>(info.uordblks) + static_cast<double>(info.hblkhd);
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
