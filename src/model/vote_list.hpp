#pragma once

#include <cstdint>
#include <vector>

#include "dictionary.hpp"
#include "imdswatch/model/counts.hpp"
#include "imdswatch/model/level.hpp"
#include "imdswatch/model/policy.hpp"
#include "imdswatch/model/rows.hpp"

namespace imdswatch {

/// The values of one level of hosts with their votes, in the order of their text, so that sums over them are the same to the
/// bit wherever the ids come from. Sums are kept until something changes or the day does.
class VoteList {
 public:
  struct Entry {
    std::uint32_t id = no_id;
    Votes votes;
  };
  /// `texts` gives the order; none: ids are ordered themselves (user kinds).
  explicit VoteList(const Dictionary* texts) : texts_(texts) {}

  /// A vote worth 1 on `day`, of a host that did not know the value; `first` is its first call.
  void vote(std::uint32_t id, EventTime first, std::int32_t day, const ModelPolicy& policy);
  /// Adds to the votes of hosts that know the value already.
  void top_up(std::uint32_t id, double weight, std::int32_t day, const ModelPolicy& policy);
  /// Takes one host's vote back; the last one takes the value with it.
  void withdraw(std::uint32_t id, double weight, std::int32_t day, const ModelPolicy& policy);
  void set(std::uint32_t id, const Votes& votes);
  void erase(std::uint32_t id);

  [[nodiscard]] const Votes* find(std::uint32_t id) const;
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  [[nodiscard]] Level level(std::uint32_t id, std::int32_t day, const ModelPolicy& policy) const;
  /// Over all values, with `floor` as the chance given to each by the level after this one.
  [[nodiscard]] Spread spread(std::int32_t day, double floor, const ModelPolicy& policy) const;

 private:
  struct Cache {
    bool sums_valid = false, spread_valid = false;
    std::int32_t day = 0;
    double total = 0, discounts = 0, floor = 0;
    Spread spread;
  };
  [[nodiscard]] std::size_t place(std::uint32_t id) const;
  [[nodiscard]] bool less(std::uint32_t a, std::uint32_t b) const { return texts_ ? texts_->less(a, b) : a < b; }
  void sum(std::int32_t day, const ModelPolicy& policy) const;

  const Dictionary* texts_;
  std::vector<Entry> entries_;
  mutable Cache cache_;
};

}  // namespace imdswatch
