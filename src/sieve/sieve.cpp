#include "imdswatch/sieve/sieve.hpp"

#include <map>

#include "core.hpp"

namespace imdswatch {

static_assert(static_cast<std::size_t>(Format::custom) + 1 == format_count);
static_assert(static_cast<std::size_t>(IgnoreReason::other_format) + 1 == ignore_reason_count);
static_assert(static_cast<std::size_t>(RejectReason::bad_event_data) + 1 == reject_reason_count);

namespace {

/// `*` stands for any text. Goes back to the last star only: at worst the topic's length times the pattern's.
bool names(std::string_view pattern, std::string_view topic) {
  std::size_t at = 0, in_topic = 0;
  std::optional<std::size_t> after_star;
  std::size_t taken = 0;  // where in the topic what follows the star was last tried
  while (in_topic < topic.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      after_star = ++at;
      taken = in_topic;
    } else if (at < pattern.size() && pattern[at] == topic[in_topic]) {
      ++at;
      ++in_topic;
    } else if (after_star) {
      at = *after_star;
      in_topic = ++taken;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

}  // namespace

bool names_topic(const TopicFormat& entry, std::string_view topic) { return names(entry.topic, topic); }

std::optional<Format> fixed_format(const std::vector<TopicFormat>& formats, std::string_view topic) {
  for (const TopicFormat& entry : formats)
    if (names_topic(entry, topic)) return entry.format;
  return std::nullopt;
}

struct Sieve::Impl {
  explicit Impl(const SieveConfig& config) : decoder(decode_config(config)), core(config, &decoder) {}

  static DecodeConfig decode_config(const SieveConfig& config) {
    DecodeConfig out = config.decode;
    if (out.take_by_looks) out.wanted_addresses = config.addresses;
    return out;
  }

  [[nodiscard]] std::optional<Format> only(const TopicPartition& source) const {
    if (fixed.empty()) return std::nullopt;
    const auto found = fixed.find(source);
    return found == fixed.end() ? std::nullopt : std::optional{found->second};
  }

  Decoder decoder;
  SieveCore core;
  std::map<TopicPartition, Format> fixed;
};

Sieve::Sieve(SieveConfig config) : impl_(std::make_unique<Impl>(config)) {}
Sieve::~Sieve() = default;
Sieve::Sieve(Sieve&&) noexcept = default;

void Sieve::assign(const TopicPartition& source, std::string_view metadata, std::optional<Format> only) {
  impl_->fixed.erase(source);
  if (only) impl_->fixed.emplace(source, *only);
  impl_->core.assign(source, metadata);
}
void Sieve::revoke(const TopicPartition& source) {
  impl_->fixed.erase(source);
  impl_->core.revoke(source);
}
void Sieve::read(const RawMessage& message, SieveOutput& out) {
  const auto only = impl_->only(message.source);
  const Glance* const glance = impl_->decoder.glance(message.payload, only);
  if (glance != nullptr && impl_->core.ingest(message, *glance, out)) return;
  impl_->core.ingest(message, impl_->decoder.decode(message.payload, only), out);
}
void Sieve::warm_up(const RawMessage& message) {
  impl_->core.warm_up(message.source, impl_->decoder.decode(message.payload, impl_->only(message.source)));
}
void Sieve::finish(const TopicPartition& source, SieveOutput& out) { impl_->core.finish(source, out); }
SourcePosition Sieve::position(const TopicPartition& source) const { return impl_->core.position(source); }
std::optional<EventTime> Sieve::watermark(const TopicPartition& source) const { return impl_->core.watermark(source); }
const SieveCounters& Sieve::counters() const { return impl_->core.counters(); }
std::size_t Sieve::process_table_bytes() const { return impl_->core.process_table_bytes(); }

}  // namespace imdswatch
