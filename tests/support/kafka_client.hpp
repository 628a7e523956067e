#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace imdswatch::testing {

/// Writes messages to one partition of a topic, in order, and waits until the broker has them. Throws std::runtime_error.
void produce(const std::string& bootstrap, const std::string& topic, int partition, const std::vector<std::string>& messages);

/// Reads a topic from its beginning as a consumer with isolation.level=read_committed does, until `enough` of the values so far
/// says so or the time is over.
std::vector<std::string> read_committed(const std::string& bootstrap, const std::string& topic, std::chrono::seconds at_most,
                                        const std::function<bool(const std::vector<std::string>&)>& enough);

}  // namespace imdswatch::testing
