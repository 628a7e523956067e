#include "verdict.hpp"

#include <nlohmann/json.hpp>

namespace imdswatch::testing {
namespace {

std::map<Identity, int> counted(const std::vector<std::string>& alerts) {
  std::map<Identity, int> out;
  for (const std::string& alert : alerts) ++out[identity_of(alert)];
  return out;
}

}  // namespace

Identity identity_of(const std::string& alert) {
  const auto json = nlohmann::json::parse(alert);
  return {json.at("event").at("id").get<std::string>(), json.at("imdswatch").at("version").get<std::uint32_t>()};
}

Verdict compare(const std::vector<std::string>& expected, const std::vector<std::string>& seen) {
  const auto wanted = counted(expected);
  const auto found = counted(seen);
  Verdict out;
  for (const auto& [identity, count] : wanted) {
    if (!found.contains(identity)) out.missing.push_back(identity);
  }
  for (const auto& [identity, count] : found) {
    if (!wanted.contains(identity)) out.extra.push_back(identity);
    if (count > 1) out.doubled.push_back(identity);
  }
  return out;
}

}  // namespace imdswatch::testing
