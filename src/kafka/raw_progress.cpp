#include <cstring>
#include <utility>

#include "imdswatch/calllog/record.hpp"
#include "raw_reader.hpp"

/// What the raw side tells of how far it is: progress to the detector, offsets to the group.
namespace imdswatch::kafka {
namespace {

constexpr std::uint64_t max_outstanding_for_progress = 20'000;

}  // namespace

void RawReader::ask_ends() {
  if (asking_ends_) return;
  std::map<NamedPartition, std::pair<std::uint64_t, std::uint64_t>> asked;  // plan, moves
  std::vector<NamedPartition> names;
  for (const auto& [name, source] : sources_) {
    if (source.phase != Phase::reading) continue;
    asked[name] = {source.plan, source.end.moves()};
    names.push_back(name);
  }
  if (names.empty()) return;
  asking_ends_ = true;
  asker_->ask([this, client = consumer_->get(), names, asked = std::move(asked), at = Instant::now()]() -> Asker::Answer {
    auto ends = list_offsets(client, names, OffsetAt::latest, question_timeout);
    return [this, asked, at, ends = ends ? *std::move(ends) : std::map<NamedPartition, Offset>{}] {
      asking_ends_ = false;
      for (const auto& [name, end] : ends) {
        const auto source = sources_.find(name);
        const auto& [plan, moves] = asked.at(name);
        if (source == sources_.end() || source->second.phase != Phase::reading || source->second.plan != plan) continue;
        source->second.end.answered(end.value(), source->second.next.value(), moves, at);
      }
    };
  });
}

void RawReader::write_progress(SteadyTime now) {
  if (writer_.failure()) return;
  if (const GroupMetadataHandle metadata{rd_kafka_consumer_group_metadata(consumer_->get())}) {
    generation_ = Generation{rd_kafka_consumer_group_metadata_generation_id(metadata.get())};
  }
  if (roster_.empty() || generation_.value() < 0) return;
  if (writer_.congested() || writer_.ledger().outstanding() > max_outstanding_for_progress) return;  // it would only pile up
  const auto wall = wall_now();
  const auto instant = Instant::now();
  for (auto& [name, source] : sources_) {
    if (source.phase != Phase::reading) continue;
    const bool at_end = source.end.at_end(instant);
    if (at_end && source.read_any && !source.settled && !sieve_.watermark(*source.id)) {
      sieve_.finish(*source.id, out_);  // nothing comes that could confirm what the clock rule waits for
      emit(nullptr, now);
      source.settled = true;
      source.checkpointed = Offset{-1};
    }
    source.told = sieve_.watermark(*source.id);
    Progress progress{.roster = roster_, .source = *source.id, .watermark = source.told, .at_end = at_end,
                      .generation = generation_, .wall = wall};
    const auto bytes = encode(LogBody{std::move(progress)});
    for (int shard = 0; shard < settings_.shards; ++shard) writer_.write(Shard{shard}, {}, bytes);
  }
}

void RawReader::checkpoint_sources() {
  for (auto& [name, source] : sources_) {
    if (source.phase != Phase::reading || !(source.read_any || source.holds_place)) continue;
    auto position = source.read_any ? sieve_.position(*source.id) : SourcePosition{source.begin, {}};
    const auto next = position.next;
    if (next == source.checkpointed) continue;
    position.metadata = "t=" + to_string(source.id->topic) + ";" + position.metadata;
    if (writer_.ledger().checkpoint(*source.id, {std::move(position), source.epoch})) source.checkpointed = next;
  }
}

void RawReader::commit_ready() {
  if (writer_.failure() || rebalancing_since_ || commits_in_flight_ > 0) return;
  commit(newest_committable());
}

/// What waited, and over it the newest where nothing is outstanding.
std::map<TopicPartition, Checkpoint> RawReader::newest_committable() {
  auto ready = writer_.ledger().take_committable();
  checkpoint_sources();
  for (auto& [source, checkpoint] : writer_.ledger().take_committable()) ready.insert_or_assign(source, std::move(checkpoint));
  return ready;
}

void RawReader::commit(const std::map<TopicPartition, Checkpoint>& ready) {
  const auto list = make_list(static_cast<int>(ready.size()));
  for (const auto& [name, source] : sources_) {
    if (source.phase != Phase::reading) continue;
    const auto one = ready.find(*source.id);
    if (one == ready.end()) continue;
    const auto& [position, epoch] = one->second;
    auto* entry = rd_kafka_topic_partition_list_add(list.get(), name.topic.c_str(), name.partition.value());
    entry->offset = position.next.value();
    entry->metadata_size = position.metadata.size();
    entry->metadata = rd_kafka_mem_malloc(nullptr, position.metadata.size() + 1);  // the list's, freed with it
    std::memcpy(entry->metadata, position.metadata.c_str(), position.metadata.size() + 1);
    rd_kafka_topic_partition_set_leader_epoch(entry, epoch.value());
  }
  if (list->cnt == 0) return;
  const auto code = rd_kafka_commit_queue(consumer_->get(), list.get(), commit_queue_.get(), &RawReader::on_commit, this);
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) ++commits_in_flight_;
  else committed(code, list.get());
}

void RawReader::on_commit(rd_kafka_t*, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t* list, void* opaque) {
  auto* self = static_cast<RawReader*>(opaque);
  --self->commits_in_flight_;
  self->committed(code, list);
}

void RawReader::committed(rd_kafka_resp_err_t code, const rd_kafka_topic_partition_list_t* list) {
  std::size_t done = 0;
  for (int i = 0; list != nullptr && i < list->cnt; ++i) {
    const auto& one = list->elems[i];
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR && one.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      ++done;
      continue;
    }
    const auto source = sources_.find({one.topic, Partition{one.partition}});
    if (source != sources_.end()) source->second.checkpointed = Offset{-1};  // offered again at the next commit
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) code = one.err;
  }
  commit_error_.reset();
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return reporting_.tell(OffsetsCommitted{settings_.raw_group(), done});
  commit_error_ = describe(code);
  reporting_.tell(OffsetCommitFailed{settings_.raw_group(), *commit_error_});
}

Result<void> RawReader::all_committed() const {
  const auto not_yet = [this](const std::string& why) { return Error{Errc::commit_unknown, settings_.raw_group() + ": " + why}; };
  if (const auto& failed = writer_.failure()) return not_yet("writing to " + settings_.topics.call_log + " had failed: " + *failed);
  if (const auto records = writer_.ledger().outstanding(); records > 0) {
    return not_yet(std::to_string(records) + " records for " + settings_.topics.call_log + " were not acknowledged by the brokers in time");
  }
  if (commits_in_flight_ > 0) return not_yet("the brokers did not answer the commit of raw offsets in time");
  if (commit_error_) return not_yet("raw offsets could not be committed: " + *commit_error_);
  return {};
}

}  // namespace imdswatch::kafka
