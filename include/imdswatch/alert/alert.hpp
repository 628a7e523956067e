#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "imdswatch/triage/order.hpp"

namespace imdswatch {

/// What every alert says of the rule. The defaults are those of the rule whose job this is; wording and licence are ours.
struct AlertPolicy {
  std::string rule_id = "imdswatch-unusual-windows-process-calling-the-metadata-service";
  std::string rule_uuid = "5a3ee1a0-6d0a-5d1c-9a53-7c1f0f5b7d11";
  std::string rule_name = "Unusual Windows Process Calling the Metadata Service";
  std::string rule_reference = "https://imdswatch.example/docs/guide.md";
  std::string severity = "low";
  int risk_score = 21;
  std::string model_version = "1";  ///< of the model that gave the scores
  bool kibana_fields = true;     ///< the `kibana.alert.*` copy
  std::string config_version;    ///< hash of the configuration, told in every alert
};

/// One document of the alert topic.
struct Alert {
  std::string id;                ///< `event.id`: UUID version 5 of (rule, host, signature, bucket)
  std::uint32_t version = 1;     ///< `imdswatch.version`; (id, version) is the alert's identity
  std::string key;               ///< record key: the host's name; of a group, an overflow or a report: the id
  std::string json;              ///< one line of ECS JSON (docs/formats/alert.md, alert.schema.json)
  std::shared_ptr<const AlertOrder> order;  ///< what it was made of, for views at a terminal
};

/// Pure: the same order gives the same bytes. `shard` is part of the ids of what a shard counts for itself: groups, overflow
/// alerts and learning reports.
Alert make_alert(const AlertOrder& order, const AlertPolicy& policy, Shard shard, bool learning);

/// The name-based UUID that `make_alert` gives the order.
std::string alert_id(const AlertOrder& order, const AlertPolicy& policy, Shard shard);

}  // namespace imdswatch
