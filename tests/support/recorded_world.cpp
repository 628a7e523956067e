#include "recorded_world.hpp"

#include <fstream>

#include "fleet/random.hpp"
#include "imdswatch/base/check.hpp"

namespace imdswatch::testing {
namespace {

std::string garbage(fleet::Random& random) {
  switch (random.below(5)) {
    case 0: return R"({"@timestamp":"2026-)";
    case 1: return "not json at all";
    case 2: return R"({"some":"other","application":{"log":"line"}})";
    case 3: return "\xff\xfe\x01";
    default: return "[1,2,3]";
  }
}

}  // namespace

std::vector<StreamedMessage> record_stream(const WorldOptions& options) {
  std::vector<StreamedMessage> out;
  fleet::Fleet fleet(options.fleet);
  fleet::Random random(options.fleet.seed ^ 0xabcdef);
  while (auto event = fleet.next()) {
    const std::size_t partition = event->host % options.partitions;
    if (random.chance(options.garbage)) out.push_back({partition, garbage(random)});
    if (random.chance(options.duplicates)) out.push_back({partition, event->json});
    out.push_back({partition, std::move(event->json)});
  }
  for (const fleet::Event& event : fleet.closing_events()) {
    for (std::size_t partition = 0; partition < options.partitions; ++partition) out.push_back({partition, event.json});
  }
  return out;
}

std::vector<std::vector<std::string>> record_world(const WorldOptions& options) {
  std::vector<std::vector<std::string>> out(options.partitions);
  for (StreamedMessage& message : record_stream(options)) out[message.partition].push_back(std::move(message.json));
  return out;
}

std::vector<std::string> write_world(const std::vector<std::vector<std::string>>& partitions, const std::filesystem::path& folder) {
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < partitions.size(); ++i) {
    paths.push_back((folder / ("partition-" + std::to_string(i) + ".ndjson")).string());
    std::ofstream out(paths.back(), std::ios::binary);
    for (const std::string& message : partitions[i]) out << message << '\n';
    IMDS_CHECK(out.flush().good());
  }
  return paths;
}

}  // namespace imdswatch::testing
