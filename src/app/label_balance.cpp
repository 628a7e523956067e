#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "label_balance.hpp"

namespace imdswatch {
namespace {

using Json = nlohmann::json;

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string text_at(const Json& document, const char* pointer) {
  const Json::json_pointer at(pointer);
  return document.contains(at) && document.at(at).is_string() ? document.at(at).get<std::string>() : "";
}

bool tells_of(const Json& alert, const fleet::Theft& theft) {
  if (lower(text_at(alert, "/process/name")) != lower(theft.process)) return false;
  const auto is_its_host = [label = lower(theft.host)](const std::string& host) { return lower(host.substr(0, host.find('.'))) == label; };
  const Json::json_pointer added("/imdswatch/group/hosts_added");
  if (!alert.contains(added)) return is_its_host(text_at(alert, "/host/name"));
  return std::ranges::any_of(alert.at(added), [&](const Json& host) { return is_its_host(host.get<std::string>()); });
}

}  // namespace

LabelBalance balance_of(const std::vector<Alert>& alerts, const std::vector<fleet::Theft>& thefts) {
  LabelBalance out;
  std::vector<Json> documents;
  for (const Alert& alert : alerts) documents.push_back(Json::parse(alert.json));
  out.thefts = static_cast<int>(thefts.size());
  for (const fleet::Theft& theft : thefts) {
    if (std::ranges::any_of(documents, [&](const Json& alert) { return tells_of(alert, theft); })) {
      ++out.found;
    } else {
      out.missed.push_back(&theft);
    }
  }
  for (std::size_t i = 0; i < documents.size(); ++i) {
    if (alerts[i].version != 1 || text_at(documents[i], "/process/name").empty()) continue;  // an update, or a report
    ++out.alerts;
    if (std::ranges::any_of(thefts, [&](const fleet::Theft& theft) { return tells_of(documents[i], theft); })) continue;
    ++out.unfounded;
    out.unfounded_alerts.push_back(&alerts[i]);
  }
  return out;
}

}  // namespace imdswatch
