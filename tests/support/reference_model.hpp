#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "imdswatch/model/model.hpp"

namespace imdswatch::test {

/// The model of docs/model.md written down as plainly as can be: it keeps every bucket it was taught, and computes each
/// question from all of them. Slow. Stems are what stands before the last '-'.
class ReferenceModel {
 public:
  explicit ReferenceModel(ModelPolicy policy) : policy_(std::move(policy)) {}
  void learn(EventTime run_time, std::vector<Leaving> leaving, bool learning);
  [[nodiscard]] double surprise(const std::string& host, const Signature& signature, EventTime run_time) const;
  [[nodiscard]] bool learned(const std::string& host, const Signature& signature, EventTime run_time) const;

 private:
  struct Taught {
    EventTime time;
    std::vector<Leaving> leaving;
    bool learning;
  };
  struct Count {
    double value = 0;
    EventTime last;
  };
  using Value = std::pair<int, std::string>;  ///< kind of part, text
  struct Known {
    bool learned = false;
    int buckets = 0;
    std::set<std::int64_t> days;
    EventTime last;
  };
  struct Name {
    Count count;
    std::map<Value, Count> parts;
    std::map<Signature, Known> signatures;
  };
  struct Host {
    std::map<std::string, Name> names;
    std::string group;
    std::int64_t last_day = 0;
  };
  using Hosts = std::map<std::string, Host>;
  struct Weight {
    double weight = 0;
    bool learned = false;
  };

  [[nodiscard]] Hosts replay(EventTime until) const;
  void replay_bucket(const Taught& taught, Hosts& hosts) const;
  Weight replay_signature(Name& name, const Signature& signature, const Taught& taught, bool finding) const;
  void forget(Hosts& hosts, EventTime now) const;
  [[nodiscard]] double faded(const Count& count, EventTime now) const;
  void grow(Count& count, const Weight& weight, EventTime now) const;
  [[nodiscard]] double vote(const Host& host, EventTime now) const;
  [[nodiscard]] double level(const std::map<std::string, double>& counts, const std::string& value, double next) const;

  ModelPolicy policy_;
  std::vector<Taught> history_;
};

}  // namespace imdswatch::test
