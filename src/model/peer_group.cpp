#include "peer_group.hpp"

#include <algorithm>

namespace imdswatch {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool separator(char c) { return c == '-' || c == '_'; }

std::string_view without_end_digits(std::string_view label) {
  while (!label.empty() && digit(label.back())) label.remove_suffix(1);
  return label;
}

std::string_view without_end_separators(std::string_view label) {
  while (!label.empty() && separator(label.back())) label.remove_suffix(1);
  return label;
}

// What stands before the last separator ("web-asg-0a1b2c"), else before the digits at the end ("web01").
std::string_view stem(std::string_view label) {
  const auto last = label.find_last_of("-_");
  return last == std::string_view::npos ? without_end_digits(label) : without_end_separators(label.substr(0, last));
}

// "ip-10-0-1" is made by the image as "ip" is.
bool made_by_image(std::string_view stem, const ModelPolicy& policy) {
  for (std::string_view shorter = stem; !shorter.empty();) {
    if (std::ranges::find(policy.default_stems, shorter) != policy.default_stems.end()) return true;
    const std::string_view next = without_end_separators(without_end_digits(shorter));
    if (next.size() == shorter.size()) return false;
    shorter = next;
  }
  return true;
}

}  // namespace

std::string peer_group(const HostId& host, std::string_view peer_value, const ModelPolicy& policy) {
  if (!peer_value.empty()) return "field:" + std::string(peer_value);
  const std::string_view id = host.value();
  const auto slash = id.rfind('/');
  const auto label_at = slash == std::string_view::npos ? 0 : slash + 1;
  const std::string_view found = stem(id.substr(label_at));
  if (made_by_image(found, policy)) return {};
  return "stem:" + std::string(id.substr(0, label_at)) + std::string(found);
}

}  // namespace imdswatch
