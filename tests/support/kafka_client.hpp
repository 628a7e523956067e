#pragma once

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace imdswatch::testing {

using Client = std::unique_ptr<rd_kafka_t, decltype(&rd_kafka_destroy)>;

/// Throws std::runtime_error.
Client make_client(rd_kafka_type_t type, const std::vector<std::pair<std::string, std::string>>& settings);

/// Writes messages to one partition of a topic, in order, and waits until the broker has them. Throws std::runtime_error.
void produce(const std::string& bootstrap, const std::string& topic, int partition, const std::vector<std::string>& messages);

/// Reads a topic from its beginning as a consumer with isolation.level=read_committed does, until `enough` of the values so far
/// says so or the time is over.
std::vector<std::string> read_committed(const std::string& bootstrap, const std::string& topic, std::chrono::seconds at_most,
                                        const std::function<bool(const std::vector<std::string>&)>& enough);

}  // namespace imdswatch::testing
