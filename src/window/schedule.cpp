#include "imdswatch/window/schedule.hpp"

#include "imdswatch/base/check.hpp"

namespace imdswatch {

Bucket Schedule::bucket_of(EventTime time) const {
  IMDS_CHECK(every.count() > 0);
  const std::int64_t us = to_us(time);
  std::int64_t index = us / every.count();
  if (us % every.count() < 0) --index;  // before 1970 too, a bucket is [start, start + every)
  return Bucket{index};
}

EventTime Schedule::start(Bucket bucket) const { return event_time_us(bucket.value() * every.count()); }

}  // namespace imdswatch
