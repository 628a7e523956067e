#include "explain.hpp"

#include <algorithm>
#include <cmath>

namespace imdswatch::words {
namespace {

std::uint64_t rounded(double value) { return value <= 0 ? 0 : static_cast<std::uint64_t>(std::llround(value)); }

/// Counts fade, so a small one is not none.
std::string faded(double value) { return value < 0.5 ? "under 1" : number(rounded(value)); }

std::string on_this_host(const Factor& factor, const std::string& name) {
  const bool is_name = factor.part == Factor::Part::name;
  const bool any = rounded(factor.host_windows) > 0;
  const std::string windows = counted(rounded(factor.host_windows), "window") + (is_name ? "" : " of " + name);
  if (any && factor.host_windows_with > 0) return "in " + faded(factor.host_windows_with) + " of " + windows + " on this host";
  const std::string in_windows = any ? " in " + windows : "";
  switch (factor.part) {
    case Factor::Part::name: return any ? "never on this host" + in_windows : "this host has not called before";
    case Factor::Part::folder: return "first time from this folder on this host" + in_windows;
    case Factor::Part::user: return "first time as this kind of user on this host" + in_windows;
    case Factor::Part::signer: return "first time with this signer on this host" + in_windows;
  }
  return {};
}

std::string elsewhere(const Factor& factor) {
  std::string out;
  if (factor.peers > 0) out += "; on " + number(factor.peers_with) + " of " + counted(factor.peers, "host") + " like it";
  if (factor.fleet > 0) out += "; on " + number(factor.fleet_with) + " of " + number(factor.fleet) + " others in the fleet";
  if (factor.fleet_with > 0 && factor.fleet_since) out += ", since " + date(*factor.fleet_since);
  return out;
}

std::string title(Factor::Part part) {
  std::string out(to_string(part));
  out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

std::string_view user_words(std::string_view kind) {
  if (kind == "local_service") return "LOCAL SERVICE";
  if (kind == "network_service") return "NETWORK SERVICE";
  if (kind == "virtual_account") return "a virtual account";
  if (kind == "machine_account") return "a machine account";
  if (kind == "person") return "a person's account";
  return kind == "system" ? "SYSTEM" : kind;
}

}  // namespace

std::string_view to_string(Factor::Part part) {
  switch (part) {
    case Factor::Part::name: return "name";
    case Factor::Part::folder: return "folder";
    case Factor::Part::user: return "user";
    case Factor::Part::signer: return "signer";
  }
  return "name";
}

std::string factor_sentence(const Factor& factor, const std::string& name) {
  if (!factor.known) return title(factor.part) + " not told by the shipper: counts with the surprise that is to be expected.";
  const std::string value = factor.part == Factor::Part::user ? std::string(user_words(factor.value)) : factor.value;
  return title(factor.part) + " " + cut(value, 200) + ": " + on_this_host(factor, name) + elsewhere(factor) + ".";
}

std::string interval(std::optional<double> days) {
  if (!days) return "too few sightings to say";
  constexpr double year = 365.25;
  const auto at_least_one = [](double value) { return std::max<std::uint64_t>(1, rounded(value)); };
  std::string out;
  if (*days > 10 * year) {
    out = "less than once in 10 years";
  } else if (*days >= 2 * year) {
    out = "about once in " + counted(at_least_one(*days / year), "year");
  } else if (*days >= 1) {
    out = "about once in " + counted(at_least_one(*days), "day");
  } else {
    out = "about " + (*days > 0 ? counted(at_least_one(1 / *days), "time") : std::string("many times")) + " a day";
  }
  return out + " (an estimate)";
}

std::vector<std::string> explanation(const Finding& finding) {
  const Score& score = finding.score;
  const std::string name = finding.sighting.key.signature.name;
  std::vector<std::string> out;
  if (finding.reason == Finding::Reason::new_to_fleet) out.push_back("No host of the fleet has called under the name " + name + " before.");
  for (const Factor& factor : score.factors) out.push_back(factor_sentence(factor, name));
  if (score.expected_interval_days) out.push_back("Such a call is to be expected on this host " + interval(score.expected_interval_days) + ".");
  if (!score.usual_callers.empty()) {
    std::string callers;
    for (const std::string& caller : score.usual_callers) callers += (callers.empty() ? "" : ", ") + caller;
    out.push_back("What usually calls on this host: " + callers + ".");
  }
  if (score.sparse_history) {
    out.push_back("This host has called in only " + counted(rounded(score.host_sightings), "window") + " so far: its own history says little.");
  }
  const Sighting& sighting = finding.sighting;
  if (sighting.late) out.push_back("Some calls came too late for the runs of their own time and were judged when they came.");
  if (sighting.clock_skewed) out.push_back("The host's clock was far off; the times are those of the stream it was shipped in.");
  if (finding.learning) out.push_back("Found within the learning period: little is known of the fleet yet.");
  return out;
}

}  // namespace imdswatch::words
