#include <array>

#include "clock_rule.hpp"
#include "imdswatch/base/bytes.hpp"
#include "imdswatch/base/check.hpp"
#include "imdswatch/base/hash.hpp"

/// The rule's state as text, for the metadata of a committed offset:
///
///   text     "1." base64url(body checksum)      without padding
///   body     flag:u8 (1: the stream has a time)  stream:zigzag  running:varint  count:varint  pending*
///   pending  host:4 bytes  time:zigzag from the one before (the first: from the stream)
///            stream:varint back from the stream  accepted:varint events since
///   checksum the low 32 bits of stable_hash64(body), big-endian
namespace imdswatch {
namespace {

constexpr std::string_view version_prefix = "1.";
constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// Times lie within 1980–2200, 53 bits zigzagged: 8 bytes; a distance back no more; 4 for the host, 2 for the count.
constexpr std::size_t worst_pending = 4 + 8 + 8 + 2;
constexpr std::size_t worst_body = 1 + 8 + 1 + 1 + ClockRule::max_pending * worst_pending + 4;
static_assert(version_prefix.size() + (worst_body * 4 + 2) / 3 <= ClockRule::max_saved_bytes);

std::string base64(std::string_view bytes) {
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : bytes) {
    bits = (bits << 8) | static_cast<unsigned char>(c);
    for (held += 8; held >= 6; held -= 6) out.push_back(alphabet[(bits >> (held - 6)) & 63]);
  }
  if (held > 0) out.push_back(alphabet[(bits << (6 - held)) & 63]);
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const std::size_t value = alphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out.push_back(static_cast<char>((bits >> held) & 255));
  }
  return out;
}

void put_u32(ByteWriter& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.u8(static_cast<std::uint8_t>((value >> shift) & 255));
}

std::uint32_t get_u32(ByteReader& in) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = (value << 8) | in.u8();
  return value;
}

std::uint32_t checksum(std::string_view body) { return static_cast<std::uint32_t>(stable_hash64(body)); }

/// A time that the decoder lets through, so that no arithmetic on a forged state overflows.
bool plausible(std::int64_t us) { return us >= 0 && us < std::int64_t{1} << 54; }

}  // namespace

std::string ClockRule::save() const {
  ByteWriter out;
  const std::int64_t stream = stream_ ? to_us(*stream_) : 0;
  out.u8(stream_ ? 1 : 0);
  out.zigzag(stream);
  out.varint(running_);
  out.varint(pending_.size());
  std::int64_t before = stream;
  for (const Pending& event : pending_) {
    put_u32(out, event.host);
    out.zigzag(to_us(event.time) - before);
    out.varint(stream_ ? static_cast<std::uint64_t>(stream - to_us(event.stream)) : 0);
    out.varint(accepted_ - event.accepted);
    before = to_us(event.time);
  }
  const std::uint32_t sum = checksum(out.bytes());
  put_u32(out, sum);
  std::string text{version_prefix};
  text += base64(out.bytes());
  IMDS_CHECK(text.size() <= max_saved_bytes);
  return text;
}

std::optional<ClockRule> ClockRule::load(std::string_view text, EventClock::duration disorder) {
  if (!text.starts_with(version_prefix) || text.size() > max_saved_bytes) return std::nullopt;
  const auto bytes = from_base64(text.substr(version_prefix.size()));
  if (!bytes || bytes->size() < 4) return std::nullopt;
  const std::string_view body = std::string_view{*bytes}.substr(0, bytes->size() - 4);
  ByteReader sum{std::string_view{*bytes}.substr(body.size())};
  if (get_u32(sum) != checksum(body)) return std::nullopt;

  ByteReader in{body};
  ClockRule rule{disorder};
  const bool has_stream = in.u8() == 1;
  const std::int64_t stream = in.zigzag();
  if (!plausible(stream)) return std::nullopt;
  if (has_stream) rule.stream_ = event_time_us(stream);
  const std::uint64_t running = in.varint();
  const std::uint64_t count = in.varint();
  if (!in.ok() || count > max_pending || running > running_events || running > count) return std::nullopt;
  rule.running_ = static_cast<std::size_t>(running);
  rule.accepted_ = patience_events;  // high enough that "events since" can be taken off
  std::int64_t before = stream;
  for (std::uint64_t i = 0; i < count; ++i) {
    const HostHash host = get_u32(in);
    const std::int64_t step = in.zigzag();
    const std::uint64_t back = in.varint();
    const std::uint64_t since = in.varint();
    if (!in.ok() || since > patience_events || back > static_cast<std::uint64_t>(stream)) return std::nullopt;
    if (step < -before || step > (std::int64_t{1} << 54)) return std::nullopt;
    before += step;
    if (!plausible(before)) return std::nullopt;
    rule.pending_.push_back({event_time_us(before), event_time_us(has_stream ? stream - static_cast<std::int64_t>(back) : 0),
                             patience_events - since, 0, host});
  }
  return in.done() ? std::optional{std::move(rule)} : std::nullopt;
}

}  // namespace imdswatch
