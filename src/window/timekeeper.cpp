#include "timekeeper.hpp"

#include <algorithm>

namespace imdswatch {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds longest_step = std::chrono::seconds{30};
constexpr milliseconds silent_after = std::chrono::seconds{60};
/// How long a higher generation, or a roster that lists a topic, stands without being heard again.
constexpr milliseconds generation_stands = std::chrono::minutes{5};
constexpr milliseconds listing_stands = std::chrono::minutes{5};
/// How long a topic is remembered that no roster lists any more. The group's offsets are kept for a week by default: after it nothing can
/// be told again that the topic's origins would still have to sort out.
constexpr milliseconds topics_remembered = std::chrono::hours{24 * 30};
constexpr milliseconds listing_grain = std::chrono::minutes{1};  ///< so that the row is not rewritten at every record
/// The clock that ran ahead of the others is not heard any more: its time is given up.
constexpr milliseconds clock_stands = std::chrono::minutes{1};

bool lists(const std::vector<RosterEntry>& roster, const TopicPartition& source) {
  return std::any_of(roster.begin(), roster.end(), [&](const RosterEntry& entry) {
    return entry.topic == source.topic && source.partition.value() >= 0 && source.partition.value() < entry.partitions;
  });
}

}  // namespace

bool Timekeeper::add(const Progress& progress, WallTime append_time) {
  if (!lists(progress.roster, progress.source)) return false;
  if (const auto known = sources_.find(progress.source);
      known != sources_.end() && overtaken(known->second, progress, append_time)) {
    ++stale_generation_;
    return false;
  }
  const bool paced = all_stand_aside(moment(row_.last_append));  // the step that has passed counts only if it was so before it
  list_topics(progress.roster, append_time);
  const milliseconds step = count_step(progress.wall, append_time);

  SourceTime& source = changed(progress.source);
  source.reported = true;
  source.left_out = false;
  source.at_end = progress.at_end;
  source.generation = progress.generation;
  source.last_append = append_time;
  source.heard_at = row_.elapsed;
  if (progress.watermark) source.watermark = std::max(source.watermark.value_or(*progress.watermark), *progress.watermark);

  leave_out_stalled();
  move(paced ? step : milliseconds{0}, moment(append_time));
  return true;
}

bool Timekeeper::overtaken(const SourceTime& source, const Progress& progress, WallTime append_time) const {
  return source.reported && progress.generation < source.generation && append_time - source.last_append < generation_stands;
}

/// The roster is the union of what was listed of late: two members that see a new topic at different moments do not make its
/// partitions come and go.
void Timekeeper::list_topics(const std::vector<RosterEntry>& roster, WallTime append_time) {
  for (const RosterEntry& entry : roster) {
    ListedTopic& topic = remembered(entry.topic, append_time);
    if (entry.partitions > topic.topic.partitions) {
      topic.topic.partitions = entry.partitions;
      row_changed_ = true;
    }
    if (append_time - topic.listed >= listing_grain) {
      topic.listed = append_time;
      row_changed_ = true;
    }
  }
  std::erase_if(row_.roster, [&](const ListedTopic& topic) {
    if (append_time - topic.listed <= topics_remembered) return false;
    forgotten_.push_back(topic.topic.topic);
    row_changed_ = true;
    return true;
  });
  std::vector<RosterEntry> listed;
  for (const ListedTopic& topic : row_.roster) {
    if (append_time - topic.listed <= listing_stands + listing_grain) listed.push_back(topic.topic);
  }
  if (listed == listed_) return;
  listed_ = std::move(listed);
  match_sources_to_roster();
}

ListedTopic& Timekeeper::remembered(const TopicId& topic, WallTime now) {
  const auto at = std::lower_bound(row_.roster.begin(), row_.roster.end(), topic,
                                   [](const ListedTopic& t, const TopicId& id) { return t.topic.topic < id; });
  if (at != row_.roster.end() && at->topic.topic == topic) return *at;
  row_changed_ = true;
  return *row_.roster.insert(at, ListedTopic{{topic, 0}, now});
}

void Timekeeper::remember(const TopicId& topic, WallTime now) { static_cast<void>(remembered(topic, now)); }

void Timekeeper::match_sources_to_roster() {
  for (auto at = sources_.begin(); at != sources_.end();) {
    if (lists(listed_, at->first)) {
      ++at;
      continue;
    }
    changed_.erase(at->first);
    if (stored_.erase(at->first) > 0) dropped_.insert(at->first);
    at = sources_.erase(at);
  }
  for (const RosterEntry& entry : listed_) {
    for (std::int32_t i = 0; i < entry.partitions; ++i) {
      const TopicPartition source{entry.topic, Partition{i}};
      if (sources_.contains(source)) continue;
      changed(source).heard_at = row_.elapsed;
    }
  }
}

