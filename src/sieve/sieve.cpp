#include "imdswatch/sieve/sieve.hpp"

#include "core.hpp"

namespace imdswatch {

static_assert(static_cast<std::size_t>(Format::custom) + 1 == format_count);
static_assert(static_cast<std::size_t>(IgnoreReason::other_format) + 1 == ignore_reason_count);
static_assert(static_cast<std::size_t>(RejectReason::bad_event_data) + 1 == reject_reason_count);

struct Sieve::Impl {
  explicit Impl(SieveConfig config) : core(config), decoder(decode_config(std::move(config))) {}

  static DecodeConfig decode_config(SieveConfig config) {
    if (config.decode.take_by_looks) config.decode.wanted_addresses = std::move(config.addresses);
    return std::move(config.decode);
  }

  SieveCore core;
  Decoder decoder;
};

Sieve::Sieve(SieveConfig config) : impl_(std::make_unique<Impl>(std::move(config))) {}
Sieve::~Sieve() = default;
Sieve::Sieve(Sieve&&) noexcept = default;

void Sieve::assign(const TopicPartition& source, std::string_view metadata) { impl_->core.assign(source, metadata); }
void Sieve::revoke(const TopicPartition& source) { impl_->core.revoke(source); }
void Sieve::read(const RawMessage& message, SieveOutput& out) {
  const auto glance = impl_->decoder.glance(message.payload);
  if (glance && impl_->core.ingest(message, *glance, out)) return;
  impl_->core.ingest(message, impl_->decoder.decode(message.payload), out);
}
void Sieve::warm_up(const RawMessage& message) { impl_->core.warm_up(message.source, impl_->decoder.decode(message.payload)); }
void Sieve::finish(const TopicPartition& source, SieveOutput& out) { impl_->core.finish(source, out); }
SourcePosition Sieve::position(const TopicPartition& source) const { return impl_->core.position(source); }
std::optional<EventTime> Sieve::watermark(const TopicPartition& source) const { return impl_->core.watermark(source); }
const SieveCounters& Sieve::counters() const { return impl_->core.counters(); }
std::size_t Sieve::process_table_bytes() const { return impl_->core.process_table_bytes(); }

}  // namespace imdswatch
