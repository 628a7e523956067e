#include "imdswatch/decode/decoder.hpp"

#include <cstring>
#include <utility>

#include "imdswatch/base/check.hpp"
#include "imdswatch/base/limits.hpp"
#include "inflate.hpp"
#include "look.hpp"
#include "message.hpp"
#include "shape_book.hpp"
#include "start_shape.hpp"
#include "survey.hpp"

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
  return MessageReader(std::move(tree), std::move(custom), config.explain_rejected);
}

Format format_of(const Decoded& decoded) {
  return std::visit([](const auto& what) { return what.format; }, decoded);
}

}  // namespace

struct Decoder::Impl {
  explicit Impl(const DecodeConfig& config)
      : reader(make_reader(config)), by_looks(!config.wanted_addresses.empty()), survey(reader.tree()), book(config.wanted_addresses) {}

  void clear() {
    out.clear();
    if (out.capacity() > largest_kept_events) std::vector<Decoded>().swap(out);
    if (copy.capacity() > largest_kept_bytes) std::vector<char>().swap(copy);
    reader.clear();
    inflater.clear();
  }

  /// simdjson reads a little beyond the end, and the texts of the events must outlive the caller's message.
  std::string_view padded_copy(std::string_view message) {
    if (copy.size() < message.size() + simdjson::SIMDJSON_PADDING) copy.resize(message.size() + simdjson::SIMDJSON_PADDING);
    std::memcpy(copy.data(), message.data(), message.size());
    std::memset(copy.data() + message.size(), ' ', simdjson::SIMDJSON_PADDING);
    return {copy.data(), message.size()};
  }

  /// What `only` left out would be read if it stood in another topic.
  void learn(std::string_view message, std::optional<Format> only) {
    if (out.size() != 1 || (only && format_of(out.front()) != only)) return;
    if (order_is_new) book.learn(message, look, copy.data(), reader.visits(), reader.asked(), out.front());
    if (surveyed && book.find(message, survey).glance == nullptr) book.learn(message, survey, reader.visits(), reader.asked(), out.front());
  }

  /// A message that `look` is of; `places` tell then where in it things stand.
  ShapeBook::Recognised recognise(std::string_view message) {
    places = look.places();
    const ShapeBook::Recognised known = book.find(message, look);
    if (known.glance != nullptr) return known;
    surveyed = survey.over(message, look);
    order_is_new = !surveyed || book.may_keep_its_order(survey);
    if (order_is_new) return {};
    places = survey.places();
    return book.find(message, survey);
  }

  MessageReader reader;
  bool by_looks;
  Look look;
  Survey survey;
  ShapeBook book;
  Places places{nullptr};  ///< of the message that was glanced at last
  // Of a message that was not recognised:
  bool surveyed = false;
  bool order_is_new = false;  ///< and is to be learned
  const char* looked_at = nullptr;  ///< the message that `look` is of, if it is one to learn from
  Inflater inflater;
  std::vector<char> copy;
  std::vector<Decoded> out;
  // Of the start that was glanced at last; none by now if `start` is null.
  ShapeBook::Start* start = nullptr;
  std::string_view start_message;
  Format start_format = Format::unknown;
  KeptTokens kept;

  MessageReader recaller{PathTree()};  ///< apart, so that a start can be recalled while an event is at hand
  std::vector<Decoded> recalled;
};

Decoder::Decoder(DecodeConfig config) : impl_(std::make_unique<Impl>(config)) {}
Decoder::~Decoder() = default;
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;

const Glance* Decoder::glance(std::string_view message, std::optional<Format> only) {
  Impl& impl = *impl_;
  impl.looked_at = nullptr;
  impl.start = nullptr;
  if (!impl.by_looks || only == Format::custom) return nullptr;  // whose events are never learned
  if (message.size() < 2 || message.front() != '{' || !impl.look.over(message)) return nullptr;
  if (message.back() != '}') return nullptr;  // after the look, which has fetched it
  const ShapeBook::Recognised known = impl.recognise(message);
  if (known.glance == nullptr) {
    impl.looked_at = message.data();
    return nullptr;
  }
  Glance& glance = *known.glance;
  if (only && glance.format != *only) return nullptr;
  if (glance.kind != Glance::Kind::start) return &glance;
  MessageReader::identify(message, impl.places, *known.start, glance.identity);
  impl.start_message = message;
  impl.start_format = glance.format;
  impl.start = known.start;
  return &glance;
}

const KeptStart* Decoder::keep_start() {
  IMDS_CHECK(impl_->start != nullptr);
  if (!impl_->reader.keep_start(impl_->start_message, impl_->places, *impl_->start, impl_->kept)) return nullptr;
  impl_->start->kept.tokens = impl_->kept.bytes();
  return &impl_->start->kept;
}

const Event* Decoder::read_start() {
  IMDS_CHECK(impl_->start != nullptr);
  impl_->clear();
  return impl_->reader.read_start(impl_->start_message, impl_->places, impl_->start_format, *impl_->start, impl_->out);
}

const ProcessStartEvent* Decoder::recall(const KeptStart& kept) {
  impl_->recalled.clear();
  impl_->recaller.read_kept(*kept.shape, kept.tokens, impl_->recalled);
  const auto* const event = std::get_if<Event>(&impl_->recalled.front());
  return event == nullptr ? nullptr : std::get_if<ProcessStartEvent>(&event->what);
}

std::span<const Decoded> Decoder::decode(std::string_view message, std::optional<Format> only) {
  impl_->clear();
  impl_->start = nullptr;
  auto& out = impl_->out;
  const char* const looked_at = std::exchange(impl_->looked_at, nullptr);  // of this message only, whatever lies there next
  if (message.size() > limits::max_message_bytes) {
    out.emplace_back(Rejected{Format::unknown, RejectReason::message_too_large, "over 16 MiB"});
    return out;
  }
  static_assert(limits::max_message_bytes == 16u << 20, "the message above names it");
  if (is_compressed(message)) {
    if (auto rejected = impl_->inflater.inflate(message)) {
      out.emplace_back(*rejected);
      return out;
    }
    message = impl_->inflater.text();
  }
  const std::string_view text = trimmed_json(message);
  if (text.empty()) {
    out.emplace_back(Rejected{Format::unknown, RejectReason::empty_message, "no bytes, or only blanks"});
    return out;
  }
  impl_->reader.read(impl_->padded_copy(text), only, out);
  if (looked_at == message.data() && text.size() == message.size()) impl_->learn(message, only);
  return out;
}

}  // namespace imdswatch
