#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "imdswatch/config/schema.hpp"

namespace imdswatch::config_detail {

/// A scalar's text as the key's type has it, limits not yet looked at; none if it is not of that type.
/// Of a list type: one item of it.
std::optional<KeyValue> parse_value(const KeySpec& key, const std::string& text);
/// Whether the value lies within the key's limits and choices.
bool within(const KeySpec& key, const KeyValue& value);
/// For a message: "a duration such as 15m, 24h or 3d, from 1m to 24h".
std::string allowed(const KeySpec& key);

std::optional<std::chrono::microseconds> parse_duration(std::string_view text);
std::optional<std::int64_t> parse_size(std::string_view text);
std::optional<std::int64_t> parse_integer(std::string_view text);
/// "2027-01-31" (its first moment, UTC) or "2027-01-31T18:00:00Z".
std::optional<EventTime> parse_moment(std::string_view text);
/// Kafka's rule for topic names.
bool is_topic_name(std::string_view text);

}  // namespace imdswatch::config_detail
