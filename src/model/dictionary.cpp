#include "dictionary.hpp"

#include "imdswatch/base/check.hpp"
#include "imdswatch/base/hash.hpp"

namespace imdswatch {

std::uint32_t Dictionary::intern(std::string_view text) {
  if (const std::uint32_t known = find(text); known != no_id) return known;
  std::uint32_t id = 0;
  if (free_.empty()) {
    IMDS_CHECK(texts_.size() < no_id);
    id = static_cast<std::uint32_t>(texts_.size());
    texts_.emplace_back(text);
    is_free_.push_back(false);
  } else {
    id = free_.back();
    free_.pop_back();
    texts_[id] = text;
    is_free_[id] = false;
  }
  ids_.insert(stable_hash64(text), id);
  bytes_ += text.size() + sizeof(std::string);
  return id;
}

std::uint32_t Dictionary::find(std::string_view text) const {
  return ids_.find(stable_hash64(text), [&](std::uint32_t id) { return texts_[id] == text; });
}

void Dictionary::keep_only(const std::vector<bool>& marked) {
  for (std::uint32_t id = 0; id < texts_.size(); ++id) {
    if (is_free_[id] || marked[id]) continue;
    ids_.erase(stable_hash64(texts_[id]), id);
    bytes_ -= texts_[id].size() + sizeof(std::string);
    texts_[id] = {};
    is_free_[id] = true;
    free_.push_back(id);
  }
}

}  // namespace imdswatch
