#include <algorithm>

#include "imdswatch/config/schema.hpp"

namespace imdswatch {
namespace {

constexpr std::size_t name_width = 36;

void line(std::string& out, std::string_view name, std::string_view value) {
  out += "  " + std::string(name);
  out.append(name.size() < name_width ? name_width - name.size() : 1, ' ');
  out += std::string(value) + "\n";
}

bool looks_secret(std::string_view property) {
  for (const std::string_view part : {"password", "secret", "key", "jaas", "token", "credential", "config", "pem"}) {
    if (property.find(part) != std::string_view::npos) return true;
  }
  return false;
}

bool from_outside(const Config& config, const std::string& path) {
  return std::ranges::any_of(config.secrets, [&](const std::string& secret) {
    return secret == path || secret.starts_with(path + "[") || secret.starts_with(path + ".");
  });
}

void settings(std::string& out, const Config& config) {
  const Config fresh;
  out += "settings that differ from the defaults:\n";
  bool any = false;
  for (const KeySpec& key : config_keys()) {
    if (key.type == KeyType::properties || key.type == KeyType::exceptions) continue;
    const std::string value = show(key, key.get(config));
    if (value == show(key, key.get(fresh))) continue;
    any = true;
    line(out, key.path, from_outside(config, std::string(key.path)) ? "(from outside the file)" : value);
  }
  if (!any) out += "  none\n";
  out += "librdkafka properties:\n";
  for (const auto& [name, value] : config.kafka.properties) {
    const bool hidden = looks_secret(name) || config.secrets.contains("kafka.properties." + name);
    line(out, name, hidden ? "(not shown)" : value);
  }
}

std::vector<std::string> evidence_fields(const Exception& exception) {
  std::vector<std::string> out;
  for (const auto* conditions : {&exception.when, &exception.unless}) {
    for (const Condition& condition : *conditions) {
      if (needs_evidence(condition)) out.push_back(condition.field);
    }
  }
  return out;
}

std::string join(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

std::string name_of(const Config& config, std::size_t i) {
  const bool hidden = config.secrets.contains("exceptions[" + std::to_string(i) + "].name");
  return hidden ? "(name from outside the file)" : config.detector.triage.exceptions[i].name;
}

void exceptions(std::string& out, const Config& config) {
  const auto& all = config.detector.triage.exceptions;
  out += "exceptions: " + std::to_string(all.size()) + "\n";
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto fields = evidence_fields(all[i]);
    std::string what = all[i].expires ? "until " + to_iso8601(*all[i].expires).substr(0, 10) : "no end";
    if (!fields.empty()) what += "; hangs on evidence (" + join(fields) + ")";
    line(out, name_of(config, i), what);
  }
  if (std::ranges::any_of(all, [](const Exception& exception) { return !evidence_fields(exception).empty(); })) {
    out +=
        "  An exception that hangs on evidence mutes only calls whose process start was found when they were judged.\n"
        "  Key the input by host for a complete join; without, such a call may be told all the same.\n";
  }
}

/// A name written wrong would leave the topic's events to be told one by one, in silence.
void warn_of_unread_topics(const Config& config, std::vector<std::string>& out) {
  const auto& raw = config.kafka.raw_topics;
  if (std::ranges::any_of(raw, [](const std::string& topic) { return topic.starts_with('^'); })) return;
  for (const TopicFormat& entry : config.sieve.formats) {
    const bool read = std::ranges::any_of(raw, [&](const std::string& topic) { return names_topic(entry, topic); });
    if (!read && !raw.empty()) out.push_back("formats: \"" + entry.topic + "\" is none of kafka.raw_topics; correct it or take it out");
  }
}

std::vector<std::string> warnings(const Config& config, EventTime today) {
  std::vector<std::string> out;
  if (const auto runnable = check_runnable(config); !runnable) out.push_back(runnable.error().message + " (`imdswatch run` will not start)");
  const auto& exceptions = config.detector.triage.exceptions;
  for (std::size_t i = 0; i < exceptions.size(); ++i) {
    const Exception& exception = exceptions[i];
    if (!exception.expires) continue;
    const std::string date = to_iso8601(*exception.expires).substr(0, 10);
    if (*exception.expires <= today) {
      out.push_back("exception \"" + name_of(config, i) + "\" expired on " + date + " and matches nothing; renew it or take it out");
    } else if (*exception.expires < today + std::chrono::days{30}) {
      out.push_back("exception \"" + name_of(config, i) + "\" expires on " + date + ", within 30 days");
    }
  }
  warn_of_unread_topics(config, out);
  const std::string& listen = config.http.listen;
  if (config.http.enabled && listen != "localhost" && !listen.starts_with("127.") && listen != "::1") {
    out.push_back("http.listen is not loopback: whoever reaches the port reads the metrics, without authentication");
  }
  if (config.detector.model.learning_for.count() == 0) {
    out.push_back("learning.for is 0: until the model knows the fleet, every caller is new and findings come in a flood");
  }
  if (config.detector.triage.suppress_for.count() == 0) out.push_back("suppress_for is 0: a repeated finding is a new alert every time");
  return out;
}

}  // namespace

std::string check_report(const Config& config, EventTime today) {
  const Schedule& schedule = config.detector.schedule;
  std::string out = "configuration is valid, version " + config.config_version + "\n";
  out += schedule.mode == Schedule::Mode::interval ? "runs every " : "judges at once; a run every ";
  out += show_duration(schedule.every) + " over the last " + show_duration(schedule.lookback);
  out += ", at most " + std::to_string(config.detector.triage.max_alerts_per_run) + " new alerts a run\n";
  settings(out, config);
  exceptions(out, config);
  const auto found = warnings(config, today);
  out += "warnings: " + std::to_string(found.size()) + "\n";
  for (const std::string& warning : found) out += "  " + warning + "\n";
  return out;
}

}  // namespace imdswatch
