#pragma once

#include <cstddef>

#include "imdswatch/config/config.hpp"
#include "imdswatch/kafka/settings.hpp"
#include "imdswatch/kafka/sieve_runner.hpp"
#include "imdswatch/kafka/topics.hpp"

namespace imdswatch {

/// The configuration in the kafka room's terms.
kafka::KafkaSettings kafka_settings(const Config& config);
/// Of the sieve with this index in its process. Members of one group must not share an instance id: the second fences the first.
kafka::KafkaSettings sieve_settings(const Config& config, std::size_t index);
/// Of one of `threads` sieves; they share the process table's bytes.
kafka::SieveRunnerConfig sieve_runner_config(const Config& config, std::size_t threads);
/// Threads of stage one: as configured, else one for each core.
std::size_t sieve_threads(const Config& config);
kafka::TopicPlan topic_plan(const Config& config);

}  // namespace imdswatch
