#pragma once

#include <malloc.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "imdswatch/detector/detector.hpp"
#include "thread_clock.hpp"

/// A shard of many hosts for the benchmarks: each has twelve signatures of the fleet's sixty.
namespace imdswatch::bench {

using Milliseconds = std::chrono::duration<double, std::milli>;

inline constexpr std::uint32_t signatures_per_host = 12, fleet_signatures = 60, calls_per_bucket = 3,
                               callers_per_bucket = 2;
inline constexpr std::size_t batch = 1'000;  // as the shard polls
inline constexpr std::size_t commit_at = 10'000;
inline constexpr std::chrono::minutes every{15};
inline constexpr EventTime begin = event_time_us(1'767'571'200'000'000);  // a UTC midnight

inline std::string host_name(std::uint32_t host) {
  char text[32];
  std::snprintf(text, sizeof text, "web-%c-%07u", 'a' + static_cast<char>(host % 16), host);
  return text;
}

inline Signature signature_of(std::uint32_t host, std::uint32_t which) {
  const std::uint32_t of_fleet = (host * 7 + which * 5) % fleet_signatures;
  return {.name = "agent" + std::to_string(of_fleet) + ".exe",
          .folder = "c:\\program files\\vendor " + std::to_string(of_fleet % 20) + "\\agent\\",
          .user = of_fleet % 5 == 0 ? UserKind::person : UserKind::system,
          .signer = "vendor " + std::to_string(of_fleet % 20) + " inc"};
}

inline Call call_of(std::uint32_t host, std::uint32_t which, EventTime time, std::int64_t offset) {
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
  using OnRows = std::function<void(const std::vector<StateRow>&)>;  ///< what a commit would write
  explicit Shard0(std::uint32_t hosts, OnRows on_rows = {})
      : hosts_(hosts), on_rows_(std::move(on_rows)), detector_(config(), Shard{0}) {}

  /// Every host is seen once under each of its signatures. The next bucket.
  std::uint32_t learn() {
    for (std::uint32_t bucket = 0; bucket < signatures_per_host; ++bucket) {
      static_cast<void>(calls(bucket, bucket, 1, 1));
      static_cast<void>(end(bucket));
      static_cast<void>(take_rows());
    }
    return signatures_per_host;
  }

  /// Hosts call in turn, all of them once before the first calls again. Returns what the steps took.
  Milliseconds calls(std::uint32_t bucket, std::uint32_t first_signature, std::uint32_t signatures,
                     std::uint32_t rounds) {
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
    const auto began = ThreadClock::now();
    const std::vector<StateRow> rows = detector_.take_rows();
    effects_.clear();
    const Milliseconds took = ThreadClock::now() - began;
    rows_ += rows.size();
    if (on_rows_) on_rows_(rows);
    return took;
  }

  static DetectorConfig config() { return {}; }
  [[nodiscard]] const Detector& detector() const { return detector_; }
  [[nodiscard]] std::uint64_t rows() const { return rows_; }

 private:
  Milliseconds step(std::vector<LogRecord>& records) {
    const auto began = ThreadClock::now();
    detector_.step(records, effects_);
    const Milliseconds took = ThreadClock::now() - began;
    uncommitted_ += records.size();
    records.clear();
    if (uncommitted_ >= commit_at && effects_.runs.empty()) {
      static_cast<void>(take_rows());
      uncommitted_ = 0;
    }
    return took;
  }

  std::uint32_t hosts_;
  OnRows on_rows_;
  Detector detector_;
  Effects effects_;
  std::int64_t next_ = 0;
  std::uint64_t rows_ = 0;
  std::size_t uncommitted_ = 0;
};

inline double heap_bytes() {
  const auto info = mallinfo2();
  return static_cast<double>(info.uordblks) + static_cast<double>(info.hblkhd);
}

}  // namespace imdswatch::bench
