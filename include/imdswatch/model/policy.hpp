#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace imdswatch {

/// The constants of the hierarchical Pitman–Yor process and of what is learned when (docs/architecture.md, "The model").
struct ModelPolicy {
  double discount = 0.5;        ///< d
  double strength = 1.0;        ///< θ
  double novelty = 0.01;        ///< chance given to any one name that the fleet has never seen
  double folder_floor = 0.05;   ///< …to any one folder, signer, user of a name
  double signer_floor = 0.05;
  double user_floor = 0.2;
  double half_life_days = 30;
  int forget_days = 400;
  int guard_buckets = 8;        ///< learned buckets before a former finding counts as learned on its host
  int guard_days = 3;           ///< …on as many UTC days
  double guard_weight = 0.1;    ///< what each of them counts until then
  std::chrono::hours learning_for{72};  ///< event time from the shard's first call; 0 turns the learning period off
  int peers_min_hosts = 3;
  std::vector<std::string> default_stems{"ec2amaz", "win", "desktop", "ip"};  ///< name stems that make no peers
};

}  // namespace imdswatch
