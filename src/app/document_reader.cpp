#include "document_reader.hpp"

#include <algorithm>
#include <iterator>

#include "imdswatch/base/limits.hpp"

namespace imdswatch {
namespace {

/// Brackets that are open, over lines fed one after the other.
class Brackets {
 public:
  void feed(std::string_view line) {
    for (const char c : line) {
      if (in_string_) {
        if (escaped_) {
          escaped_ = false;
        } else if (c == '\\') {
          escaped_ = true;
        } else if (c == '"') {
          in_string_ = false;
        }
      } else if (c == '"') {
        in_string_ = true;
      } else if (c == '{' || c == '[') {
        ++open_;
      } else if (c == '}' || c == ']') {
        --open_;
      }
    }
  }
  [[nodiscard]] bool closed() const { return open_ <= 0; }
  [[nodiscard]] bool within_string() const { return in_string_; }

 private:
  int open_ = 0;
  bool in_string_ = false, escaped_ = false;
};

constexpr std::string_view blanks = " \t\r";

/// Looking in vain may cost so much, and some times what the input itself costs: a file of nothing but open brackets ends in time.
constexpr std::size_t always_free = 4 * limits::max_message_bytes;
constexpr std::size_t cost_of_line = 64;

char first_of(std::string_view line) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (line.starts_with(byte_order_mark)) line.remove_prefix(byte_order_mark.size());
  const auto at = line.find_first_not_of(blanks);
  return at == std::string_view::npos ? '\0' : line[at];
}

}  // namespace

Result<std::optional<DocumentReader::Document>> DocumentReader::line() {
  if (!again_.empty()) {
    Document out = std::move(again_.back());
    again_.pop_back();
    return std::optional{std::move(out)};
  }
  auto next = lines_.next();
  if (!next) return std::move(next).error();
  if (!*next) return std::optional<Document>{};
  return std::optional{Document{++number_, std::string(**next)}};
}

Result<std::optional<DocumentReader::Document>> DocumentReader::next() {
  auto first = line();
  while (first && *first && first_of((*first)->text) == '\0') first = line();
  if (!first || !*first) return first;
  const char bracket = first_of((*first)->text);
  told_ += (*first)->text.size() + cost_of_line;
  Brackets brackets;
  brackets.feed((*first)->text);
  if ((bracket != '{' && bracket != '[') || brackets.closed() || brackets.within_string()) return first;
  if (in_vain_ > always_free + 4 * told_) return first;

  std::vector<Document> lines;
  lines.push_back(**std::move(first));
  std::size_t size = lines.front().text.size();
  while (!brackets.closed() && size < limits::max_message_bytes) {
    auto more = line();
    if (!more || !*more) break;  // an error comes again, after the lines before it
    brackets.feed((*more)->text);
    size += (*more)->text.size() + 1;
    lines.push_back(**std::move(more));
    if (bracket == '{' && lines.back().text.starts_with('{')) break;
  }
  const bool another = bracket == '{' && lines.size() > 1 && lines.back().text.starts_with('{');
  if (!brackets.closed() || another) {
    in_vain_ += size + lines.size() * cost_of_line;
    std::move(lines.rbegin(), std::prev(lines.rend()), std::back_inserter(again_));
    return std::optional{std::move(lines.front())};
  }
  told_ += size + lines.size() * cost_of_line;
  Document out = std::move(lines.front());
  for (auto it = std::next(lines.begin()); it != lines.end(); ++it) out.text.append("\n").append(it->text);
  return std::optional{std::move(out)};
}

}  // namespace imdswatch
