#include "run.hpp"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "commit_watch.hpp"
#include "feed.hpp"
#include "instances.hpp"
#include "kafka_client.hpp"
#include "tormentor.hpp"
#include "torments.hpp"
#include "verdict.hpp"

namespace imdswatch::testing {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

constexpr auto topic = "endpoint-events";
/// Once nothing is disturbed any more, all alerts must be there within it; and after that none must come.
constexpr auto settle = 240s;
constexpr auto a_while_longer = 10s;
constexpr auto longest_transaction = 100s;  ///< by then the coordinator has ended those that it knows (transaction.timeout.ms, 90 s)

/// Longer runs take more days, at about the same pace.
WorldOptions world_options(const ChaosOptions& options) {
  WorldOptions out;
  out.fleet.seed = options.seed;
  out.fleet.hosts = 60;
  out.fleet.days = 4 + static_cast<int>(options.minutes);
  out.fleet.everyday_events_per_hour = 1;
  out.fleet.thefts_after_day = 1;
  out.fleet.thefts_of_each_kind = 2 + static_cast<int>(options.minutes / 2);
  return out;
}

std::vector<std::string> lines_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::vector<std::string> out;
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

std::string time_of(const std::string& alert) { return nlohmann::json::parse(alert).at("@timestamp").get<std::string>(); }

std::string clock_time(std::chrono::system_clock::time_point at) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(at);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[16];
  return {text, std::strftime(text, sizeof text, "%H:%M:%SZ", &parts)};
}

/// One run: everything that it starts is a member, so that it ends with it.
class Chaos {
 public:
  explicit Chaos(const ChaosOptions& options)
      : options_(options),
        stream_(record_stream(world_options(options))),
        broker_({.brokers = options.brokers, .sasl = false}),
        instances_(options.instances, {.bootstrap = broker_.bootstrap(), .topic = topic, .shards = options.shards, .brokers = options.brokers},
                   folder_.path()) {}

  /// Whatever ends it, what explains a failure is kept.
  bool run() {
    try {
      return attack();
    } catch (...) {
      keep();
      throw;
    }
  }

 private:
  bool attack() {
    replay();
    broker_.create_topic(topic, static_cast<int>(world_options(options_).partitions), {{"message.timestamp.type", "CreateTime"}});
    torment();
    auto alerts = read_alerts();
    if (!complete_after_) alerts = read_anew(alerts.size());
    const Verdict verdict = compare(expected_, alerts);
    const bool clean = end();
    met_.zombies = instances_.zombies();
    met_.clean_restarts = instances_.clean_restarts();
    met_.rebalances = instances_.rebalances();
    const bool good = verdict.good() && clean && !instances_.ended_without_excuse() && met_.kills > 0 && met_.kills >= options_.kills &&
                      never_met(met_, options_.instances).empty() && !interrupted;
    if (!good || !instances_.ended_by_themselves().empty()) {
      explain(verdict, alerts);
      if (!verdict.missing.empty()) say_what_is_missing(verdict);
      keep();
    } else if (options_.keep) {
      keep();
    }
    report(verdict);
    return good;
  }

  void replay() {
    std::vector<std::vector<std::string>> partitions(world_options(options_).partitions);
    for (const StreamedMessage& message : stream_) partitions[message.partition].push_back(message.json);
    const auto expected = folder_.path() / "expected.ndjson";
    std::vector<std::string> arguments{"replay", "--config", instances_.config(0).string(), "--alerts", expected.string(), "--summary",
                                       (folder_.path() / "summary.txt").string()};
    for (const std::string& path : write_world(partitions, folder_.path())) arguments.push_back(path);
    const auto err = folder_.path() / "replay.err";
    ChildProcess process({.binary = IMDSWATCH_BINARY, .arguments = arguments, .environment = {}, .out = {}, .err = err, .in = {}});
    if (process.wait(300s) != 0) throw std::runtime_error("replay failed: " + read_file(err));
    expected_ = lines_of(expected);
    if (expected_.size() < 10) throw std::runtime_error("a world with hardly an alert proves nothing: another seed");
    std::printf("%zu messages, %zu alerts expected, %d instances, %d shards, %d brokers, seed %llu\n", stream_.size(), expected_.size(),
                options_.instances, options_.shards, options_.brokers, static_cast<unsigned long long>(options_.seed));
  }

