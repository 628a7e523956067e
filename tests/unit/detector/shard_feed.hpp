#pragma once

#include <string>

#include "imdswatch/detector/detector.hpp"

namespace imdswatch::testing {

/// A detector's shard to which records are handed in one by one, at times counted from a UTC midnight.
class ShardFeed {
 public:
  static constexpr std::int64_t midnight_us = 1'767'571'200'000'000;
  explicit ShardFeed(const DetectorConfig& config) : detector_(config, Shard{0}) {}

  static EventTime start() { return event_time_us(midnight_us); }
  void call(const std::string& host, const std::string& name, EventClock::duration at) {
    Call out;
    out.origin.offset = Offset{next_};
    out.time = start() + at;
    out.host = HostId{host};
    out.signature = {.name = name, .folder = "c:\\temp\\", .user = UserKind::person, .signer = "unsigned"};
    out.attributes.name = host;
    step(out);
  }
  void progress(EventClock::duration watermark) {
    Progress out;
    out.roster = {{TopicId{}, 1}};
    out.watermark = start() + watermark;
    step(out);
  }

  Effects& effects() { return effects_; }
  [[nodiscard]] const Effects& effects() const { return effects_; }
  [[nodiscard]] const Detector& detector() const { return detector_; }

 private:
  void step(const LogBody& body) { detector_.step({Offset{next_++}, {}, body}, effects_); }
  Effects effects_;
  Detector detector_;
  std::int64_t next_ = 0;
};

}  // namespace imdswatch::testing
