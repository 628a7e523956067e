#include "imdswatch/app/cli.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <system_error>

#include "demo.hpp"
#include "exit_codes.hpp"
#include "imdswatch/config/config.hpp"
#include "imdswatch/kafka/settings.hpp"
#include "input_format.hpp"
#include "inspect.hpp"
#include "library_versions.hpp"
#include "replay.hpp"
#include "run.hpp"
#include "topics.hpp"

namespace imdswatch {
namespace {

int failed(const Error& error) {
  std::fprintf(stderr, "imdswatch: %s\n", error.message.c_str());
  return error.code == Errc::config_invalid ? exit_configuration : exit_failed;
}

int outcome(const Result<void>& result) { return result ? exit_ok : failed(result.error()); }

/// Runs `command` with the configuration of `path`, or with the defaults if there is none.
template <class Command>
int with_config(const std::string& path, Command&& command) {
  auto config = path.empty() ? parse_config("", "defaults") : load_config(path);
  return config ? command(*config) : failed(config.error());
}

int print(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  return exit_ok;
}

EventTime today() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return EventTime{std::chrono::duration_cast<EventClock::duration>(now)};
}

/// What the file says, and what librdkafka, which no broker needs for that, thinks of its properties.
int check_config(const Config& config) {
  if (const auto checked = kafka::check_properties(config.kafka.properties); !checked) return failed(checked.error());
  return print(check_report(config, today()));
}

std::string version_text() {
  std::string out = "imdswatch " + program_version() + "\n";
  for (const auto& [name, version] : library_versions()) out += "  " + name + " " + version + "\n";
  return out;
}

struct Arguments {
  std::string config;
  ReplayOptions replay;
  InspectOptions inspect;
  TopicsOptions topics;
  DemoOptions demo;
  bool no_drain = false;
  bool call_log = false;
};

void add_format(CLI::App& command, std::string& format) {
  command
      .add_option("--format", format,
                  "the one format of all events; those of another are ignored. auto: told event by event (default: what the configuration's\n"
                  "`formats` says for all topics, else auto)")
      ->check(CLI::IsMember(input_format_names()));
}

CLI::App* add_replay(CLI::App& app, Arguments& args) {
  CLI::App* replay = app.add_subcommand(
      "replay", "Put recorded events through the same code as `run`, without a broker. Alerts go to standard output as NDJSON, a\n"
                "summary to standard error. The same input gives the same bytes.");
  replay->add_option("INPUT", args.replay.inputs, "NDJSON files, plain, gzip or zstd; `-` is standard input. Each is one partition.");
  replay->add_option("--config", args.config, "YAML configuration; without one the defaults hold")->check(CLI::ExistingFile);
  add_format(*replay, args.replay.format);
  replay->add_option("--alerts", args.replay.alerts, "where alerts go (default: standard output)");
  replay->add_option("--summary", args.replay.summary, "where the summary goes (default: standard error)");
  replay->add_flag("--no-drain", args.no_drain, "stop where the input ends, with calls that no run has judged yet");
  replay->add_flag("--call-log", args.call_log, "read the call log topic of the configured broker instead of files");
  return replay;
}

CLI::App* add_inspect(CLI::App& app, Arguments& args) {
  CLI::App* inspect = app.add_subcommand(
      "inspect", "Show what the decoder makes of each event: format, kind, account and reason, and the fields found. Counts go to standard\n"
                 "error. To see in a minute whether your events are understood.");
  inspect->add_option("INPUT", args.inspect.inputs, "JSON files, an event a line or printed over several, plain, gzip or zstd; `-` is standard input.")
      ->required();
  inspect->add_option("--config", args.config, "YAML configuration, for its addresses, ports, formats and custom mapping; without one the defaults hold")
      ->check(CLI::ExistingFile);
  add_format(*inspect, args.inspect.format);
  inspect->add_flag("--json", args.inspect.json, "one JSON object for each event, with what was found under ECS names");
  return inspect;
}

/// Opening an output empties it: it must not be what is about to be read. Nor can standard input be read twice.
std::string misuse(const ReplayOptions& options) {
  namespace fs = std::filesystem;
  const auto& inputs = options.inputs;
  if (std::ranges::count(inputs, "-") > 1) return "standard input can be read only once";
  for (const std::string& output : {options.alerts, options.summary}) {
    std::error_code ignored;
    if (output == "-" || !fs::is_regular_file(output, ignored)) continue;
    const auto same = [&](const std::string& input) { return fs::equivalent(input, output, ignored); };
    if (std::ranges::any_of(inputs, same)) return "'" + output + "' is an input too, and would be emptied before it is read";
  }
  return {};
}

int run_replay(Arguments& args) {
  if (const std::string wrong = misuse(args.replay); !wrong.empty()) {
    std::fprintf(stderr, "imdswatch replay: %s\n", wrong.c_str());
    return exit_usage;
  }
  if (args.call_log != args.replay.inputs.empty()) {
    std::fputs("imdswatch replay: give input files, or `-` for standard input, or --call-log to read the broker's call log\n", stderr);
    return exit_usage;
  }
  if (args.call_log && !args.replay.format.empty()) {
    std::fputs("imdswatch replay: --format is of no use with --call-log, whose calls have been read already\n", stderr);
    return exit_usage;
  }
  args.replay.drain = !args.no_drain;
  args.replay.progress_bar = ::isatty(STDERR_FILENO) != 0;
  return with_config(args.config, [&](const Config& config) {
    return outcome(args.call_log ? replay_call_log(config, args.replay) : replay(config, args.replay));
  });
}

}  // namespace

int run_cli(int argc, char** argv) {
  Arguments args;
  CLI::App app{"Tells when an unusual Windows process calls the cloud metadata service, from events in Apache Kafka.", "imdswatch"};
  app.require_subcommand(1);
  app.footer("Exit codes: 0 done, 1 failed, 2 wrong usage, 78 wrong configuration.\nTry `imdswatch demo` first; it needs nothing.");

  CLI::App* run = app.add_subcommand("run", "The daemon: read raw topics, keep the call log, write alerts.");
  run->add_option("--config", args.config, "YAML configuration")->required();
  CLI::App* replay = add_replay(app, args);
  CLI::App* inspecting = add_inspect(app, args);
  CLI::App* demo = app.add_subcommand("demo", "Two weeks of a small fleet with a few thefts in it, in memory: no set-up, no broker.");
  demo->add_option("--write-events", args.demo.events_directory,
                   "write the fleet's events as one NDJSON file for each partition, to try `replay` or a broker with");
  CLI::App* check = app.add_subcommand("check-config", "Check a configuration file and show what it means.");
  check->add_option("FILE", args.config, "YAML configuration")->required();
  CLI::App* topics = app.add_subcommand("topics", "Create the call log, state, alert and dead-letter topics, or check them.");
  topics->add_option("--config", args.config, "YAML configuration")->required();
  topics->add_flag("--check", args.topics.check_only, "only compare what is there; create nothing");
  app.add_subcommand("version", "Show the versions of the program and its libraries.");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? exit_ok : exit_usage;
  }
  if (*run) return with_config(args.config, [&](const Config& config) { return run_daemon(config, args.config); });
  if (*replay) return run_replay(args);
  if (*inspecting) return with_config(args.config, [&](const Config& config) { return outcome(inspect(config, args.inspect)); });
  if (*demo) return outcome(run_demo(args.demo));
  if (*check) return with_config(args.config, check_config);
  if (*topics) return with_config(args.config, [&](const Config& config) { return run_topics(config, args.topics); });
  return print(version_text());
}

}  // namespace imdswatch
