#include <algorithm>
#include <utility>

#include "raw_reader.hpp"

/// Which raw partitions are read, from where, and under which topic id.
namespace imdswatch::kafka {
namespace {

/// Committed metadata: "t=<topic id>;" and then the sieve's. So a topic made anew is seen after a restart too.
struct OwnMetadata {
  std::optional<TopicId> topic;
  std::string_view sieve;
};

OwnMetadata parse_metadata(std::string_view text) {
  TopicId id;
  if (text.size() < 35 || !text.starts_with("t=") || text[34] != ';' || !parse_topic_id(text.substr(2, 32), id)) return {};
  return {id, text.substr(35)};
}

}  // namespace

void RawReader::on_rebalance(rd_kafka_resp_err_t what, const rd_kafka_topic_partition_list_t& list) {
  const auto partitions = to_partitions(list);
  const auto nothing = make_list(0);
  if (what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    joined_ = true;
    rebalancing_since_.reset();
    const ErrorHandle error{rd_kafka_incremental_assign(consumer_->get(), nothing.get())};
    for (const auto& one : partitions) sources_[one].retry_at = now_;  // prepared by the next round
    reporting_.tell(PartitionsAssigned{settings_.raw_group(), partitions});
    return;
  }
  const bool lost = rd_kafka_assignment_lost(consumer_->get()) != 0;
  rebalancing_since_ = now_;
  if (!lost && !closing_) commit(newest_committable());
  revoked(partitions);
  const ErrorHandle error{rd_kafka_incremental_unassign(consumer_->get(), nothing.get())};
  reporting_.tell(PartitionsRevoked{settings_.raw_group(), partitions, lost});
}

void RawReader::revoked(const std::vector<NamedPartition>& partitions) {
  for (const auto& one : partitions) {
    const auto source = sources_.find(one);
    if (source == sources_.end()) continue;
    release(*source);
    sources_.erase(source);
    restart_.erase(one);
  }
}

void RawReader::prepare(std::vector<NamedPartition> partitions) {
  std::map<NamedPartition, std::uint64_t> plans;
  for (const auto& one : partitions) {
    auto& source = sources_.at(one);
    source.phase = Phase::preparing;
    source.retry_at.reset();
    plans[one] = source.plan = ++plans_;
  }
  if (plans.empty()) return;
  asker_->ask([this, client = consumer_->get(), plans, partitions = std::move(partitions)]() -> Asker::Answer {
    Prepared answer;
    const auto take = [&](auto result, auto& into) {
      if (!result) answer.error = std::move(result).error();
      else into = *std::move(result);
      return !answer.error && !stopping_;
    };
    static_cast<void>(take(describe_raw_topics(client, settings_.raw_topics, question_timeout), answer.topics) &&
                      take(committed_offsets(client, partitions, question_timeout), answer.committed) &&
                      take(list_offsets(client, partitions, OffsetAt::earliest, question_timeout), answer.earliest) &&
                      take(list_offsets(client, partitions, OffsetAt::latest, question_timeout), answer.latest));
    return [this, plans, answer = std::move(answer)] { prepared(plans, answer); };
  });
}

RawReader::Source* RawReader::planned(const NamedPartition& name, std::uint64_t plan) {
  const auto found = sources_.find(name);
  return found != sources_.end() && found->second.plan == plan && found->second.phase == Phase::preparing ? &found->second : nullptr;
}

void RawReader::prepared(const std::map<NamedPartition, std::uint64_t>& plans, const Prepared& answer) {
  if (!answer.error) take_roster(answer.topics);
  std::map<NamedPartition, WallTime> warm;
  for (const auto& [name, plan] : plans) {
    if (planned(name, plan) == nullptr) continue;
    auto& source = *sources_.find(name);
    if (answer.error) {
      put_off(source, answer.error->message);
    } else if (!answer.topics.contains(name.topic) || !answer.earliest.contains(name) || !answer.latest.contains(name)) {
      put_off(source, "the brokers do not know " + name.topic + " [" + std::to_string(name.partition.value()) + "] (yet)");
    } else if (const auto time = place(source, answer)) {
      warm[name] = *time;
    } else {
      start(source, std::nullopt);
    }
  }
  if (warm.empty()) return;
  asker_->ask([this, client = consumer_->get(), warm, plans]() -> Asker::Answer {
    auto found = offsets_for_times(client, warm, question_timeout);
    return [this, warm, plans, offsets = found ? *std::move(found) : std::map<NamedPartition, Offset>{}] {
      for (const auto& [name, time] : warm) {
        if (planned(name, plans.at(name)) == nullptr) continue;
        const auto offset = offsets.find(name);
        start(*sources_.find(name), offset == offsets.end() ? std::nullopt : std::optional{offset->second});
      }
    };
  });
}

/// Decides where reading begins, and takes the partition into the sieve. The time from which to warm up, if it is to.
std::optional<WallTime> RawReader::place(SourceRef& entry, const Prepared& answer) {
  auto& [name, source] = entry;
  const TopicPartition id{answer.topics.at(name.topic).id, name.partition};
  const auto earliest = answer.earliest.at(name);
  const auto found = answer.committed.find(name);
  const Committed* committed = found == answer.committed.end() ? nullptr : &found->second;
  OwnMetadata metadata;
  if (committed != nullptr) metadata = parse_metadata(committed->metadata);

  auto before = metadata.topic;
  if (!before && source.id) before = source.id->topic;
  const bool made_anew = before && *before != id.topic;
  if (made_anew) {
    reporting_.tell(TopicMadeAnew{name, *before, id.topic});
    committed = nullptr;
    metadata = {};
  }
  const bool at_latest = committed == nullptr && settings_.start_at_latest && !before && !source.lost_offset;
  source.begin = committed != nullptr ? committed->next : at_latest ? answer.latest.at(name) : earliest;
  source.passed_over = at_latest ? source.begin.value() - earliest.value() : 0;
  const auto wanted = source.lost_offset && source.read_any ? source.next : source.begin;
  if (!made_anew && (source.lost_offset || source.begin < earliest)) {
    reporting_.tell(OffsetOutOfRange{name, wanted, earliest, source.lost_offset.value_or("the log begins later")});
    source.begin = earliest;
    committed = nullptr;
  }
  source.from = source.begin;
  source.committed = committed != nullptr;
  source.epoch = committed != nullptr ? committed->epoch : LeaderEpoch{-1};
  source.lost_offset.reset();
  source.id = id;
  sieve_.assign(id, metadata.sieve, fixed_format(config_.sieve.formats, name.topic));
  source.in_sieve = true;
  const auto watermark = sieve_.watermark(id);
  if (committed == nullptr || !watermark || config_.warm_up.count() == 0 || source.begin == earliest) return std::nullopt;
  source.from = std::max(earliest, Offset{source.begin.value() - config_.warm_up_max_messages});
  return wall_time_ms(std::chrono::floor<std::chrono::milliseconds>((*watermark - config_.warm_up).time_since_epoch()).count());
}

void RawReader::start(SourceRef& entry, std::optional<Offset> warm_from) {
  auto& [name, source] = entry;
  source.from = std::clamp(warm_from.value_or(source.begin), std::min(source.from, source.begin), source.begin);
  source.next = source.from;
  source.checkpointed = Offset{-1};
  source.read_any = source.eof = source.ahead = source.paused = source.settled = false;
  source.end = EndWatch{config_.at_end_after, std::max<std::chrono::milliseconds>(std::chrono::seconds{10}, 3 * config_.progress_every)};
  const auto list = to_list({name});
  list->elems[0].offset = source.from.value();
  if (source.from == source.begin) rd_kafka_topic_partition_set_leader_epoch(&list->elems[0], source.epoch.value());
  const ErrorHandle error{rd_kafka_incremental_assign(consumer_->get(), list.get())};
  if (error) return put_off(entry, describe(error));
  source.phase = Phase::reading;
  source.holds_place = settings_.start_at_latest && !source.committed;
  if (source.holds_place) next_commit_ = now_;
  reporting_.tell(SourceStarted{name, source.from, source.begin, source.committed, std::exchange(source.passed_over, 0)});
}

void RawReader::put_off(SourceRef& entry, const std::string& why) {
  reporting_.tell(BrokerError{to_string(Role::raw_consumer), "not started", entry.first.topic + " [" +
                              std::to_string(entry.first.partition.value()) + "]: " + why, false});
  entry.second.phase = Phase::waiting;
  entry.second.retry_at = now_ + std::chrono::seconds{1};
}

/// Takes the partition away from librdkafka, sieve and ledger.
void RawReader::release(SourceRef& entry) {
  auto& [name, source] = entry;
  if (source.phase == Phase::reading) {
    const auto list = to_list({name});
    if (source.paused) static_cast<void>(rd_kafka_resume_partitions(consumer_->get(), list.get()));
    const ErrorHandle error{rd_kafka_incremental_unassign(consumer_->get(), list.get())};
  }
  if (source.in_sieve) sieve_.revoke(*source.id);
  if (source.id) writer_.ledger().forget(*source.id);
  source.in_sieve = false;
  source.paused = false;
  source.phase = Phase::waiting;
  source.plan = 0;
}

void RawReader::start_again(SourceRef& entry) {
  release(entry);
  entry.second.retry_at = now_ + (entry.second.lost_offset ? std::chrono::seconds{1} : std::chrono::seconds{0});
}

void RawReader::take_roster(std::map<std::string, TopicInfo> topics) {
  if (topics.empty()) return;
  topics_ = std::move(topics);
  roster_.clear();
  for (const auto& [name, info] : topics_) roster_.push_back({info.id, info.partitions});
  std::sort(roster_.begin(), roster_.end());
  for (auto& entry : sources_) {
    const auto topic = topics_.find(entry.first.topic);
    if (entry.second.phase != Phase::reading || topic == topics_.end() || topic->second.id == entry.second.id->topic) continue;
    restart_.insert(entry.first);
  }
}

void RawReader::ask_roster() {
  asker_->ask([this, client = consumer_->get()]() -> Asker::Answer {
    auto topics = describe_raw_topics(client, settings_.raw_topics, question_timeout);
    if (!topics) {
      return [this, error = std::move(topics).error()] {
        reporting_.tell(BrokerError{to_string(Role::raw_consumer), "roster", error.message, false});
      };
    }
    return [this, found = *std::move(topics)] { take_roster(found); };
  });
}

}  // namespace imdswatch::kafka
