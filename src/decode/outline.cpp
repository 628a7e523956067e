#include "outline.hpp"

#include "json_text.hpp"
#include "json_token.hpp"

namespace imdswatch {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view message) : message_(message) {}

  std::optional<Outline> read() {
    for (std::size_t at = 0; at < message_.size();) {
      const char c = message_[at];
      bool fine = true;
      if (c == '{' || c == '[') {
        fine = open(c);
      } else if (c == '}' || c == ']') {
        fine = close(c);
      } else if (c == ',') {
        key_next_ = !inside_.empty() && inside_.back().object;
      } else if (c == '"' && key_next_) {
        fine = key(at);
        at = out_.keys.back().end;
      } else if (c != ':' && c != ' ' && c != '\t' && c != '\n' && c != '\r') {
        at = token_end(message_, at);
        if (!value(at)) return std::nullopt;
        continue;
      }
      if (!fine) return std::nullopt;
      ++at;
    }
    out_.tail = value_end_;
    return out_;
  }

 private:
  struct Container {
    bool object;
    bool holds_objects = false;  ///< of an array
    bool holds_others = false;   ///< of an array
  };

  /// False where an array's elements are of both sorts.
  bool element(bool object) {
    if (inside_.empty() || inside_.back().object) return true;
    Container& array = inside_.back();
    (object ? array.holds_objects : array.holds_others) = true;
    return !(array.holds_objects && array.holds_others);
  }

  bool open(char c) {
    if (!element(c == '{') || (inside_.empty() && braces_)) return false;
    if (c == '{') braces_ = true;
    inside_.push_back({c == '{'});
    key_next_ = c == '{';
    return true;
  }

  bool close(char c) {
    if (inside_.empty()) return false;
    if (c == '}') braces_ = true;
    inside_.pop_back();
    key_next_ = false;
    return true;
  }

  bool key(std::size_t at) {
    const std::size_t end = token_end(message_, at) - 1;
    out_.keys.push_back({value_end_, at, end, false});
    key_next_ = false;
    return inside_.size() > 1 || !may_be_envelope(message_.substr(at + 1, end - at - 1), end);
  }

  /// Whether it is of events, for which each of its elements counts, or its being a list: but where the first is an event, braces tell.
  [[nodiscard]] bool may_be_envelope(std::string_view name, std::size_t end) const {
    if (name.find('\\') != std::string_view::npos) return true;
    if (!equals_folded(name, "records")) return false;
    std::size_t next = value_begin(message_, end);
    if (next >= message_.size() || message_[next] != '[') return true;
    next = past_blanks(message_, next + 1);
    return next == message_.size() || message_[next] != '{';
  }

  bool value(std::size_t end) {
    if (!element(false) || out_.keys.empty()) return false;
    if (braces_) {
      if (out_.keys.back().name < value_end_) return false;  // no key to compare the braces at
      out_.keys.back().braces = true;
    }
    braces_ = false;
    value_end_ = end;
    return true;
  }

  std::string_view message_;
  Outline out_;
  std::vector<Container> inside_;
  std::size_t value_end_ = 0;
  bool braces_ = false;    ///< since then
  bool key_next_ = false;  ///< whether the next text is a key
};

}  // namespace

std::optional<Outline> Outline::of(std::string_view message) { return Reader(message).read(); }

}  // namespace imdswatch
