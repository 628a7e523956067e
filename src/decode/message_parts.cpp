#include <algorithm>

#include "json_pieces.hpp"
#include "json_text.hpp"
#include "json_token.hpp"
#include "message.hpp"

namespace imdswatch {
namespace {

/// Calls `use` with each line that holds something, until it says to stop.
template <class Use>
void each_line(std::string_view text, Use use) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && !use(line)) return;
  }
}

/// By both ends. The last line of a printed list may look so too, but for its brackets.
bool looks_like_message(std::string_view line) {
  if (line.starts_with("[{") && line.ends_with("}]")) return sound_end(line, 0) == line.size();
  if (line.front() != '{' || line.back() != '}') return false;
  return !line.ends_with("]}") || sound_end(line, 0).value_or(line.size()) == line.size();
}

/// Whether a text that is no JSON document is likely several, one a line: it has two lines or more, and at least half look like it.
bool looks_like_lines(std::string_view text) {
  std::size_t all = 0;
  std::size_t messages = 0;
  each_line(text, [&](std::string_view line) {
    ++all;
    messages += looks_like_message(line) ? 1u : 0u;
    return true;
  });
  return all >= 2 && messages * 2 >= all;
}

/// Whether a member of a broken object is likely an envelope's list of events.
bool holds_events(const JsonPieces::Piece& member, TextArena& arena) {
  const auto name = unescape(member.key, arena);
  if (!name || !equals_folded(*name, "records") || !member.value.starts_with('[')) return false;
  const std::size_t first = past_blanks(member.value, 1);
  return first < member.value.size() && member.value[first] == '{';
}

}  // namespace

std::string_view trimmed_json(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  text = trimmed(text);
  if (text.starts_with(byte_order_mark)) text = trimmed(text.substr(byte_order_mark.size()));
  return text;
}

void MessageReader::read(std::string_view text, std::optional<Format> only, std::vector<Decoded>& out) {
  only_ = only;
  unread_ = 0;
  Outcome outcome = document(text, message_depth, out);
  if (outcome && outcome->reason != RejectReason::too_many_events) {
    out.clear();
    outcome = looks_like_lines(text) ? lines(text, out) : apart(text, message_depth, *outcome, out);
    walk_.clear();  // no one event's
  }
  if (outcome) out.emplace_back(Rejected{Format::unknown, outcome->reason, outcome->detail});
}

MessageReader::Outcome MessageReader::lines(std::string_view text, std::vector<Decoded>& out) {
  Outcome outcome;
  each_line(text, [&](std::string_view line) {
    outcome = part(line, message_depth, out);
    return !outcome;
  });
  return outcome;
}

MessageReader::Outcome MessageReader::part(std::string_view text, std::size_t depth, std::vector<Decoded>& out) {
  const auto before = static_cast<std::ptrdiff_t>(out.size());
  const auto outcome = document(text, depth, out);
  if (!outcome || outcome->reason == RejectReason::too_many_events) return outcome;
  out.erase(out.begin() + before, out.end());
  return apart(text, depth, *outcome, out);
}

MessageReader::Outcome MessageReader::apart(std::string_view text, std::size_t depth, const Stop& why, std::vector<Decoded>& out) {
  Outcome left = why;
  const bool array = depth == message_depth && text.starts_with('[');
  const bool object = depth <= element_depth && text.starts_with('{');
  if ((array || object) && sound_end(text, 0).value_or(text.size()) < text.size()) {
    left = in_a_row(text, out);
  } else if (array) {
    left = elements(text, element_depth, why, out);
  } else if (object) {
    left = envelope(text, depth, why, out);
  }
  if (!left || left->reason == RejectReason::too_many_events) return left;
  unread_ += left->reason == RejectReason::not_an_object ? 0u : 1u;
  return reject(*left, out);
}

MessageReader::Outcome MessageReader::in_a_row(std::string_view text, std::vector<Decoded>& out) {
  while (!text.empty()) {
    const std::size_t end = text.front() == '{' || text.front() == '[' ? sound_end(text, 0).value_or(text.size()) : text.size();
    if (auto full = part(text.substr(0, end), message_depth, out)) return full;
    text = trimmed(text.substr(end));
  }
  return std::nullopt;
}

MessageReader::Outcome MessageReader::elements(std::string_view array, std::size_t depth, const Stop& why, std::vector<Decoded>& out) {
  const std::size_t unread = unread_;
  JsonPieces pieces(array);
  while (const auto piece = pieces.next()) {
    if (!piece->sound) return stop(simdjson::TAPE_ERROR, piece->value);
    if (auto full = part(piece->value, depth, out)) return full;
  }
  return unread == unread_ ? Outcome(why) : std::nullopt;
}

MessageReader::Outcome MessageReader::envelope(std::string_view object, std::size_t depth, const Stop& why,
                                              std::vector<Decoded>& out) {
  const std::size_t unread = unread_;
  JsonPieces members(object);
  while (const auto member = members.next()) {
    if (!holds_events(*member, arena_)) {
      if (!member->sound) return why;
      continue;
    }
    const Outcome left = elements(member->value, depth + 2, why, out);
    if (left && (left->reason == RejectReason::too_many_events || !member->sound)) return left;
  }
  return unread == unread_ ? Outcome(why) : std::nullopt;
}

}  // namespace imdswatch
