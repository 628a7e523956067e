#include <charconv>
#include <cstdint>

#include "event_data.hpp"
#include "json_text.hpp"

namespace imdswatch {
namespace {

constexpr std::uint32_t replacement = 0xfffd;

char* put_utf8(std::uint32_t code, char* out) {
  if (code < 0x80) {
    *out++ = static_cast<char>(code);
  } else if (code < 0x800) {
    *out++ = static_cast<char>(0xc0 | (code >> 6));
    *out++ = static_cast<char>(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    *out++ = static_cast<char>(0xe0 | (code >> 12));
    *out++ = static_cast<char>(0x80 | ((code >> 6) & 0x3f));
    *out++ = static_cast<char>(0x80 | (code & 0x3f));
  } else {
    *out++ = static_cast<char>(0xf0 | (code >> 18));
    *out++ = static_cast<char>(0x80 | ((code >> 12) & 0x3f));
    *out++ = static_cast<char>(0x80 | ((code >> 6) & 0x3f));
    *out++ = static_cast<char>(0x80 | (code & 0x3f));
  }
  return out;
}

/// The character of an entity's name without & and ;, or 0 if it is none of XML's.
std::uint32_t entity(std::string_view name) {
  if (name == "amp") return '&';
  if (name == "lt") return '<';
  if (name == "gt") return '>';
  if (name == "quot") return '"';
  if (name == "apos") return '\'';
  if (name.size() < 2 || name.front() != '#') return 0;
  const bool hexadecimal = name[1] == 'x' || name[1] == 'X';
  name.remove_prefix(hexadecimal ? 2 : 1);
  std::uint32_t code = 0;
  const char* const end = name.data() + name.size();
  const auto [after, error] = std::from_chars(name.data(), end, code, hexadecimal ? 16 : 10);
  if (error != std::errc{} || after != end) return 0;
  const bool character = code != 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return character ? code : replacement;
}

/// An & that begins no entity stays one. No entity is shorter than its character.
std::string_view without_entities(std::string_view text, TextArena& arena) {
  if (text.find('&') == std::string_view::npos) return text;
  char* const begin = arena.allocate(text.size());
  char* out = begin;
  for (std::size_t i = 0; i < text.size();) {
    constexpr std::size_t longest = 10;  // "#x10ffff", with leading zeros
    const auto end = text[i] == '&' ? text.substr(i + 1, longest + 1).find(';') : std::string_view::npos;
    const std::uint32_t code = end == std::string_view::npos ? 0 : entity(text.substr(i + 1, end));
    if (code != 0) {
      out = put_utf8(code, out);
      i += end + 2;
    } else {
      *out++ = text[i++];
    }
  }
  arena.shrink(out);
  return {begin, static_cast<std::size_t>(out - begin)};
}


/// What stands between < and > of a tag. Quotes may hold a >.
struct Tag {
  std::string_view text;
  [[nodiscard]] bool closes() const { return text.starts_with('/'); }
  [[nodiscard]] bool is_empty() const { return text.ends_with('/'); }
  [[nodiscard]] std::string_view name() const {
    std::string_view out = text.substr(closes() ? 1 : 0);
    std::size_t end = 0;
    while (end < out.size() && !is_blank(out[end]) && out[end] != '/') ++end;
    out = out.substr(0, end);
    return out.substr(out.find(':') + 1);  // without a namespace
  }
  /// The value of the attribute Name.
  [[nodiscard]] std::string_view named() const {
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
      if (text[i] == '"' || text[i] == '\'') {
        i = text.find(text[i], i + 1);
        if (i == std::string_view::npos) return {};
        continue;
      }
      if (!is_blank(text[i]) || !equals_folded(text.substr(i + 1, 4), "Name")) continue;
      std::size_t at = i + 5;
      while (at < text.size() && is_blank(text[at])) ++at;
      if (at == text.size() || text[at] != '=') continue;
      ++at;
      while (at < text.size() && is_blank(text[at])) ++at;
      if (at == text.size() || (text[at] != '"' && text[at] != '\'')) return {};
      const auto end = text.find(text[at], at + 1);
      return end == std::string_view::npos ? std::string_view{} : text.substr(at + 1, end - at - 1);
    }
    return {};
  }
};

/// Takes markup and text off the front of a document.
class Scanner {
 public:
  explicit Scanner(std::string_view xml) : rest_(xml) {}
  [[nodiscard]] bool done() const { return rest_.empty(); }

  /// What stands before the next <.
  std::string_view text() { return take(rest_.find('<')); }

  /// Skips a comment, an instruction or a declaration; false if it has no end.
  bool skip_other(bool& skipped) {
    skipped = true;
    if (rest_.starts_with("<!--")) return skip_behind("-->");
    if (rest_.starts_with("<?")) return skip_behind("?>");
    if (rest_.starts_with("<!")) return skip_behind(">");
    skipped = false;
    return true;
  }

  /// The tag that begins here; false if it has no end.
  bool tag(Tag& out) {
    char quote = '\0';
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      const char c = rest_[i];
      if (quote != '\0') {
        if (c == quote) quote = '\0';
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '<') {
        return false;
      } else if (c == '>') {
        out.text = rest_.substr(1, i - 1);
        rest_.remove_prefix(i + 1);
        return !out.text.empty();
      }
    }
    return false;
  }

  /// The text of a CDATA section, if one begins here; false if it has no end.
  bool character_data(std::string_view& out) {
    constexpr std::string_view begin = "<![CDATA[";
    if (!rest_.starts_with(begin)) return true;
    const auto end = rest_.find("]]>");
    if (end == std::string_view::npos) return false;
    out = rest_.substr(begin.size(), end - begin.size());
    rest_.remove_prefix(end + 3);
    return true;
  }

 private:
  std::string_view take(std::size_t count) {
    const std::string_view out = rest_.substr(0, count);
    rest_.remove_prefix(out.size());
    return out;
  }
  bool skip_behind(std::string_view mark) {
    const auto at = rest_.find(mark);
    if (at == std::string_view::npos) return false;
    rest_.remove_prefix(at + mark.size());
    return true;
  }
  std::string_view rest_;
};

void put(std::string_view name, std::string_view value, Fields& fields) {
  for (const SlotPath& known : event_data_names())
    if (equals_folded(known.path, name)) fields.put(known.slot, value);
}

}  // namespace

bool read_xml_data(std::string_view xml, Fields& fields, TextArena& arena) {
  Scanner in(xml);
  std::size_t open = 0;
  bool any = false;
  while (true) {
    in.text();
    if (in.done()) return any && open == 0;
    bool skipped = false;
    if (!in.skip_other(skipped)) return false;
    if (skipped) continue;
    Tag tag;
    if (!in.tag(tag)) return false;
    any = true;
    if (tag.closes()) {
      if (open == 0) return false;
      --open;
      continue;
    }
    if (tag.is_empty()) continue;
    ++open;
    if (tag.name() != "Data") continue;
    std::string_view value = without_entities(in.text(), arena);
    if (!in.character_data(value)) return false;
    const std::string_view name = tag.named();
    if (!in.tag(tag) || !tag.closes()) return false;
    --open;
    if (!name.empty()) put(name, value, fields);
  }
}

}  // namespace imdswatch
