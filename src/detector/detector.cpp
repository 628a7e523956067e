#include "imdswatch/detector/detector.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "imdswatch/base/bytes.hpp"
#include "imdswatch/base/hash.hpp"
#include "imdswatch/base/prefetch.hpp"
#include "imdswatch/model/model.hpp"
#include "imdswatch/score/score.hpp"
#include "imdswatch/state/model_rows.hpp"
#include "imdswatch/state/triage_rows.hpp"
#include "imdswatch/state/window_rows.hpp"
#include "imdswatch/triage/triage.hpp"
#include "position.hpp"

namespace imdswatch {
namespace {

void count_alerts(std::span<const Alert> added, RunSummary& summary) {
  summary.alerts += added.size();
  summary.first_versions += static_cast<std::uint64_t>(std::ranges::count(added, 1U, &Alert::version));
}

}  // namespace

struct Detector::Impl {
  Impl(const DetectorConfig& policies, Shard of_shard)
      : config(policies), shard(of_shard), window(policies.schedule), model(policies.model), triage(policies.triage) {}

  DetectorConfig config;
  Shard shard;
  Window window;
  Model model;
  Triage triage;
  std::optional<Offset> next;
  std::uint64_t passed = 0;  ///< idle runs since the last one that was performed
  RunSummary between;  ///< continuous: what was judged and told since the last run; counted by the next one