  void torment() {
    const auto how_long = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::duration<double>(options_.minutes * 60));
    instances_.tend();
    Feed feed(broker_.bootstrap(), topic, stream_, how_long * 17 / 20);
    CommitWatch commits(broker_.bootstrap(), options_.shards);
    BrokerTormentor brokers(broker_, options_);
    Tormentor tormentor(instances_, commits, options_.seed);
    const auto until = Clock::now() + how_long;
    const auto torments = [&] { return options_.kills > 0 ? tormentor.survived() < options_.kills : Clock::now() < until; };
    while (!interrupted && (torments() || !feed.done())) {
      if (Clock::now() > until + how_long + settle) throw std::runtime_error("the events could not be written, or not so many kills be survived");
      feed.check();
      if (torments()) tormentor.turn();
      instances_.tend();
      std::this_thread::sleep_for(10ms);
    }
    feed.check();
    instances_.wake_all();
    brokers.finish();
    for (const auto last = Clock::now(); tormentor.survived() < tormentor.kills() && Clock::now() < last + settle; std::this_thread::sleep_for(50ms)) {
      instances_.tend();
    }
    commits.finish();
    kills_ = tormentor.kills();
    met_.kills = tormentor.survived();
    met_.kills_in_commits = tormentor.within_commits();
    met_.broker_restarts = brokers.restarts();
    longest_gap_ = commits.longest_gap();
    longest_gap_ended_ = commits.longest_gap_ended();
  }

  std::vector<std::string> read_alerts() {
    const auto began = Clock::now();
    std::set<Identity> distinct;
    std::size_t taken = 0;
    std::optional<Clock::time_point> complete;
    return read_committed(broker_.bootstrap(), "imdswatch.alerts", settle, [&](const std::vector<std::string>& seen) {
      instances_.tend();
      for (; taken < seen.size(); ++taken) distinct.insert(identity_of(seen[taken]));
      if (!complete && !hanging_ && Clock::now() - began > longest_transaction) hanging_ = broker_.abort_hanging();
      if (!complete && distinct.size() >= expected_.size()) {
        complete = Clock::now();
        complete_after_ = *complete - began;
      }
      return interrupted || (complete && Clock::now() - *complete > a_while_longer);
    });
  }

  /// Not everything came. A new reader waits for the same transactions as the first one; what it sees besides, that one has only not fetched.
  std::vector<std::string> read_anew(std::size_t before) {
    std::size_t ends[2] = {};
    for (const char* isolation : {"read_uncommitted", "read_committed"}) {
      const Client client = make_client(RD_KAFKA_CONSUMER, {{"bootstrap.servers", broker_.bootstrap()}, {"isolation.level", isolation}});
      std::int64_t low = 0, high = 0;
      static_cast<void>(rd_kafka_query_watermark_offsets(client.get(), "imdswatch.alerts", 0, &low, &high, 10'000));
      ends[isolation == std::string_view{"read_committed"} ? 1 : 0] = static_cast<std::size_t>(high);
    }
    auto out = read_committed(broker_.bootstrap(), "imdswatch.alerts", a_while_longer, [](const auto&) { return false; });
    std::printf("the first reader saw %zu alerts, a new one %zu; the alert topic ends at %zu, of which %zu are settled\n", before, out.size(), ends[0],
                ends[1]);
    return out;
  }

  /// Whether all of them end in good order.
  bool end() {
    bool clean = true;
    const auto codes = instances_.end(60s);
    for (std::size_t i = 0; i < codes.size(); ++i) {
      if (codes[i] == 0) continue;
      clean = false;
      std::printf("instance %zu %s\n", i, codes[i] ? ("ended with code " + std::to_string(*codes[i])).c_str() : "did not stop within 60 s");
    }
    return clean;
  }

  void explain(const Verdict& verdict, const std::vector<std::string>& alerts) const {
    std::ofstream seen(folder_.path() / "seen.ndjson");
    for (const std::string& alert : alerts) seen << alert << '\n';
    std::ofstream differences(folder_.path() / "differences.txt");
    const std::pair<const char*, const std::vector<Identity>*> kinds[] = {
        {"missing", &verdict.missing}, {"double", &verdict.doubled}, {"extra", &verdict.extra}};
    for (const auto& [what, identities] : kinds) {
      for (const Identity& identity : *identities) differences << what << ' ' << identity.first << ' ' << identity.second << '\n';
    }
  }

  /// For one who sees no more than what this prints: whether the events were there, whether it is the end that is missing, and what the instances said last.
  void say_what_is_missing(const Verdict& verdict) const {
    const Client client = make_client(RD_KAFKA_CONSUMER, {{"bootstrap.servers", broker_.bootstrap()}});
    std::int64_t written = 0;
    for (std::size_t partition = 0; partition < world_options(options_).partitions; ++partition) {
      std::int64_t low = 0, high = 0;
      static_cast<void>(rd_kafka_query_watermark_offsets(client.get(), topic, static_cast<std::int32_t>(partition), &low, &high, 10'000));
      written += high - low;
    }
    std::printf("%s holds %lld of %zu messages\n", topic, static_cast<long long>(written), stream_.size());
    const std::set<Identity> missing(verdict.missing.begin(), verdict.missing.end());
    std::string last;
    for (const std::string& alert : expected_) last = std::max(last, time_of(alert));
    for (const std::string& alert : expected_)
      if (missing.contains(identity_of(alert))) std::printf("missing: %s of %s; the last of all is of %s\n", identity_of(alert).first.c_str(), time_of(alert).c_str(), last.c_str());
    constexpr std::size_t told_lines = 12;
    for (std::size_t i = 0; i < instances_.count(); ++i) {
      auto lines = lines_of(instances_.log(i));
      const auto stopping = std::find_if(lines.rbegin(), lines.rend(), [](const std::string& line) { return line.find("stopping:") != std::string::npos; });
      if (stopping != lines.rend()) lines.erase(stopping.base() - 1, lines.end());  // what it said when this run told it to end
      lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(std::min(lines.size(), told_lines)));
      for (const std::string& line : lines) std::printf("instance %zu: %s\n", i, line.c_str());
    }
  }

  /// Events, expected alerts, configurations and the instances' logs.
  void keep() const {
    const auto to = options_.logs / ("seed-" + std::to_string(options_.seed));
    fs::remove_all(to);
    fs::create_directories(to);
    fs::copy(folder_.path(), to, fs::copy_options::recursive);
    std::printf("kept: %s\n", to.c_str());
  }

  void report(const Verdict& verdict) const {
    for (const std::string& end : instances_.ended_by_themselves()) std::printf("%s\n", end.c_str());
    if (complete_after_) {
      std::printf("all alerts there %.1f s after the last fault\n", std::chrono::duration<double>(*complete_after_).count());
    } else {
      std::printf("not all alerts there %lld s after the last fault\n", static_cast<long long>(settle.count()));
    }
    std::printf("kills survived %d, of them within a commit %d\n", met_.kills, met_.kills_in_commits);
    std::printf("zombies %d, clean restarts %d, rebalances %d, broker restarts %d, longest gap until work went on %.1f s (to %s), seed %llu\n",
                met_.zombies, met_.clean_restarts, met_.rebalances, met_.broker_restarts, std::chrono::duration<double>(longest_gap_).count(),
                clock_time(longest_gap_ended_).c_str(), static_cast<unsigned long long>(options_.seed));
    if (hanging_ && !hanging_->empty()) std::printf("transactions that the brokers lost track of (decision 0016), aborted as operators are told:\n%s\n", hanging_->c_str());
    std::string never;
    for (const std::string& what : never_met(met_, options_.instances)) never += (never.empty() ? "" : ", ") + what;
    if (!never.empty()) std::printf("failed: in a run of this length these torments never happened: %s\n", never.c_str());
    std::printf("kills %d, missing %zu, double %zu, extra %zu\n", kills_, verdict.missing.size(), verdict.doubled.size(), verdict.extra.size());
  }

  const ChaosOptions options_;
  const std::vector<StreamedMessage> stream_;
  std::vector<std::string> expected_;
  TemporaryDirectory folder_;
  TestBroker broker_;
  Instances instances_;
  int kills_ = 0;
  Torments met_;
  std::chrono::milliseconds longest_gap_{0};
  std::chrono::system_clock::time_point longest_gap_ended_;
  std::optional<Clock::duration> complete_after_;
  std::optional<std::string> hanging_;  ///< those that were ended, a line for each partition; once it was asked
};

}  // namespace

bool run_chaos(const ChaosOptions& options) { return Chaos(options).run(); }

}  // namespace imdswatch::testing
