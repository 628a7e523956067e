#include "raw_reader.hpp"

#include <algorithm>
#include <utility>

#include "imdswatch/base/prefetch.hpp"
#include "imdswatch/calllog/record.hpp"
#include "pacer.hpp"

namespace imdswatch::kafka {
namespace {

constexpr std::size_t batch_messages = 1'000;
constexpr int batch_wait_ms = 50;
constexpr std::size_t with_its_own_part = 256;  ///< bytes of a message's record, what librdkafka keeps behind the public part included
constexpr std::chrono::milliseconds pacing_every{200};
/// In a catch-up hours of event time pass between two progress records, and what runs ahead waits for them: they come more often.
constexpr std::chrono::milliseconds catching_up_every{200};
constexpr EventClock::duration leap = std::chrono::minutes{5};
constexpr std::chrono::milliseconds max_backoff{30'000};
constexpr std::chrono::seconds leave_patience{5};
constexpr std::chrono::seconds max_rebalance{30};  ///< if no assignment follows a revocation, commits go on after this

SteadyTime steady_now() { return std::chrono::steady_clock::now(); }

}  // namespace

RawReader::RawReader(KafkaSettings settings, SieveRunnerConfig config, Reporting reporting, SieveRunner::DetectorTime detector_time)
    : settings_(std::move(settings)),
      config_(std::move(config)),
      reporting_(std::move(reporting)),
      detector_time_(std::move(detector_time)),
      sieve_(config_.sieve),
      writer_(settings_, reporting_, config_.call_log_stalled_after),
      dead_letters_(settings_, reporting_, config_.dead_letters_per_second),
      batch_(batch_messages) {}

Result<void> RawReader::open() {
  if (auto opened = writer_.reopen(); !opened) return opened;
  if (auto opened = dead_letters_.open(); !opened) return opened;
  return join_group();
}

Result<void> RawReader::join_group() {
  Callbacks callbacks;
  callbacks.rebalance = [this](rd_kafka_resp_err_t what, const rd_kafka_topic_partition_list_t& list) { on_rebalance(what, list); };
  auto opened = Client::open(settings_, Role::raw_consumer, reporting_, std::move(callbacks));
  if (!opened) return std::move(opened).error();
  consumer_ = *std::move(opened);
  queue_.reset(rd_kafka_queue_get_consumer(consumer_->get()));
  commit_queue_.reset(rd_kafka_queue_new(consumer_->get()));
  asker_.emplace();
  const auto list = make_list(static_cast<int>(settings_.raw_topics.size()));
  for (const auto& topic : settings_.raw_topics) rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
  const auto code = rd_kafka_subscribe(consumer_->get(), list.get());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return Error{Errc::config_invalid, "subscribe to the raw topics: " + describe(code)};
  return {};
}

/// With a new consumer. What is not committed is read again.
void RawReader::join_anew() {
  asker_.reset();
  for (auto& entry : sources_) release(entry);
  sources_.clear();
  restart_.clear();
  current_ = nullptr;
  asking_ends_ = joined_ = false;
  commits_in_flight_ = 0;
  rebalancing_since_.reset();
  queue_.reset();
  commit_queue_.reset();
  consumer_->close_consumer(steady_now() + leave_patience);
  consumer_.reset();
  if (auto joined = join_group(); !joined) failure_ = std::move(joined).error();
}

void RawReader::turn() {
  now_ = steady_now();
  read_batch();
  if (std::exchange(join_anew_, false)) join_anew();
  if (failure_) return;
  now_ = steady_now();
  housekeeping();
}

void RawReader::read_batch() {
  current_ = nullptr;  // rebalances happen within the next call, and topic handles live as long as the batch
  const auto batch = batch_.take(queue_.get(), batch_wait_ms);
  bool messages = false;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    // Another thread has written them: they are fetched from its core's cache while the ones before are read. The look fetches payloads.
    if (i + 8 < batch.size()) prefetch(batch[i + 8].get(), with_its_own_part);
    const MessageHandle& message = batch[i];
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      handle_error(*message);
      continue;
    }
    if (!first_message_) first_message_ = wall_now();
    messages = true;
    handle(*message);
  }
  batch_.give_back();
  if (messages) last_message_ = wall_now();
  for (const auto& name : std::exchange(restart_, {})) {
    if (const auto source = sources_.find(name); source != sources_.end()) start_again(*source);
  }
}

