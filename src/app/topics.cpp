#include "topics.hpp"

#include <cstdio>

#include "daemon/settings.hpp"
#include "exit_codes.hpp"
#include "imdswatch/kafka/topics.hpp"

namespace imdswatch {

int run_topics(const Config& config, const TopicsOptions& options) {
  const kafka::KafkaSettings settings = kafka_settings(config);
  const auto specs = kafka::internal_topics(settings, topic_plan(config));
  const kafka::Reporting quiet{.log = {}, .fact = {}};
  auto report = kafka::ensure_topics(settings, specs, !options.check_only, quiet);
  if (!report) {
    std::fprintf(stderr, "imdswatch topics: %s\n", report.error().message.c_str());
    return report.error().code == Errc::config_invalid ? exit_configuration : exit_failed;
  }
  for (const std::string& topic : report->created) std::printf("created  %s\n", topic.c_str());
  for (const kafka::TopicDifference& difference : report->differences) {
    std::printf("%s  %s\n", difference.essential ? "WRONG   " : "differs ", difference.sentence.c_str());
  }
  if (report->created.empty() && report->differences.empty()) {
    for (const kafka::TopicSpec& spec : specs) std::printf("as it should be  %s\n", spec.name.c_str());
  }
  return report->usable() ? exit_ok : exit_failed;
}

}  // namespace imdswatch