  void expect(std::span<const LogRecord> records);
  void read(const Call& call, Effects& out);
  void perform(const Run& run, Effects& out);
  void perform_due(Effects& out);
  void pass_idle_runs();
  std::vector<Candidate> candidates_of(const Run& run, RunSummary& summary);
  void judge_and_tell(std::vector<Candidate> candidates, const Run& run, EventTime scored_at, RunSummary& summary, Effects& out);
  void tell(AlertOrder order, EventTime run_time, Effects& out);
  void report_learning(EventTime run_time, Effects& out);
  [[nodiscard]] bool learning(EventTime run_time) const { return model.learning(run_time); }
  template <class Drain>
  std::vector<StateRow> encoded(Drain&& drain) const;
  [[nodiscard]] std::uint64_t checksum(std::optional<Table> only) const;
};

void Detector::Impl::tell(AlertOrder order, EventTime run_time, Effects& out) {
  out.alerts.push_back(make_alert(order, config.alert, shard, learning(run_time)));
  out.alerts.back().order = std::make_shared<const AlertOrder>(std::move(order));
}

void Detector::Impl::judge_and_tell(std::vector<Candidate> candidates, const Run& run, EventTime scored_at, RunSummary& summary,
                                    Effects& out) {
  std::vector<Finding> findings;
  for (const Candidate& candidate : candidates) {
    JudgedCandidate judged = judge(candidate, model, config.score, scored_at);
    window.judged(candidate.fresh.key, judged.judgement);
    // Within the learning period findings are learned, and told by its report.
    if (judged.finding && !judged.finding->learning) findings.push_back(std::move(*judged.finding));
  }
  summary.candidates += candidates.size();
  TriageOutcome outcome = triage.admit(std::move(findings), run);
  for (AlertOrder& order : outcome.orders) tell(std::move(order), scored_at, out);
  add(summary.triage, outcome.counts);
}

/// Most sightings are as usual: they are judged where they stand, and only the others are taken out.
std::vector<Candidate> Detector::Impl::candidates_of(const Run& run, RunSummary& summary) {
  if (model.learning_until()) {
    Screen screen(model, config.score, run.time);
    const auto judge_in_place = [&](const Fresh& fresh) {
      const std::optional<Judgement> said = screen(fresh);
      if (said) ++summary.candidates;
      return said;
    };
    return window.begin(run, {judge_in_place, [&](std::span<const HostId* const> hosts) { model.expect(hosts); }});
  }
  std::vector<Candidate> candidates = window.begin(run);  // the first ever: when learning began is still to be seen
  if (!candidates.empty()) {
    model.first_call(std::ranges::min(candidates, {}, [](const Candidate& c) { return c.fresh.first; }).fresh.first);
  }
  return candidates;
}

void Detector::Impl::report_learning(EventTime run_time, Effects& out) {
  std::optional<LearningReport> report = learning_report(model, config.score, run_time);
  if (!report) return;
  AlertOrder order;
  order.kind = AlertOrder::Kind::learning_report;
  order.identity.bucket = config.schedule.bucket_of(run_time);
  order.run = run_time;
  order.first_call = report->from;
  order.last_call = report->to;
  order.report.push_back(std::move(*report));
  tell(std::move(order), run_time, out);
  model.report_made();
}

void Detector::Impl::perform(const Run& run, Effects& out) {
  RunSummary summary = std::exchange(between, {});
  summary.run = run;
  summary.idle_before = std::exchange(passed, 0);
  const std::size_t alerts_before = out.alerts.size();
  std::vector<Candidate> candidates = candidates_of(run, summary);
  summary.learning = learning(run.time);
  judge_and_tell(std::move(candidates), run, run.time, summary, out);
  // Judged long before it is learned: what the run that closed the bucket kept silent about is learned without guard, and reported.
  const EventTime closed = config.schedule.start(run.leaving) + config.schedule.every;
  const bool kept_silent = learning(closed);
  model.learn(run, std::span<const LeavingLook>(), kept_silent);  // a day's first run forgets, whether or not anything leaves
  window.end(run, [&](std::span<const LeavingLook> leaving) {
    model.learn(run, leaving, kept_silent);
    summary.learned += leaving.size();
  });
  if (!learning(closed + config.schedule.every)) report_learning(run.time, out);
  count_alerts(std::span(out.alerts).subspan(alerts_before), summary);
  out.runs.push_back(std::move(summary));
}

/// Time may step over years. A run that sees nothing while nothing is carried changes nothing but what a day's first run forgets, so
/// all before the first one of the last day are passed over; that one, and those that may forget, are performed as ever.
void Detector::Impl::pass_idle_runs() {
  const std::optional<EventTime> until = window.idle_until();
  if (!until || triage.carried() > 0 || *until - *window.last_run() <= std::chrono::days{2} || learning(*window.last_run())) return;
  EventTime day{std::chrono::floor<std::chrono::days>(until->time_since_epoch())};
  if (const auto forgets = model.may_forget_on(*window.last_run())) day = std::min(day, *forgets);
  EventTime stop = config.schedule.start(config.schedule.bucket_of(day));
  if (stop < day) stop += config.schedule.every;
  const EventTime last = stop - config.schedule.every;
  if (last <= *window.last_run() || model.report_due(stop)) return;
  passed += static_cast<std::uint64_t>((last - *window.last_run()) / config.schedule.every);
  window.pass(last);
}

void Detector::Impl::perform_due(Effects& out) {
  for (pass_idle_runs(); const std::optional<Run> run = window.next_due(); pass_idle_runs()) perform(*run, out);
}

/// At most prefetch_block records.
void Detector::Impl::expect(std::span<const LogRecord> records) {
  std::array<const HostId*, prefetch_block> hosts;
  std::size_t count = 0;
  for (const LogRecord& record : records) {
    if (const auto* call = std::get_if<Call>(&record.body)) hosts[count++] = &call->host;
  }
  window.expect(std::span(hosts).first(count));
}

void Detector::Impl::read(const Call& call, Effects& out) {
  window.add(call, [&] { return model.learned(call.host, call.signature); });
  if (config.schedule.mode != Schedule::Mode::continuous) return;
  const std::size_t alerts_before = out.alerts.size();
  for (Candidate& ready : window.take_ready()) {
    // Told at the call's time, but judged as by the next run, which would have seen it first: so both modes agree to the bit, for
    // a call too whose own time is long past.
    const EventTime at = ready.fresh.first, next_run = *window.last_run() + config.schedule.every;
    const Bucket closing = config.schedule.bucket_of(*window.last_run());
    const Run as_of{at, closing, Bucket{closing.value() - config.schedule.lookback / config.schedule.every}};
    std::vector<Candidate> one;
    one.push_back(std::move(ready));
    model.first_call(at);
    judge_and_tell(std::move(one), as_of, next_run, between, out);
  }
  count_alerts(std::span(out.alerts).subspan(alerts_before), between);
}

template <class Drain>
std::vector<StateRow> Detector::Impl::encoded(Drain&& drain) const {
  std::vector<StateRow> out;
  RowWriter writer;
  drain([&](const auto& row) { out.push_back(encode(row, writer)); });
  if (next) out.push_back(encode_position(*next));
  return out;
}

std::uint64_t Detector::Impl::checksum(std::optional<Table> only) const {
  const std::vector<StateRow> all = encoded([this](const auto& encode_one) {
    std::vector<WindowRow> of_window;
    std::vector<ModelRow> of_model;
    std::vector<TriageRow> of_triage;
    window.rows(of_window);
    model.rows(of_model);
    triage.rows(of_triage);
    std::ranges::for_each(of_window, encode_one);
    std::ranges::for_each(of_model, encode_one);
    std::ranges::for_each(of_triage, encode_one);
  });
  ByteWriter covered;
  for (const StateRow& row : all) {
    if (only && row.key[0] != static_cast<char>(*only)) continue;
    covered.text(row.key);
    covered.text(row.value.value_or(""));
  }
  return stable_hash64(covered.bytes());
}

Detector::Detector(const DetectorConfig& config, Shard shard) : impl_(std::make_unique<Impl>(config, shard)) {}
Detector::~Detector() = default;
Detector::Detector(Detector&&) noexcept = default;
Detector& Detector::operator=(Detector&&) noexcept = default;

void Detector::step(const LogRecord& record, Effects& out) {
  IMDS_CHECK(!impl_->next || record.offset >= *impl_->next);
  impl_->next = Offset{record.offset.value() + 1};
  if (const auto* call = std::get_if<Call>(&record.body)) {
    impl_->read(*call, out);
  } else if (const auto* lineage = std::get_if<Lineage>(&record.body)) {
    impl_->window.add(*lineage);
  } else {
    impl_->window.add(std::get<Progress>(record.body), record.append_time);
    impl_->perform_due(out);
  }
}

void Detector::step(std::span<const LogRecord> records, Effects& out) {
  for (; !records.empty(); records = records.subspan(std::min(prefetch_block, records.size()))) {
    const std::span<const LogRecord> next = records.first(std::min(prefetch_block, records.size()));
    impl_->expect(next);
    for (const LogRecord& record : next) step(record, out);
  }
}

void Detector::drain_runs(Effects& out) {
  impl_->perform_due(out);
  while (impl_->window.has_unjudged() || impl_->triage.carried() > 0) {
    // What is carried goes out by later runs, though no bucket is open any more.
    if (!impl_->window.advance_to_next_run() && !impl_->window.advance_by_one_run()) break;
    impl_->perform_due(out);
  }
}

std::vector<StateRow> Detector::take_rows() {
  return impl_->encoded([this](const auto& encode_one) {
    impl_->window.drain(encode_one);
    impl_->model.drain(encode_one);
    std::vector<TriageRow> of_triage;
    impl_->triage.drain(of_triage);
    std::ranges::for_each(of_triage, encode_one);
  });
}

Result<void> Detector::apply(const StateRow& row) {
  if (row.key.empty()) return Error{Errc::record_malformed, "a state row has no key: something else writes to the state topic"};
  const auto apply_to = [](auto& room, auto decoded) -> Result<void> {
    if (!decoded) return std::move(decoded).error();
    room.apply(*decoded);
    return {};
  };
  switch (static_cast<Table>(row.key[0])) {
    case Table::position: {
      auto position = decode_position(row);
      if (!position) return std::move(position).error();
      impl_->next = *position;
      return {};
    }
    case Table::sighting:
    case Table::mark:
    case Table::source:
    case Table::time:
      return apply_to(impl_->window, decode_window_row(row));
    case Table::model:
      return apply_to(impl_->model, decode_model_row(row));
    case Table::triage:
      return apply_to(impl_->triage, decode_triage_row(row));
    case Table::topics:
      return {};
  }
  return unknown_table(row.key);
}

std::optional<Offset> Detector::next_offset() const { return impl_->next; }

std::uint64_t Detector::checksum() const { return impl_->checksum(std::nullopt); }
std::uint64_t Detector::checksum(Table table) const { return impl_->checksum(table); }

Detector::Figures Detector::figures() const {
  Figures out;
  out.window = impl_->window.figures();
  out.time = impl_->window.time();
  out.last_run = impl_->window.last_run();
  out.learning_until = impl_->model.learning_until();
  out.learning = out.last_run && impl_->learning(*out.last_run);
  const auto model = impl_->model.figures();
  out.model_hosts = model.hosts;
  out.model_signatures = model.signatures;
  out.model_bytes = model.bytes;
  out.made_room = model.made_room;
  out.not_learned = model.not_learned;
  out.carried = impl_->triage.carried();
  return out;
}

}  // namespace imdswatch