void RawReader::handle(const rd_kafka_message_t& message) {
  // Runs of one partition are long; the map is asked where they change.
  if (current_ == nullptr || current_topic_ != message.rkt || current_->first.partition.value() != message.partition) {
    const auto found = sources_.find({rd_kafka_topic_name(message.rkt), Partition{message.partition}});
    if (found == sources_.end()) return;
    current_ = &*found;
    current_topic_ = message.rkt;
  }
  auto& source = current_->second;
  if (source.phase != Phase::reading || message.offset < source.next.value()) return;
  source.next = Offset{message.offset + 1};
  source.eof = source.settled = false;
  source.end.moved();
  const LeaderEpoch epoch{rd_kafka_message_leader_epoch(&message)};
  const RawMessage raw{*source.id, epoch, Offset{message.offset}, {static_cast<const char*>(message.payload), message.len}};
  if (raw.offset < source.begin) {
    sieve_.warm_up(raw);
    return;
  }
  source.epoch = epoch;
  source.read_any = true;
  sieve_.read(raw, out_);
  if (!out_.records.empty() || !out_.rejected.empty()) emit(&message, now_);
}

void RawReader::handle_error(const rd_kafka_message_t& message) {
  const std::string topic = message.rkt != nullptr ? rd_kafka_topic_name(message.rkt) : "";
  const auto source = sources_.find({topic, Partition{message.partition}});
  switch (static_cast<int>(message.err)) {
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
      if (source == sources_.end() || source->second.phase != Phase::reading) return;
      source->second.eof = true;
      source->second.next = std::max(source->second.next, Offset{message.offset});  // past control records, of which no message tells
      return;
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR__LOG_TRUNCATION:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
      if (source == sources_.end() || source->second.phase != Phase::reading) return;
      source->second.lost_offset = rd_kafka_message_errstr(&message);
      restart_.insert(source->first);
      return;
    case RD_KAFKA_RESP_ERR__FATAL:
      if (consumer_->is_fenced_member() && fencing_.may_join_again(now_)) {
        reporting_.tell(BrokerError{to_string(Role::raw_consumer), "FENCED_INSTANCE_ID", "joining the group anew, once", false});
        join_anew_ = true;
        return;
      }
      failure_ = consumer_->fatal().value_or(Error{Errc::kafka_fatal, describe(message.err)});
      return;
    default:
      if (is_denied(message.err)) {
        failure_ = Error{Errc::kafka_fatal, (topic.empty() ? settings_.raw_group() : topic) + ": " + describe(message)};
        return;
      }
      reporting_.tell(BrokerError{to_string(Role::raw_consumer), rd_kafka_err2name(message.err),
                                  (topic.empty() ? "" : topic + ": ") + rd_kafka_message_errstr(&message), false});
  }
}

void RawReader::emit(const rd_kafka_message_t* message, SteadyTime now) {
  for (const auto& record : out_.records) {
    const auto& host = std::visit([](const auto& one) -> const HostId& { return one.host; }, record);
    const auto body = std::visit([](const auto& one) { return LogBody{one}; }, record);
    writer_.write(shard_of(host, settings_.shards), host.value(), encode(body));
  }
  if (message != nullptr && !out_.rejected.empty()) dead_letters_.send(out_.rejected.front(), *message, now);
  out_.clear();
}

void RawReader::housekeeping() {
  asker_->deliver();
  writer_.poll();
  dead_letters_.poll(now_);
  static_cast<void>(rd_kafka_queue_poll_callback(commit_queue_.get(), 0));
  mind_the_writer(now_);
  if (rebalancing_since_ && now_ - *rebalancing_since_ > max_rebalance) rebalancing_since_.reset();
  if (!writer_.failure()) {
    std::vector<NamedPartition> due;
    for (const auto& [name, source] : sources_) {
      if (source.phase == Phase::waiting && source.retry_at && *source.retry_at <= now_) due.push_back(name);
    }
    prepare(std::move(due));
  }
  const auto is_due = [this](SteadyTime& next, std::chrono::milliseconds every) {
    if (now_ < next) return false;
    next = now_ + every;
    return true;
  };
  if (is_due(next_pacing_, pacing_every)) pace_sources();
  apply_pauses();
  if (is_due(next_progress_, config_.progress_every)) {
    if (!writer_.failure()) ask_ends();
    write_progress(now_);
  } else if (is_due(next_leap_check_, catching_up_every) && has_leapt()) {
    write_progress(now_);
  }
  if (is_due(next_commit_, config_.commit_every)) commit_ready();
  if (is_due(next_roster_, config_.roster_every)) ask_roster();
}

