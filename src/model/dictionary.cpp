#include "dictionary.hpp"

#include "imdswatch/base/check.hpp"

namespace imdswatch {
namespace {
constexpr std::size_t entry_overhead = sizeof(std::string) + 48;  // the text's object and its index entry
}

std::uint32_t Dictionary::intern(std::string_view text) {
  if (const auto found = ids_.find(text); found != ids_.end()) return found->second;
  IMDS_CHECK(texts_.size() < no_id);
  const auto id = static_cast<std::uint32_t>(texts_.size());
  texts_.emplace_back(text);
  ids_.emplace(texts_.back(), id);
  bytes_ += text.size() + entry_overhead;
  return id;
}

std::uint32_t Dictionary::find(std::string_view text) const {
  const auto found = ids_.find(text);
  return found == ids_.end() ? no_id : found->second;
}

}  // namespace imdswatch
