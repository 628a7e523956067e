#pragma once

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "imdswatch/model/model.hpp"

namespace imdswatch::test {

inline constexpr std::chrono::minutes every{15};
inline constexpr std::int64_t runs_a_day = 96;
inline constexpr EventTime epoch = event_time_us(1'767'225'600'000'000);  // 2026-01-01T00:00:00Z

inline EventTime at_run(std::int64_t n) { return epoch + n * every; }
inline EventTime at_day(double days) { return epoch + std::chrono::minutes{static_cast<std::int64_t>(days * 24 * 60)}; }

inline Run run_at(EventTime time) {
  const std::int64_t next = time.time_since_epoch() / EventClock::duration{every};
  return {.time = time, .closing = Bucket{next - 1}, .leaving = Bucket{next - 3}};
}

inline Signature agent(std::string name, std::string folder = "c:\\program files\\acme\\", UserKind user = UserKind::system,
                       std::string signer = "acme corp") {
  return {.name = std::move(name), .folder = std::move(folder), .user = user, .signer = std::move(signer)};
}

inline Leaving seen(std::string host, Signature signature, bool finding = false, std::string peer_value = {}) {
  return {.host = HostId{std::move(host)},
          .signature = std::move(signature),
          .finding = finding,
          .peer_value = std::move(peer_value),
          .first = epoch,
          .last = epoch};
}

/// In canonical order, each once.
inline std::vector<Leaving> canonical(std::vector<Leaving> leaving) {
  const auto key = [](const Leaving& one) { return std::tie(one.host, one.signature); };
  std::ranges::stable_sort(leaving, {}, key);
  const auto [begin, end] = std::ranges::unique(leaving, {}, key);
  leaving.erase(begin, end);
  return leaving;
}

/// Teaches one bucket; `first` of the calls is its start.
inline void teach(Model& model, EventTime time, std::vector<Leaving> leaving, bool learning = false) {
  for (Leaving& one : leaving) one.first = one.last = time - 3 * every;
  model.learn(run_at(time), canonical(std::move(leaving)), learning);
}

}  // namespace imdswatch::test
