#include "shape_book.hpp"

#include <algorithm>
#include <utility>

#include "json_token.hpp"
#include "shape_learner.hpp"
#include "shape_tokens.hpp"

namespace imdswatch {
std::string_view ShapeBook::Value::first_token(std::string_view message, std::size_t from, std::size_t to) {
  const std::size_t token = token_end(message, from);
  return message[from] == '[' || token == to ? message.substr(from, token - from) : std::string_view();
}

bool ShapeBook::Name::fits(std::string_view message, const Look& look) const {
  const std::string_view token = value.written(message, look);
  return is_one_name(token) && (of_host || (begins_with_slash(token) == slash && !ends_with_slash(token)));
}

/// As an event says it, or as Sysmon is told to have garbled it.
bool ShapeBook::is_wanted(const IpAddress& destination) const {
  return std::find(wanted_.begin(), wanted_.end(), destination) != wanted_.end() || sysmon_repaired(destination).has_value();
}

bool ShapeBook::fits(Variant& variant, std::string_view message, const Look& look) const {
  if (variant.keys != look.keys() || variant.front.in(look) != 0 || !variant.skeleton.fits(message, look)) return false;
  for (const Ending& ending : variant.endings)
    if (!ending.fits(message, look)) return false;
  for (const std::uint32_t key : variant.no_keys)
    if (!is_no_key_end(message, look.key_end(key))) return false;
  for (const Name& name : variant.names)
    if (!name.fits(message, look)) return false;
  for (const Value& value : variant.addresses) {
    const auto address = address_of(value.written(message, look));
    if (!address || is_wanted(*address)) return false;
  }
  const auto time = time_of(variant.time.written(message, look));
  if (time) variant.glance.time = *time;
  return time.has_value();
}

ShapeBook::Recognised ShapeBook::find(std::string_view message, const Look& look) {
  AtHand& lately = at_hand(look.shape());
  Variant* const first = lately.shape == look.shape() ? lately.first : nullptr;
  if (first != nullptr && fits(*first, message, look)) return {&first->glance, &first->start};
  Shape* const shape = met(look.shape());
  if (shape == nullptr) return {};
  auto& variants = shape->variants;
  for (std::size_t i = first != nullptr ? 1 : 0; i < variants.size(); ++i) {
    Variant& variant = *variants[i];
    if (!fits(variant, message, look)) continue;
    if (i > 0) std::swap(variants[i], variants[i - 1]);
    lately = {look.shape(), shape, variants.front().get()};
    return {&variant.glance, &variant.start};
  }
  return {};
}

void ShapeBook::learn(std::string_view message, const Look& look, const char* text, std::span<const Walk::Visit> visits,
                      const SlotSet& asked, const Decoded& outcome) {
  // A document within a text, of which no address is compared, may name a wanted one.
  const auto* const event = std::get_if<Event>(&outcome);
  const auto* const connection = event == nullptr ? nullptr : std::get_if<ConnectionEvent>(&event->what);
  if (connection != nullptr && is_wanted(connection->destination)) return;
  begin_generation_if_full();
  Shape* known = met(look.shape());
  if (known == nullptr) {
    known = &recent_.shapes[look.shape()];
    recent_.bytes += known->bytes();
  }
  Shape& shape = *known;
  // A shape whose every event looks new costs more to learn than it brings: ever more seldom.
  ++shape.learned;
  if (shape.learned > 64 && (shape.learned & (shape.learned - 1)) != 0) return;
  auto variant = Learner(message, look, asked).learn(text, visits, outcome);
  if (!variant) return;
  at_hand(look.shape()) = {};
  if (shape.variants.size() >= max_variants_of_shape) {
    recent_.bytes -= shape.variants.back()->bytes();
    shape.variants.pop_back();
  }
  recent_.bytes += variant->bytes();
  shape.variants.insert(shape.variants.begin(), std::make_unique<Variant>(std::move(*variant)));
}

void ShapeBook::begin_generation_if_full() {
  if (recent_.bytes <= max_bytes_ / 2) return;
  former_ = std::exchange(recent_, {});
  at_hand_.fill({});
}

ShapeBook::Shape* ShapeBook::met(std::uint64_t shape) {
  AtHand& lately = at_hand(shape);
  if (lately.known != nullptr && lately.shape == shape) return lately.known;
  if (const auto found = recent_.shapes.find(shape); found != recent_.shapes.end()) {
    lately = {shape, &found->second};
    return lately.known;
  }
  auto former = former_.shapes.extract(shape);
  if (former.empty()) return nullptr;
  const std::size_t bytes = former.mapped().bytes();
  former_.bytes -= bytes;
  begin_generation_if_full();
  recent_.bytes += bytes;
  return &recent_.shapes.insert(std::move(former)).position->second;
}

std::size_t ShapeBook::Shape::bytes() const {
  constexpr std::size_t in_the_map = 64;  // of the entry, about
  std::size_t out = in_the_map + sizeof *this + max_variants_of_shape * sizeof variants.front();
  for (const auto& variant : variants) out += variant->bytes();
  return out;
}

std::size_t ShapeBook::Variant::bytes() const {
  const auto heap = [](const std::string& text) { return text.size() < sizeof text ? 0 : text.capacity() + 1; };
  const auto held = [](const auto& list) { return list.capacity() * sizeof list.front(); };
  std::size_t out = sizeof *this + skeleton.heap_bytes() + (start.kept.shape != nullptr ? bytes_of(*start.kept.shape) : 0);
  out += held(names) + held(addresses) + held(endings) + held(no_keys) + held(start.values) + held(start.keys) + held(start.identifying);
  for (const StartKey& key : start.keys) out += heap(key.literal) + heap(key.text);
  return out;
}

std::size_t bytes_of(const StartShape& shape) {
  std::size_t out = sizeof shape + shape.parts.capacity() * sizeof(StartShape::Part);
  for (const auto& part : shape.parts) out += part.literal.size();
  return out;
}

}  // namespace imdswatch
