#include "shape_book.hpp"

#include <algorithm>
#include <utility>

#include "json_token.hpp"
#include "shape_learner.hpp"
#include "shape_tokens.hpp"

namespace imdswatch {
namespace {

/// What looks new each time costs more to learn than it brings: ever more seldom.
bool is_worth_learning(std::uint32_t times, std::uint32_t freely) { return times <= freely || (times & (times - 1)) == 0; }

}  // namespace

std::string_view ShapeBook::Value::first_token(std::string_view message, std::size_t from, std::size_t to) {
  const std::size_t token = token_end(message, from);
  return message[from] == '[' || token == to ? message.substr(from, token - from) : std::string_view();
}

bool ShapeBook::Name::fits(std::string_view message, Places places) const {
  const std::string_view token = value.written(message, places);
  return is_one_name(token) && (of_host || (begins_with_slash(token) == slash && !ends_with_slash(token)));
}

/// As an event says it, or as Sysmon is told to have garbled it.
bool ShapeBook::is_wanted(const IpAddress& destination) const {
  return std::find(wanted_.begin(), wanted_.end(), destination) != wanted_.end() || sysmon_repaired(destination).has_value();
}

bool ShapeBook::fits(const Variant& variant, std::string_view message, const Look& look) {
  const Places places = look.places();
  if (variant.keys != look.keys() || variant.front.in(places) != 0 || !variant.skeleton.fits(message, places)) return false;
  for (const Ending& ending : variant.endings)
    if (!ending.fits(message, places)) return false;
  for (const std::uint32_t key : variant.no_keys)
    if (!is_no_key_end(message, look.key_end(key))) return false;
  return true;
}

bool ShapeBook::fits(const Variant& variant, std::string_view message, const Survey& survey) {
  if (!std::ranges::equal(variant.nodes, survey.nodes())) return false;
  const Places places = survey.places();
  return std::ranges::all_of(variant.literals, [&](const Literal& one) { return one.value.written(message, places) == one.text; });
}

bool ShapeBook::values_fit(Variant& variant, std::string_view message, Places places) const {
  for (const Name& name : variant.names)
    if (!name.fits(message, places)) return false;
  for (const Value& value : variant.addresses) {
    const auto address = address_of(value.written(message, places));
    if (!address || is_wanted(*address)) return false;
  }
  const auto time = time_of(variant.time.written(message, places));
  if (time) variant.glance.time = *time;
  return time.has_value();
}

template <class Seen>
ShapeBook::Recognised ShapeBook::find_as(std::string_view message, const Seen& seen) {
  const auto is = [&](Variant& variant) { return fits(variant, message, seen) && values_fit(variant, message, seen.places()); };
  AtHand& lately = at_hand(seen.shape());
  Variant* const first = lately.shape == seen.shape() ? lately.first : nullptr;
  if (first != nullptr && is(*first)) return {&first->glance, &first->start};
  Shape* const shape = met(seen.shape());
  if (shape == nullptr) return {};
  auto& variants = shape->variants;
  for (std::size_t i = first != nullptr ? 1 : 0; i < variants.size(); ++i) {
    Variant& variant = *variants[i];
    if (!is(variant)) continue;
    if (i > 0) std::swap(variants[i], variants[i - 1]);
    lately = {seen.shape(), shape, variants.front().get()};
    return {&variant.glance, &variant.start};
  }
  return {};
}

ShapeBook::Recognised ShapeBook::find(std::string_view message, const Look& look) {
  if (may_learn_ < most_learned_in_a_row * looks_for_learning) ++may_learn_;
  return find_as(message, look);
}

ShapeBook::Recognised ShapeBook::find(std::string_view message, const Survey& survey) { return find_as(message, survey); }

void ShapeBook::learn(std::string_view message, const Look& look, const char* text, std::span<const Walk::Visit> visits,
                      const SlotSet& asked, const Decoded& outcome) {
  Shape* const shape = is_call(outcome) ? nullptr : shape_to_learn(look.shape(), max_variants_of_shape);
  if (shape == nullptr) return;
  if (auto variant = Learner(message, asked).learn(look, text, visits, outcome)) add(*shape, look.shape(), max_variants_of_shape, std::move(*variant));
}

void ShapeBook::learn(std::string_view message, const Survey& survey, std::span<const Walk::Visit> visits, const SlotSet& asked, const Decoded& outcome) {
  Shape* const shape = is_call(outcome) ? nullptr : shape_to_learn(survey.shape(), max_variants_of_any_order);
  if (shape == nullptr) return;
  if (auto variant = Learner(message, asked).learn(survey, visits, outcome)) add(*shape, survey.shape(), max_variants_of_any_order, std::move(*variant));
}

bool ShapeBook::may_keep_its_order(const Survey& survey) {
  Shape* const shape = met(survey.shape());
  return shape == nullptr || is_worth_learning(++shape->orders, orders_learned_freely);
}

/// A document within a text, of which no address is compared, may name a wanted one.
bool ShapeBook::is_call(const Decoded& outcome) const {
  const auto* const event = std::get_if<Event>(&outcome);
  const auto* const connection = event == nullptr ? nullptr : std::get_if<ConnectionEvent>(&event->what);
  return connection != nullptr && is_wanted(connection->destination);
}

ShapeBook::Shape* ShapeBook::shape_to_learn(std::uint64_t number, std::size_t max_variants) {
  if (may_learn_ < looks_for_learning) return nullptr;
  begin_generation_if_full();
  Shape* known = met(number);
  if (known == nullptr) {
    known = &recent_.shapes[number];
    known_.set(number >> (64 - known_bits));
    recent_.bytes += known->bytes();
  }
  if (!is_worth_learning(++known->learned, learned_freely_for_each * static_cast<std::uint32_t>(max_variants))) return nullptr;
  may_learn_ -= looks_for_learning;
  return known;
}

void ShapeBook::add(Shape& shape, std::uint64_t number, std::size_t max_variants, Variant variant) {
  at_hand(number) = {};
  if (shape.variants.size() >= max_variants) {
    recent_.bytes -= shape.variants.back()->bytes();
    shape.variants.pop_back();
  }
  recent_.bytes += variant.bytes();
  shape.variants.insert(shape.variants.begin(), std::make_unique<Variant>(std::move(variant)));
}

void ShapeBook::begin_generation_if_full() {
  if (recent_.bytes <= max_bytes_ / 2) return;
  former_ = std::exchange(recent_, {});
  at_hand_.fill({});
  known_.reset();
  for (const auto& [shape, of_it] : former_.shapes) known_.set(shape >> (64 - known_bits));
}

ShapeBook::Shape* ShapeBook::met(std::uint64_t shape) {
  if (!may_be_known(shape)) return nullptr;
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
  known_.set(shape >> (64 - known_bits));  // a generation that begins here forgets it
  return &recent_.shapes.insert(std::move(former)).position->second;
}

std::size_t ShapeBook::Shape::bytes() const {
  constexpr std::size_t in_the_map = 64;  // of the entry, about
  std::size_t out = in_the_map + sizeof *this + max_variants_of_any_order * sizeof variants.front();
  for (const auto& variant : variants) out += variant->bytes();
  return out;
}

std::size_t ShapeBook::Variant::bytes() const {
  const auto heap = [](const std::string& text) { return text.size() < sizeof text ? 0 : text.capacity() + 1; };
  const auto held = [](const auto& list) { return list.capacity() * sizeof list.front(); };
  std::size_t out = sizeof *this + skeleton.heap_bytes() + (start.kept.shape != nullptr ? bytes_of(*start.kept.shape) : 0);
  out += held(nodes) + held(literals) + held(names) + held(addresses) + held(endings) + held(no_keys) + held(start.values) + held(start.keys) + held(start.identifying);
  for (const Literal& one : literals) out += heap(one.text);
  for (const StartKey& key : start.keys) out += heap(key.literal) + heap(key.text);
  return out;
}

std::size_t bytes_of(const StartShape& shape) {
  std::size_t out = sizeof shape + shape.parts.capacity() * sizeof(StartShape::Part);
  for (const auto& part : shape.parts) out += part.literal.size();
  return out;
}

}  // namespace imdswatch
