#include "key_order.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <utility>

namespace imdswatch::bench {
namespace {

constexpr std::size_t one_group = 8;  ///< of a map: as many members are walked in a circle

class Shuffler {
 public:
  Shuffler(std::string_view json, fleet::Random& random, std::string& out) : json_(json), random_(random), out_(out) {}

  /// The value at `at`; returns where it ends.
  std::size_t value(std::size_t at, std::size_t fixed, bool write) {
    if (json_[at] == '{') return write ? object(at, fixed) : container(at, '}');
    const std::size_t begin = at;
    if (json_[at] == '[') at = container(at, ']');
    else if (json_[at] == '"') at = text(at);
    else at = json_.find_first_of(",]}", at);
    if (write) out_ += json_.substr(begin, at - begin);
    return at;
  }

 private:
  std::size_t text(std::size_t at) const {
    for (++at; json_[at] != '"'; ++at)
      if (json_[at] == '\\') ++at;
    return at + 1;
  }
  std::size_t container(std::size_t at, char end) {
    for (++at; json_[at] != end;) {
      const char c = json_[at];
      if (c == '"') at = text(at);
      else if (c == '{' || c == '[') at = container(at, c == '{' ? '}' : ']');
      else ++at;
    }
    return at + 1;
  }
  std::size_t object(std::size_t at, std::size_t fixed) {
    std::array<std::size_t, 128> members;
    std::size_t count = 0;
    for (++at; json_[at] != '}';) {
      if (json_[at] == ',') ++at;
      members.at(count++) = at;
      at = value(text(at) + 1, 0, false);
    }
    const auto loose = std::span(members).subspan(fixed, count - fixed);
    if (loose.size() <= one_group && !loose.empty()) std::ranges::rotate(loose, loose.begin() + static_cast<std::ptrdiff_t>(random_.below(loose.size())));
    else for (std::size_t i = loose.size(); i > 1; --i) std::swap(loose[i - 1], loose[random_.below(i)]);
    out_ += '{';
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) out_ += ',';
      const std::size_t behind = text(members[i]) + 1;
      out_ += json_.substr(members[i], behind - members[i]);
      if (i >= fixed) value(behind, 0, true);
      else out_ += json_.substr(behind, value(behind, 0, false) - behind);
    }
    out_ += '}';
    return at + 1;
  }

  std::string_view json_;
  fleet::Random& random_;
  std::string& out_;
};

}  // namespace

void shuffle_members(std::string_view json, std::size_t fixed, fleet::Random& random, std::string& out) { Shuffler(json, random, out).value(0, fixed, true); }

}  // namespace imdswatch::bench
