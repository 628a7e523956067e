#pragma once

#include <string_view>
#include <vector>

#include "imdswatch/kafka/settings.hpp"
#include "handles.hpp"

namespace imdswatch::kafka {

/// What a client is for; each has settings that are not the user's to change.
enum class Role {
  raw_consumer,          ///< group of the raw topics
  call_log_producer,     ///< idempotent, gapless, waits for ever
  dead_letter_producer,
  shard_member,          ///< membership in the detector's group; reads nothing
  log_reader,            ///< assign()-based, one partition of the call log
  state_reader,          ///< assign()-based, read-committed, to the end
  shard_producer,        ///< transactional
  admin,
};
const char* to_string(Role role);

/// Properties that the user may not set.
std::vector<std::string_view> refused_properties();

/// The user's properties, checked, and over them the role's own and `extra`. Errc::config_invalid names the property.
Result<ConfHandle> make_conf(const KafkaSettings& settings, Role role, const Properties& extra = {});

}  // namespace imdswatch::kafka