bool RawReader::has_leapt() const {
  return std::ranges::any_of(sources_, [&](const auto& entry) {
    const Source& source = entry.second;
    if (source.phase != Phase::reading) return false;
    const auto watermark = sieve_.watermark(*source.id);
    return watermark && (!source.told || *watermark >= *source.told + leap);
  });
}

/// After a failed delivery: all partitions are let go; once the wait is over, a new producer, and all start again.
void RawReader::mind_the_writer(SteadyTime now) {
  if (!writer_.failure()) {
    if (writer_.written() > written_at_reopen_) backoff_ = std::chrono::seconds{1};
    return;
  }
  if (!reopen_at_) {
    ++producers_lost_;
    reporting_.tell(DeliveryFailed{settings_.topics.call_log, *writer_.failure(), backoff_});
    for (auto& entry : sources_) {
      release(entry);
      entry.second.retry_at = now;
    }
    reopen_at_ = now + backoff_;
    backoff_ = std::min(2 * backoff_, max_backoff);
  }
  if (now < *reopen_at_) return;
  reopen_at_.reset();
  written_at_reopen_ = writer_.written();
  if (auto opened = writer_.reopen(); !opened) failure_ = std::move(opened).error();
}

void RawReader::pace_sources() {
  std::vector<PacedSource> paced;
  std::vector<Source*> sources;
  for (auto& [name, source] : sources_) {
    if (source.phase != Phase::reading) continue;
    paced.push_back({sieve_.watermark(*source.id), !source.eof, source.ahead});
    sources.push_back(&source);
  }
  const auto ahead = pace(paced, detector_time_ ? detector_time_() : std::nullopt, {config_.pause_ahead, config_.resume_ahead});
  for (std::size_t i = 0; i < sources.size(); ++i) sources[i]->ahead = ahead[i];
}

void RawReader::apply_pauses() {
  for (auto& [name, source] : sources_) {
    if (source.phase != Phase::reading) continue;
    const bool pause = source.ahead || writer_.congested();
    if (pause == source.paused) continue;
    const auto list = to_list({name});
    static_cast<void>(pause ? rd_kafka_pause_partitions(consumer_->get(), list.get())
                            : rd_kafka_resume_partitions(consumer_->get(), list.get()));
    source.paused = pause;
    reporting_.tell(SourcePaused{name, pause});
  }
}

Result<void> RawReader::finish(std::chrono::milliseconds deadline) {
  stopping_ = true;
  closing_ = true;
  const auto until = steady_now() + deadline;
  const auto in_time = [&] { return steady_now() < until; };
  while (in_time() && !writer_.failure() && (writer_.ledger().outstanding() > 0 || writer_.congested())) writer_.poll(20);
  dead_letters_.flush(std::chrono::milliseconds{in_time() ? 500 : 0});
  while (in_time() && commits_in_flight_ > 0) static_cast<void>(rd_kafka_queue_poll_callback(commit_queue_.get(), 20));
  if (!writer_.failure() && consumer_) commit(newest_committable());
  while (in_time() && commits_in_flight_ > 0) static_cast<void>(rd_kafka_queue_poll_callback(commit_queue_.get(), 20));
  auto done = all_committed();
  asker_.reset();
  queue_.reset();
  commit_queue_.reset();
  if (consumer_) consumer_->close_consumer(until);
  writer_.close();
  return done;
}

SieveFigures RawReader::figures() const {
  SieveFigures out;
  out.counters = sieve_.counters();
  out.process_table_bytes = sieve_.process_table_bytes();
  const auto now = Instant::now();
  for (const auto& [name, source] : sources_) {
    SourceFigures one{.source = name, .id = {}, .watermark = {}, .next = {}, .end = {}};
    if (source.phase == Phase::reading) {
      one.id = source.id;
      one.watermark = sieve_.watermark(*source.id);
      one.next = source.next;
      if (const auto end = source.end.end()) one.end = Offset{*end};
      one.end_is_fresh = source.end.end_is_fresh(now);
      one.at_end = source.end.at_end(now);
      one.paused = source.paused;
    }
    out.sources.push_back(std::move(one));
  }
  out.first_message = first_message_;
  out.last_message = last_message_;
  out.joined = joined_;
  out.generation = generation_;
  out.call_log_records = writer_.written();
  out.unacknowledged = writer_.ledger().outstanding();
  out.call_log_stalled = writer_.stalled();
  out.producers_lost = producers_lost_;
  out.dead_letters = dead_letters_.written();
  out.dead_letters_dropped = dead_letters_.dropped();
  return out;
}

}  // namespace imdswatch::kafka
