#include "survey.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "for_each_machine.hpp"
#include "json_text.hpp"
#include "json_token.hpp"
#include "outline.hpp"
#include "shape_tokens.hpp"

namespace imdswatch {
namespace {

constexpr std::size_t longest_name = 256;  ///< events with longer ones are parsed
constexpr std::uint64_t odd = 0x9e3779b97f4a7c15;

/// What a byte may be where it stands outside of a text.
enum Class : unsigned char {
  follows_text = 1,   ///< it may stand behind one
  begins_scalar = 2,  ///< or an element of an array
  ends_scalar = 4,
  opens = 8,
  closes = 16,
  ends_no_key = 32,  ///< what ends in it before a quote and a colon may be no key
};
constexpr auto classes = [] {
  std::array<unsigned char, 256> out{};
  for (int i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    unsigned of_c = 0;
    if (c == ',' || c == ':' || c == ']' || c == '}' || is_blank(c)) of_c |= follows_text;
    if (c == '{' || c == '[') of_c |= opens;
    if (c == '}' || c == ']') of_c |= closes;
    if (c == '\\' || c == ':' || c == ',' || c == '[' || c == '"') of_c |= ends_no_key;
    if (ends_value(c)) of_c |= ends_scalar | begins_scalar;
    if (c == '-') of_c |= begins_scalar;
    out[static_cast<std::size_t>(i)] = static_cast<unsigned char>(of_c);
  }
  return out;
}();
[[gnu::always_inline]] inline bool is(Class wanted, char c) { return (classes[static_cast<unsigned char>(c)] & wanted) != 0; }

/// The last quote before `end`; 0 where none is near, as none that begins a key stands there.
std::size_t quote_before(std::string_view message, std::size_t end) {
  const std::size_t least = end > longest_name ? end - longest_name : 0;
  while (end > least)
    if (message[--end] == '"') return end;
  return 0;
}

/// Whether all that stands behind the value at `begin` closes something: else the message was cut off within it.
bool only_closes_behind(std::string_view message, std::size_t begin) {
  const std::size_t end = token_end(message, begin);
  return end < message.size() && message.find_first_not_of("]}", end) == std::string_view::npos;
}

constexpr std::uint64_t closing_braces = 0x7d7d7d7d7d7d7d00;  ///< seven

}  // namespace

Survey::Survey(const PathTree& tree)
    : tree_(tree), known_(std::size_t{1} << known_bits), places_(2 * tree.nodes() + 2), nodes_(tree.nodes() / 64 + 1), met_(tree.nodes() + 1) {
  nothing_.number = static_cast<std::uint16_t>(tree.nodes());
}

/// Kept where the pass has it at hand, and put down however that ends.
struct Survey::Noted {
  Survey& survey;
  std::uint16_t* next;  ///< behind the numbers met
  std::uint64_t shape = 0;
  ~Noted() {
    survey.keys_met_ = static_cast<std::size_t>(next - survey.met_.data());
    survey.shape_ = shape;
  }
};

[[gnu::always_inline]] inline std::uint64_t Survey::place_of(std::uint64_t letters, std::size_t size, const PathTree::Node* below) {
  return ((letters + reinterpret_cast<std::uintptr_t>(below) + (size << 48)) * odd) >> (64 - known_bits);
}

[[gnu::always_inline]] inline const Survey::Known* Survey::recall(LastLetters letters, std::size_t size, const PathTree::Node* below) const {
  letters.keep(size);
  for (std::uint64_t at = place_of(letters.number(), size, below); known_[at].below != nullptr; at = (at + 1) % (std::uint64_t{1} << known_bits))
    if (letters.are(known_[at].name.data()) && known_[at].below == below) return &known_[at];
  return nullptr;
}

IMDSWATCH_FOR_EACH_MACHINE bool Survey::over(std::string_view message, const Look& look) {
  forget();
  message_ = message;
  std::memcpy(head_.data() + head_size, message.data(), std::min(head_size, message.size()));
  const char* const head = head_.data() + head_size;
  depth_ = 0;
  Places::Place* const places = places_.data();
  Noted noted{*this, met_.data()};
  const Places ends = look.places();
  const std::size_t keys = look.keys();
  const PathTree::Node* below = nullptr;  // of the innermost object
  std::size_t depth = 0;
  Known event;
  event.child = &tree_.root();
  event.number = nothing_.number;
  const Known* key = &event;  // whose value comes next
  std::size_t begin = 0;      // of that
  for (std::size_t n = 0; n < keys; ++n) {
    const std::size_t end = ends[n];
    const char* const at = end < head_size ? head : message.data();
    if (is(ends_no_key, at[end - 1])) [[unlikely]] {
      if (!is_no_key_end(message, end)) return false;
      continue;
    }
    const LastLetters letters = LastLetters::before(at + end);
    const std::uint32_t quotes = letters.places_of('"');
    const bool near = quotes != 0;
    const std::size_t name = near ? end - 1 - static_cast<std::size_t>(std::countl_zero(quotes)) : quote_before(message, end);
    if (name <= begin) return false;
    std::uint64_t before = 0;
    if (near) [[likely]] std::memcpy(&before, at + name - sizeof before, sizeof before);
    const auto closed = static_cast<std::size_t>(std::countl_zero((before << 8 ^ closing_braces) | 1)) / 8;
    const char first = at[begin];
    // An object with this key at its beginning; a scalar, behind which objects may end; all else, which is seldom.
    if (first == '{' && name == begin + 1 && depth > 0 && depth < deepest) {
      places[2u * key->number + 1] = static_cast<Places::Place>(name);
      below = key->child;
      open_[depth++] = {below, true, false};
    } else if (is(begins_scalar, first) && before >> 56 == ',' && is(ends_scalar, at[name - 2 - closed]) && closed < depth) [[likely]] {
      places[2u * key->number + 1] = static_cast<Places::Place>(name - 1 - closed);
      depth -= closed;
      below = open_[depth - 1].node;
    } else {
      depth_ = depth;
      if (!structure(begin, name, *key)) return false;
      depth = depth_;
      below = open_[depth - 1].node;
    }
    begin = end + 2;
    key = &nothing_;
    if (below == nullptr) {
      if (is(follows_text, at[name + 1])) return false;
      continue;
    }

    const Known* const known = near ? recall(letters, end - name - 1, below) : nullptr;
    key = known != nullptr ? known : ask(name, end, below);
    if (key == nullptr) return false;
    // What is of no interest has places as well, but is not counted.
    const std::uint16_t number = key->number;
    if ((places[2u * number] & key->counts) != 0) return false;
    places[2u * number] = static_cast<Places::Place>(begin);
    *noted.next = number;
    noted.next += key->counts & 1u;
    noted.shape += key->hash;
  }
  depth_ = depth;
  if (begin >= message.size() || !structure(begin, message.size(), *key)) return false;
  for (const std::uint16_t* met = met_.data(); met != noted.next; ++met) nodes_[*met / 64] |= std::uint64_t{1} << *met % 64;
  return true;
}

void Survey::forget() {
  for (std::size_t i = 0; i < keys_met_; ++i) {
    const std::uint16_t number = met_[i];
    places_[2u * number] = places_[2u * number + 1] = 0;
    nodes_[number / 64] = 0;
  }
}

bool Survey::structure(std::size_t begin, std::size_t name, const Known& key) {
  const bool last = name == message_.size();
  std::size_t at = begin;
  for (; at < name && is(opens, message_[at]); ++at)
    if (!push(message_[at], at == begin ? &key : nullptr)) return false;
  if (at == name) return at > begin && message_[at - 1] == '{';

  std::size_t behind = name;
  const bool element = !last && message_[name - 1] == '{';
  if (element) --behind;
  if (!last && (behind <= at || message_[--behind] != ',')) return false;
  std::size_t end = behind;
  while (end > at && is(closes, message_[end - 1])) --end;
  if (end == at ? at == begin : !is(begins_scalar, message_[at]) || !is(ends_scalar, message_[end - 1])) return false;
  if (last && !only_closes_behind(message_, begin)) return false;
  if (at == begin) places_[2u * key.number + 1] = static_cast<Places::Place>(end);
  for (std::size_t closing = end; closing < behind; ++closing)
    if (!close(closing, key.number)) return false;
  if (last || depth_ == 0) return last && depth_ == 0;
  return element ? push('{', nullptr) : open_[depth_ - 1].object;
}

bool Survey::push(char opening, const Known* key) {
  if (depth_ == deepest) return false;
  const bool object = opening == '{';
  if (key != nullptr) {
    open_[depth_++] = {key->child, object, !object};
    if (object) places_[2u * key->number + 1] = static_cast<Places::Place>(places_[2u * key->number] + 1u);
    return true;
  }
  const Container& around = open_[depth_ - 1];
  if (around.object || (object && around.node != nullptr)) return false;
  open_[depth_++] = {around.node, object, false};
  return true;
}

bool Survey::close(std::size_t at, std::uint16_t number) {
  if (depth_ == 0) return false;
  const Container& inner = open_[--depth_];
  if (inner.of_key) places_[2u * number + 1] = static_cast<Places::Place>(at + 1);
  return inner.object == (message_[at] == '}');
}

const Survey::Known* Survey::ask(std::size_t name, std::size_t end, const PathTree::Node* below) {
  const std::string_view text = message_.substr(name + 1, end - name - 1);
  if (is(follows_text, text.front()) || text.find('\\') != std::string_view::npos) return nullptr;
  if (below == &tree_.root() && equals_folded(text, "records")) return nullptr;
  Known out;
  out.below = below;
  out.child = PathTree::step(below, text);
  const bool counts = out.child != nullptr && !out.child->slots.empty();
  out.number = counts ? out.child->number : nothing_.number;
  out.counts = counts ? 0xffff : 0;
  out.hash = counts ? (out.number + 1u) * odd : 0;
  out.hash = (out.hash ^ out.hash >> 29) * odd;
  if (text.size() >= LastLetters::count) return &(unkept_ = out);

  text.copy(out.name.data() + out.name.size() - text.size(), text.size());
  if (++known_names_ > known_.size() / 2) {
    std::ranges::fill(known_, Known{});
    known_names_ = 1;
  }
  std::uint64_t at = place_of(LastLetters::before(out.name.data() + out.name.size()).number(), text.size(), below);
  while (known_[at].below != nullptr) at = (at + 1) % known_.size();
  return &(known_[at] = out);
}

}  // namespace imdswatch
