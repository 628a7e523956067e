#include "imdswatch/decode/decoder.hpp"

#include <cstring>
#include <utility>

#include "imdswatch/base/limits.hpp"
#include "message.hpp"

namespace imdswatch {
namespace {

/// After a message beyond these, memory goes back to what the usual ones need.
constexpr std::size_t largest_kept_bytes = 1u << 20;
constexpr std::size_t largest_kept_events = 4096;

MessageReader make_reader(const DecodeConfig& config) {
  PathTree tree;
  for (const SlotPath& entry : slot_paths()) tree.add(entry.slot, entry.path, entry.written);
  if (!config.namespace_field.empty()) tree.add(Slot::configured_namespace, config.namespace_field);
  if (!config.peer_field.empty()) tree.add(Slot::configured_peer, config.peer_field);
  std::optional<CustomReader> custom;
  if (!config.custom.empty()) custom.emplace(config.custom, tree);
  tree.finish();
  return MessageReader(std::move(tree), std::move(custom));
}

}  // namespace

struct Decoder::Impl {
  explicit Impl(const DecodeConfig& config) : reader(make_reader(config)) {}

  void clear() {
    out.clear();
    if (out.capacity() > largest_kept_events) std::vector<Decoded>().swap(out);
    if (copy.capacity() > largest_kept_bytes) std::vector<char>().swap(copy);
    reader.clear();
  }

  /// simdjson reads a little beyond the end, and the texts of the events must outlive the caller's message.
  std::string_view padded_copy(std::string_view message) {
    if (copy.size() < message.size() + simdjson::SIMDJSON_PADDING) copy.resize(message.size() + simdjson::SIMDJSON_PADDING);
    std::memcpy(copy.data(), message.data(), message.size());
    std::memset(copy.data() + message.size(), ' ', simdjson::SIMDJSON_PADDING);
    return {copy.data(), message.size()};
  }

  MessageReader reader;
  std::vector<char> copy;
  std::vector<Decoded> out;
};

Decoder::Decoder(DecodeConfig config) : impl_(std::make_unique<Impl>(config)) {}
Decoder::~Decoder() = default;
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;

std::span<const Decoded> Decoder::decode(std::string_view message, std::optional<Format> only) {
  impl_->clear();
  auto& out = impl_->out;
  if (message.size() > limits::max_message_bytes) {
    out.emplace_back(Rejected{Format::unknown, RejectReason::message_too_large, "over 16 MiB"});
    return out;
  }
  static_assert(limits::max_message_bytes == 16u << 20, "the message above names it");
  const std::string_view text = trimmed_json(message);
  if (text.empty()) {
    out.emplace_back(Rejected{Format::unknown, RejectReason::empty_message, "no bytes, or only blanks"});
    return out;
  }
  impl_->reader.read(impl_->padded_copy(text), only, out);
  return out;
}

}  // namespace imdswatch
