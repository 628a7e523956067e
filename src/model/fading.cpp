#include "fading.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

namespace imdswatch {
namespace {

constexpr double minutes_a_day = 24 * 60;

template <class Unit>
std::int32_t floor_to(EventTime time) {
  using Limits = std::numeric_limits<std::int32_t>;
  const std::int64_t count = std::chrono::floor<Unit>(time.time_since_epoch()).count();
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(count, Limits::min(), Limits::max()));
}

double what_is_left(double days, const ModelPolicy& policy) { return days <= 0 ? 1.0 : std::exp2(-days / policy.half_life_days); }

}  // namespace

std::int32_t minute_of(EventTime run_time) { return floor_to<std::chrono::minutes>(run_time); }
std::int32_t day_of(EventTime run_time) { return floor_to<std::chrono::days>(run_time); }

double Fading::left_after(std::int64_t minutes) const {
  Kept& kept = kept_[static_cast<std::uint64_t>(minutes) % kept_.size()];
  if (kept.minutes != minutes) kept = {minutes, what_is_left(static_cast<double>(minutes) / minutes_a_day, policy_)};
  return kept.left;
}

float Fading::faded(const Seen& seen, std::int32_t minute) const {
  const std::int64_t minutes = std::int64_t{minute} - seen.last_minute;
  if (minutes <= 0) return seen.count;
  const auto count = static_cast<float>(static_cast<double>(seen.count) * left_after(minutes));
  return seen.count >= 1.0F ? std::max(1.0F, count) : count;
}

double Fading::vote_weight(std::int64_t days) const { return what_is_left(static_cast<double>(days), policy_); }

double Fading::faded(const Votes& votes, std::int32_t day) const {
  return day == votes.day ? votes.sum : votes.sum * vote_weight(std::int64_t{day} - votes.day);
}

void Fading::add(Votes& votes, double weight, std::int32_t day) const {
  votes.sum = std::max(0.0, faded(votes, day) + weight);
  votes.day = std::max(votes.day, day);
}

}  // namespace imdswatch
