#pragma once

#include <optional>

#include "imdswatch/kafka/facts.hpp"
#include "imdswatch/telemetry/facts.hpp"

namespace imdswatch {

/// The kafka room's facts in telemetry's terms; none for what telemetry has no use for.
std::optional<Fact> to_telemetry(const kafka::KafkaFact& what);

}  // namespace imdswatch
