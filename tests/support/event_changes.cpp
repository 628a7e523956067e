#include "event_changes.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace imdswatch::testing {

std::vector<Json> golden_events() {
  namespace fs = std::filesystem;
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(IMDSWATCH_SOURCE_DIR) / "tests" / "golden" / "decode"))
    if (entry.path().extension() == ".json" && entry.path().filename() != "lines.json") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<Json> out;
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    out.push_back(parse_json(text));
  }
  return out;
}

std::vector<Json*> scalars_of(Json& json) {
  std::vector<Json*> out;
  if (json.kind == Json::Kind::scalar) out.push_back(&json);
  for (auto& member : json.members) std::ranges::copy(scalars_of(member.second), std::back_inserter(out));
  for (Json& element : json.elements) std::ranges::copy(scalars_of(element), std::back_inserter(out));
  return out;
}

void lead_elsewhere(Json& event) {
  for (Json* scalar : scalars_of(event))
    if (scalar->scalar == "\"169.254.169.254\"") scalar->scalar = "\"10.1.2.3\"";
}

void change_values(Json& event, std::mt19937_64& random) {
  static const std::vector<std::string> others{
      "null", "\"\"", "\"-\"", "[]", "true", "false", "0", "3", "1", "5156", "4688", "12e400", "\"/usr/bin/curl\"", "\" \"", "\"\\t \"", "\"\\\"\"", "\"C:\\\\dir\\\\\"", "\"C:\\\\dir\\\\ \"", "\"a\\\\b\\\"c\\\":1\"", "\"::1\"", "\":\"", "\" :\"", "[\"::1\",\":x\"]",
      "\"ingress\"", "\"network\"", "\"process\"", "\"start\"", "\"failure\"", "\"2026-03-01T12:00:00Z\"", "\"yesterday\"",
      "\"169.254.169.254\"", "\"::ffff:A9FE:a9fe\"", "\"\\u0031\\u0036\\u0039.254.169.254\"", "\"0:0:0:0:0:ffff:a9fe:a9fe\"", "\"10.0.0.7\"", "\"fe80::1\"",
      "\"169.254.169.254:80\"", "\"[::ffff:169.254.169.254]:80\"", "\"10.0.0.7:443\"", "\"[fe80::1]:443\"", "\"10.0.0.7:http\"",
      "\" 3\"", "\" Inbound \"", "\"incoming\"", "\"Failure\"", "\"Denied\"", "\"Refuse\"", "\"Network Activity\"", "400101",
      "\"2026-03-01T12:00Z\"", "\"2026-03-01 12:00:00 UTC\"", "\"/Date(1772366400123)/\""};
  const auto scalars = scalars_of(event);
  for (Json* scalar : scalars) {
    if (scalar->scalar == "\"169.254.169.254\"" && random() % 8 != 0) scalar->scalar = "\"10.1.2.3\"";
    if (random() % 3 == 0) {
      for (char& c : scalar->scalar)
        if (c >= '2' && c <= '5') c = static_cast<char>('2' + random() % 4);
    }
  }
  if (random() % 3 == 0 && !scalars.empty()) scalars[random() % scalars.size()]->scalar = others[random() % others.size()];
}

void add_names_beside(Json& event, std::mt19937_64& random) {
  static const std::vector<std::string> names{"ProcessId", "ProcessID", "user",      "log_name", "computer",
                                              "channel",   "eventid",   "direction", "utctime",  "DestinationIp",
                                              "commuter",  "shannel",   "c:",        "::1",      "a,"};
  static const std::vector<std::string> values{"null", "\"-\"", "[\"-\"]", "\"\\u002d\"", "{}", "3", "\"x.exe\"", "\"SYSTEM\"", "\"in\"",
                                               "\"Security\"", "\"2026-03-01T12:00:00Z\"", "\"10.0.0.7\""};
  for (auto left = 1 + random() % 3; left > 0; --left) {
    Json value;
    value.scalar = values[random() % values.size()];
    if (value.scalar == "{}") value = parse_json("{}");
    const auto at = event.members.begin() + static_cast<std::ptrdiff_t>(random() % (event.members.size() + 1));
    event.members.insert(at, {names[random() % names.size()], value});
  }
}

void swap_two_values(Json& event, std::mt19937_64& random) {
  const auto scalars = scalars_of(event);
  if (!scalars.empty()) std::swap(scalars[random() % scalars.size()]->scalar, scalars[random() % scalars.size()]->scalar);
}

}  // namespace imdswatch::testing
