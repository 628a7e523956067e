#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

namespace imdswatch::triage {

/// An ordered table that knows which of its rows changed since the last drain. A row that came and went between two drains
/// leaves no trace.
template <class Key, class Value>
class Table {
 public:
  using Map = std::map<Key, Value>;

  [[nodiscard]] const Map& all() const { return values_; }
  [[nodiscard]] std::size_t size() const { return values_.size(); }
  [[nodiscard]] bool contains(const Key& key) const { return values_.contains(key); }
  [[nodiscard]] const Value* find(const Key& key) const {
    const auto it = values_.find(key);
    return it == values_.end() ? nullptr : &it->second;
  }
  /// To be changed in place; null if there is none.
  Value* edit(const Key& key) {
    const auto it = values_.find(key);
    if (it == values_.end()) return nullptr;
    changed_.insert(key);
    return &it->second;
  }
  Value& put(const Key& key, Value value) {
    changed_.insert(key);
    return values_.insert_or_assign(key, std::move(value)).first->second;
  }
  void erase(const Key& key) {
    if (values_.erase(key) > 0) changed_.insert(key);
  }

  /// Calls `row(key, optional<Value>)` for each change, in the order of keys.
  template <class Row>
  void drain(Row&& row) {
    for (const Key& key : changed_) {
      if (const Value* value = find(key)) {
        stored_.insert(key);
        row(key, std::optional<Value>(*value));
      } else if (stored_.erase(key) > 0) {
        row(key, std::optional<Value>());
      }
    }
    changed_.clear();
  }
  /// A row as it was drained before: not a change.
  void restore(const Key& key, const std::optional<Value>& value) {
    if (value) {
      values_.insert_or_assign(key, *value);
      stored_.insert(key);
    } else {
      values_.erase(key);
      stored_.erase(key);
    }
  }

 private:
  Map values_;
  std::set<Key> changed_, stored_;
};

}  // namespace imdswatch::triage
