#include "summary.hpp"

#include <algorithm>
#include <cstdio>

#include "imdswatch/decode/event.hpp"

namespace imdswatch {
namespace {

/// 1234567 → "1,234,567"
std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

void line(std::string& out, std::string_view label, std::uint64_t count, std::string_view note = {}) {
  constexpr std::size_t label_width = 60, count_width = 12;
  const auto pad = [&](std::size_t size, std::size_t width) { out.append(size < width ? width - size : 0, ' '); };
  const std::string digits = grouped(count);
  out.append("  ").append(label);
  pad(label.size(), label_width);
  out.push_back(' ');
  pad(digits.size(), count_width);
  out.append(digits);
  if (!note.empty()) out.append("  ").append(note);
  out.push_back('\n');
}

void nonzero(std::string& out, std::string_view label, std::uint64_t count, std::string_view note = {}) {
  if (count > 0) line(out, label, count, note);
}

}  // namespace

void Summary::add(const Alert& alert) { ++(alert.version == 1 ? new_alerts_ : updates_); }

void Summary::add(const RunSummary& run) {
  runs_ += 1 + run.idle_before;
  if (run.learning) ++learning_runs_;
  candidates_ += run.candidates;
  if (!first_run_) first_run_ = run.run.time;
  last_run_ = run.run.time;
  ::imdswatch::add(triage_, run.triage);
  expired_.insert(run.triage.expired.begin(), run.triage.expired.end());
}

void Summary::add(const RejectedRecord& rejected) {
  first_rejected_.try_emplace(rejected.reason, "first: input " + std::to_string(rejected.source.partition.value() + 1) + ", line " +
                                                   std::to_string(rejected.offset.value() + 1) +
                                                   (rejected.detail.empty() ? "" : ": " + rejected.detail));
}

std::string Summary::findings_text() const {
  std::string out;
  out += "Runs\n";
  line(out, "runs", runs_, first_run_ ? to_iso8601(*first_run_) + " to " + to_iso8601(*last_run_) : "no call was seen");
  nonzero(out, "of them within the learning period", learning_runs_);
  line(out, "sightings judged", candidates_);
  out += "Findings\n";
  line(out, "findings", triage_.findings);
  nonzero(out, "muted by an exception", triage_.muted);
  for (const auto& [name, count] : triage_.muted_by) nonzero(out, "  by '" + name + "'", count);
  for (const std::string& name : expired_) out += "  exception '" + name + "' expired within these runs and mutes nothing any more\n";
  nonzero(out, "added to an alert told before", triage_.repeated);
  nonzero(out, "joined a roll-out's group alert", triage_.grouped);
  nonzero(out, "put off by the cap", triage_.carried);
  nonzero(out, "  of them told in a later run", triage_.released);
  nonzero(out, "only counted, in an overflow alert", triage_.overflowed);
  out += "Alerts\n";
  line(out, "new alerts", new_alerts_);
  nonzero(out, "updates of alerts", updates_);
  return out;
}

std::string Summary::text(const SieveCounters& counters, const Detector::Figures& figures, std::size_t hosts,
                          std::uint64_t stored_bytes, double seconds) const {
  std::string out = "Events\n";
  std::uint64_t calls = 0;
  for (std::size_t f = 0; f < format_count; ++f) {
    const auto& of = counters.formats[f];
    const std::string name(to_string(static_cast<Format>(f)));
    calls += of.calls;
    nonzero(out, name + ": kept, calls to the metadata service", of.calls);
    nonzero(out, name + ": kept, process starts", of.starts);
    nonzero(out, name + ": ignored, connections elsewhere", of.connections_elsewhere);
    for (std::size_t r = 0; r < ignore_reason_count; ++r) {
      nonzero(out, name + ": ignored, " + std::string(to_string(static_cast<IgnoreReason>(r))), of.ignored[r]);
    }
    for (std::size_t r = 0; r < reject_reason_count; ++r) {
      const auto reason = static_cast<RejectReason>(r);
      const auto first = first_rejected_.find(reason);
      nonzero(out, name + ": rejected, " + std::string(to_string(reason)), of.rejected[r],
              first == first_rejected_.end() ? "" : first->second);
    }
    nonzero(out, name + ": calls with their process start", of.join_hits);
    nonzero(out, name + ": calls without", of.join_misses);
  }
  out += "Calls\n";
  line(out, "calls to the metadata service", calls);
  line(out, "hosts that call", hosts);
  nonzero(out, "late (their bucket had left the look-back)", figures.window.late);
  nonzero(out, "told twice by two sources, counted once", figures.window.twins);
  nonzero(out, "given their stream's time (wrong clock)", counters.clock_skewed);
  nonzero(out, "events older than their input's watermark", counters.out_of_order);
  out += findings_text();
  nonzero(out, "still carried at the end", figures.carried);
  char speed[160];
  std::snprintf(speed, sizeof speed, "Read %s messages, %.1f MB in %.2f s: %.0f messages/s, %.0f MB/s\n",
                grouped(counters.messages).c_str(), static_cast<double>(stored_bytes) / 1e6, seconds,
                static_cast<double>(counters.messages) / std::max(seconds, 1e-9),
                static_cast<double>(stored_bytes) / 1e6 / std::max(seconds, 1e-9));
  return out + speed;
}

}  // namespace imdswatch
