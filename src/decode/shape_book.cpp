#include "shape_book.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "json_token.hpp"
#include "outline.hpp"
#include "shape_learner.hpp"
#include "shape_tokens.hpp"

namespace imdswatch {
namespace {

/// Of a number, `true`, `false` or `null`.
bool ends_token(char c) { return c == ',' || c == '}' || c == ']' || c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

using TwoWords [[gnu::vector_size(16)]] = std::uint64_t;
bool is_zero(std::uint64_t word) { return word == 0; }
bool is_zero(TwoWords words) { return (words[0] | words[1]) == 0; }

template <class Word>
bool same_by_words(const char* a, const char* b, std::size_t size) {
  const auto differ = [&](std::size_t at) {
    Word left{};
    Word right{};
    std::memcpy(&left, a + at, sizeof left);
    std::memcpy(&right, b + at, sizeof right);
    return left ^ right;
  };
  Word different = differ(size - sizeof(Word));
  for (std::size_t at = 0; at + sizeof(Word) < size; at += sizeof(Word)) different |= differ(at);
  return is_zero(different);
}

/// Most texts are of 8 to 40 bytes: less than what a call of memcmp costs.
bool same_bytes(const char* a, const char* b, std::size_t size) {
  if (size >= sizeof(TwoWords)) return same_by_words<TwoWords>(a, b, size);
  if (size >= sizeof(std::uint64_t)) return same_by_words<std::uint64_t>(a, b, size);
  return std::memcmp(a, b, size) == 0;
}

/// Whether the last value, or its quote, is followed by `tail`.
bool ends_with(std::string_view message, std::string_view tail) {
  if (message.size() <= tail.size() || !same_bytes(message.data() + message.size() - tail.size(), tail.data(), tail.size())) return false;
  const char before = message[message.size() - tail.size() - 1];
  return tail.front() == '"' ? before != '\\' : ends_value(before);
}

}  // namespace

std::size_t ShapeBook::Key::value_in(std::string_view message, const Look& look) const {
  const std::size_t end = look.key_end(number);
  const std::size_t begin = end - to_end;
  if (end < to_end || message.size() - begin < written.size()) return std::string_view::npos;
  return same_bytes(message.data() + begin, written.data(), written.size()) ? begin + written.size() : std::string_view::npos;
}

bool ShapeBook::fits(const Check& check, std::string_view message, std::size_t begin, EventTime& time) {
  if (check.role == Role::decides) return !check.unmarked || begin == message.size() || ends_token(message[begin]);
  const std::string_view token = message.substr(begin, token_end(message, begin) - begin);
  if (check.role == Role::host) return is_one_name(token);
  if (check.role == Role::named) return is_one_name(token) && begins_with_slash(token) == check.slash && !ends_with_slash(token);
  if (check.role == Role::address) return is_address(token);
  const auto parsed = time_of(token);
  if (parsed) time = *parsed;
  return parsed.has_value();
}

bool ShapeBook::fits(const Variant& variant, std::string_view message, const Look& look, EventTime& time) {
  if (look.objects() != variant.objects || !ends_with(message, variant.tail)) return false;
  const auto all_fit = [&](const std::vector<Check>& checks) {
    return std::all_of(checks.begin(), checks.end(), [&](const Check& check) {
      const std::size_t begin = check.key.value_in(message, look);
      if (begin == std::string_view::npos) return false;
      const std::size_t written = check.key.written.size();
      if (check.braces && begin != written && !ends_value(message[begin - written - 1])) return false;
      return check.role == Role::free || fits(check, message, begin, time);
    });
  };
  return all_fit(variant.checks) && all_fit(variant.braces);  // these seldom tell two variants of a shape apart
}

std::optional<ShapeBook::Recognised> ShapeBook::find(std::string_view message, const Look& look) {
  Shape* const shape = met(look.shape());
  if (shape == nullptr) return std::nullopt;
  auto& variants = shape->variants;
  for (std::size_t i = 0; i < variants.size(); ++i) {
    EventTime time;
    if (!fits(*variants[i], message, look, time)) continue;
    if (i > 0) std::swap(variants[i], variants[i - 1]);
    Variant& fitting = *variants[i > 0 ? i - 1 : 0];
    fitting.glance.time = time;
    return Recognised{fitting.glance, &fitting.start};
  }
  return std::nullopt;
}

void ShapeBook::learn(std::string_view message, const Look& look, const char* text, std::span<const Walk::Visit> visits,
                      const SlotSet& asked, const Decoded& outcome) {
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
  if (shape.variants.size() >= max_variants_of_shape) {
    recent_.bytes -= shape.variants.back()->bytes();
    shape.variants.pop_back();
  }
  recent_.bytes += variant->bytes();
  shape.variants.insert(shape.variants.begin(), std::make_unique<Variant>(std::move(*variant)));
}

void ShapeBook::begin_generation_if_full() {
  if (recent_.bytes > max_bytes_ / 2) former_ = std::exchange(recent_, {});
}

ShapeBook::Shape* ShapeBook::met(std::uint64_t shape) {
  if (const auto found = recent_.shapes.find(shape); found != recent_.shapes.end()) return &found->second;
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
  std::size_t out = sizeof *this + heap(tail) + (start.shape != nullptr ? bytes_of(*start.shape) : 0);
  for (const auto* list : {&checks, &braces}) {
    out += list->capacity() * sizeof(Check);
    for (const Check& check : *list) out += heap(check.key.written);
  }
  out += start.keys.capacity() * sizeof(StartKey);
  for (const StartKey& key : start.keys) out += heap(key.key.written) + heap(key.literal);
  return out;
}

std::size_t bytes_of(const StartShape& shape) {
  std::size_t out = sizeof shape + shape.parts.capacity() * sizeof(StartShape::Part);
  for (const auto& part : shape.parts) out += part.literal.size();
  return out;
}

}  // namespace imdswatch
