#include "window_impl.hpp"

namespace imdswatch {

Window::Figures Window::figures() const {
  const Impl& w = *impl_;
  const Timekeeper::Figures clock = w.clock.figures();
  return {.open_calls = w.open_calls,
          .open_sightings = w.table.size(),
          .hosts = w.table.hosts(),
          .partitions = clock.partitions,
          .silent_partitions = clock.silent,
          .left_out_partitions = clock.left_out,
          .stood_aside_partitions = clock.stood_aside,
          .told_before = w.told_before,
          .late = w.late,
          .twins = w.twins,
          .stale_generation = clock.stale_generation,
          .heard = clock.heard};
}

void Window::drain(std::vector<WindowRow>& out) {
  drain([&](const WindowRow& row) { out.push_back(row); });
}

void Window::drain(const std::function<void(const WindowRow&)>& out) {
  Impl& w = *impl_;
  w.table.drain(out, w.origins);
  for (const TopicPartition& source : w.dropped_marks) {
    if (!w.marks.contains(source)) out(MarkRow{source, std::nullopt});
  }
  for (const TopicPartition& source : w.dirty_marks) {
    const auto mark = w.marks.find(source);
    if (mark == w.marks.end()) continue;  // dropped meanwhile
    mark->second.dirty = false;
    out(MarkRow{source, mark->second.highest});
  }
  w.dropped_marks.clear();
  w.dirty_marks.clear();
  std::vector<WindowRow> of_clock;
  w.clock.drain(of_clock);
  for (const WindowRow& row : of_clock) out(row);
}

void Window::rows(std::vector<WindowRow>& out) const {
  impl_->table.rows(out, impl_->origins);
  for (const auto& [source, mark] : impl_->marks) out.emplace_back(MarkRow{source, mark.highest});
  impl_->clock.rows(out);
}

void Window::Impl::apply(const SightingRow& row) {
  HostOpen* const known = table.find(row.key.host);
  Open* const before = known != nullptr ? known->find(row.key.bucket, row.key.signature) : nullptr;
  if (before != nullptr) {
    open_calls -= before->calls;
    unseen_sightings -= before->unseen > 0 ? 1 : 0;
    before->stored = false;  // the row itself says what becomes of it
    table.drop(*known, *before);
  }
  if (!row.value) return;  // a tombstone can outlive all that it ends
  HostOpen& host = table.host(row.key.host);
  Open& open = table.open(host, row.key.bucket, row.key.signature);
  open.from_row(*row.value, origins);
  open.stored = true;
  open_calls += open.calls;
  if (open.unseen == 0) return;
  ++unseen_sightings;
  look_at(host, open);
}

void Window::Impl::apply(const MarkRow& row) {
  if (row.value) {
    marks[row.source].highest = *row.value;
    marks_are_new = true;
  } else {
    marks.erase(row.source);
    latest_mark = marks.end();
  }
}

void Window::apply(const WindowRow& row) {
  Impl& w = *impl_;
  if (const auto* sighting = std::get_if<SightingRow>(&row)) w.apply(*sighting);
  if (const auto* mark = std::get_if<MarkRow>(&row)) w.apply(*mark);
  if (const auto* source = std::get_if<SourceRow>(&row)) w.clock.apply(*source);
  if (const auto* time = std::get_if<TimeRow>(&row)) w.clock.apply(*time);
}

}  // namespace imdswatch
