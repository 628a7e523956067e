#include "logger.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

namespace imdswatch::telemetry_detail {
namespace {

constexpr std::size_t max_repeats = 1'000;  ///< subjects remembered; beyond it all are forgotten and logged again

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return spdlog::level::debug;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::warning: return spdlog::level::warn;
    case LogLevel::error: return spdlog::level::err;
  }
  return spdlog::level::info;
}

/// The journal takes the priority from <N> and the time from itself.
const char* journal_priority(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return "<7>";
    case LogLevel::info: return "<6>";
    case LogLevel::warning: return "<4>";
    case LogLevel::error: return "<3>";
  }
  return "<6>";
}

const char* pattern(LogFormat format) {
  switch (format) {
    case LogFormat::text: return "%Y-%m-%dT%H:%M:%S.%eZ %-7l %v";
    case LogFormat::journal: return "%v";
    case LogFormat::json: return R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})";
  }
  return "%v";
}

}  // namespace

Logger::Logger(TelemetryOptions options) : options_(std::move(options)) {
  if (!options_.now) options_.now = [] { return std::chrono::steady_clock::now(); };
  spdlog::sink_ptr sink;
  if (options_.out != nullptr) {
    sink = std::make_shared<spdlog::sinks::ostream_sink_st>(*options_.out, true);
  } else {
    sink = std::make_shared<spdlog::sinks::stderr_sink_st>();
  }
  sink->set_formatter(std::make_unique<spdlog::pattern_formatter>(pattern(options_.format), spdlog::pattern_time_type::utc));
  log_ = std::make_shared<spdlog::logger>("imdswatch", std::move(sink));  // not registered: no global of it
  log_->set_level(to_spdlog(options_.level));
  log_->flush_on(spdlog::level::trace);
  log_->set_error_handler([](const std::string&) {});  // a full disk or closed stream is no reason to stop
}

Logger::~Logger() = default;

bool Logger::hold_back(LogLine& line) {
  if (line.repeats.empty()) return false;
  if (repeats_.size() >= max_repeats) repeats_.clear();
  const auto now = options_.now();
  const auto [at, first] = repeats_.try_emplace(line.event + '\0' + line.repeats, Repeat{now, 0});
  Repeat& repeat = at->second;
  if (!first && now - repeat.logged < options_.repeat_after) {
    ++repeat.since;
    ++held_back_;
    return true;
  }
  if (repeat.since > 0) line.fields.emplace_back("held_back", std::to_string(repeat.since));
  repeat = {now, 0};
  return false;
}

void Logger::put(const LogLine& line) {
  std::string text;
  switch (options_.format) {
    case LogFormat::text: text = render_text(line); break;
    case LogFormat::journal: text = journal_priority(line.level) + render_text(line); break;
    case LogFormat::json: text = render_json(line); break;
  }
  log_->log(to_spdlog(line.level), spdlog::string_view_t{text});
}

void Logger::write(LogLine line) {
  if (line.level < options_.level || hold_back(line)) return;
  put(line);
}

}  // namespace imdswatch::telemetry_detail

namespace imdswatch {

std::optional<LogLevel> parse_log_level(std::string_view text) {
  if (text == "debug") return LogLevel::debug;
  if (text == "info") return LogLevel::info;
  if (text == "warning") return LogLevel::warning;
  if (text == "error") return LogLevel::error;
  return std::nullopt;
}

std::optional<LogFormat> parse_log_format(std::string_view text) {
  if (text == "text") return LogFormat::text;
  if (text == "journal") return LogFormat::journal;
  if (text == "json") return LogFormat::json;
  if (text != "auto") return std::nullopt;
  // systemd says in JOURNAL_STREAM which device and inode the journal's stream is: standard error may have been redirected.
  const char* stream = std::getenv("JOURNAL_STREAM");  // NOLINT(concurrency-mt-unsafe): nothing sets variables
  struct stat info {};
  if (stream == nullptr || fstat(STDERR_FILENO, &info) != 0) return LogFormat::text;
  const std::string here = std::to_string(info.st_dev) + ":" + std::to_string(info.st_ino);
  return here == stream ? LogFormat::journal : LogFormat::text;
}

}  // namespace imdswatch