/// Several instances' clocks stand apart: only what goes beyond the highest counts, else each change of speaker would.
milliseconds Timekeeper::count_step(WallTime wall, WallTime append_time) {
  const bool first = row_.last_wall == WallTime{};
  const bool given_up = wall < row_.last_wall && append_time - row_.last_append > clock_stands;
  if (!first && !given_up && wall <= row_.last_wall) return milliseconds{0};
  const milliseconds step =
      first || given_up ? milliseconds{0} : std::min(longest_step, std::chrono::duration_cast<milliseconds>(wall - row_.last_wall));
  row_.last_wall = wall;
  row_.last_append = append_time;
  row_.elapsed += step;
  row_changed_ = true;
  return step;
}

void Timekeeper::leave_out_stalled() {
  for (auto& [id, source] : sources_) {
    if (source.left_out || row_.elapsed - source.heard_at <= stall_timeout_) continue;
    source.left_out = true;
    changed_.insert(id);
  }
}

bool Timekeeper::silent(const SourceTime& source) const { return row_.elapsed - source.heard_at >= silent_after; }

Timekeeper::Moment Timekeeper::moment(WallTime now) const {
  Moment out{now, Generation{}};
  for (const auto& [id, source] : sources_) {
    if (source.reported && now - source.last_append < generation_stands) out.newest = std::max(out.newest, source.generation);
  }
  return out;
}

bool Timekeeper::stands_aside(const SourceTime& source, const Moment& moment) const {
  if (!source.reported || !source.at_end || source.left_out || silent(source)) return false;
  return moment.now - source.last_append < silent_after && source.generation >= moment.newest;
}

bool Timekeeper::all_stand_aside(const Moment& now) const {
  bool any = false;
  for (const auto& [id, source] : sources_) {
    if (source.left_out) continue;
    if (!stands_aside(source, now)) return false;
    any = true;
  }
  return any;
}

/// Of the watermarks of those that are read; none while one of them has none, or is silent and had been at its end.
std::optional<EventTime> Timekeeper::minimum(const Moment& now) const {
  std::optional<EventTime> lowest, lowest_aside;
  bool any_read = false;
  for (const auto& [id, source] : sources_) {
    if (source.left_out) continue;
    if (stands_aside(source, now)) {
      if (source.watermark) lowest_aside = std::min(lowest_aside.value_or(*source.watermark), *source.watermark);
      continue;
    }
    if (!source.reported || !source.watermark || source.at_end) return std::nullopt;
    lowest = std::min(lowest.value_or(*source.watermark), *source.watermark);
    any_read = true;
  }
  if (any_read) return lowest;
  return row_.time ? row_.time : lowest_aside;  // from where it stood; it never jumps to the highest
}

void Timekeeper::move(milliseconds pace, const Moment& now) {
  if (all_stand_aside(now) && row_.time) {
    if (pace.count() > 0) advance_to(*row_.time + pace);
    return;
  }
  if (const auto reached = minimum(now)) advance_to(*reached);
}

void Timekeeper::advance_to(EventTime time) {
  if (row_.time && time <= *row_.time) return;
  row_.time = time;
  row_changed_ = true;
}

void Timekeeper::complete(EventTime run) {
  row_.last_run = run;
  row_changed_ = true;
}

SourceTime& Timekeeper::changed(const TopicPartition& source) {
  changed_.insert(source);
  dropped_.erase(source);
  return sources_[source];
}

Timekeeper::Figures Timekeeper::figures() const {
  Figures out;
  out.partitions = sources_.size();
  out.stale_generation = stale_generation_;
  if (row_.last_append != WallTime{}) out.heard = row_.last_append;
  const Moment now = moment(row_.last_append);
  for (const auto& [id, source] : sources_) {
    if (source.left_out) {
      ++out.left_out;
    } else if (silent(source)) {
      ++out.silent;
    } else if (stands_aside(source, now)) {
      ++out.stood_aside;
    }
  }
  return out;
}

void Timekeeper::drain(std::vector<WindowRow>& out) {
  for (const TopicPartition& id : dropped_) out.emplace_back(SourceRow{id, std::nullopt});
  for (const TopicPartition& id : changed_) out.emplace_back(SourceRow{id, sources_.at(id)});
  if (row_changed_) out.emplace_back(row_);
  stored_.insert(changed_.begin(), changed_.end());
  dropped_.clear();
  changed_.clear();
  row_changed_ = false;
}

void Timekeeper::rows(std::vector<WindowRow>& out) const {
  for (const auto& [id, source] : sources_) out.emplace_back(SourceRow{id, source});
  out.emplace_back(row_);
}

void Timekeeper::apply(const SourceRow& row) {
  if (row.value) {
    sources_[row.source] = *row.value;
    stored_.insert(row.source);
  } else {
    sources_.erase(row.source);
    stored_.erase(row.source);
  }
}

}  // namespace imdswatch
