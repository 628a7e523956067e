#include "replay.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "huge_pages.hpp"
#include "input_format.hpp"
#include "line_reader.hpp"
#include "output_file.hpp"
#include "pipeline.hpp"
#include "progress_bar.hpp"
#include "summary.hpp"

namespace imdswatch {
namespace {

/// Messages read between two looks at which input lags, and at the detector.
constexpr int messages_per_batch = 512;

struct Input {
  std::string path;
  LineReader lines;
  std::size_t source;
  bool ended = false;
};

Result<std::vector<Input>> open_inputs(const std::vector<std::string>& paths, std::optional<Format> only, Pipeline& pipeline) {
  std::vector<Input> inputs;
  for (const std::string& path : paths) {
    auto lines = LineReader::open(path);
    if (!lines) return std::move(lines).error();
    inputs.push_back({path, *std::move(lines), pipeline.add_source(only)});
  }
  return inputs;
}

/// Inputs are read in step: the one whose watermark lags, one without any first, goes on until it no longer does.
class Reader {
 public:
  Reader(std::vector<Input> inputs, Pipeline& pipeline, ProgressBar& bar)
      : inputs_(std::move(inputs)), pipeline_(pipeline), bar_(bar) {}

  Result<void> read_all() {
    while (Input* input = lagging()) {
      if (auto read = read_batch(*input); !read) return read;
      bar_.show(bytes_read());
    }
    return {};
  }

  [[nodiscard]] std::uint64_t bytes_read() const {
    std::uint64_t sum = 0;
    for (const Input& input : inputs_) sum += input.lines.bytes_read();
    return sum;
  }

 private:
  Input* lagging() {
    Input* lowest = nullptr;
    for (Input& input : inputs_) {
      if (input.ended) continue;
      if (!lowest || pipeline_.watermark(input.source) < pipeline_.watermark(lowest->source)) lowest = &input;
    }
    return lowest;
  }

  Result<void> read_batch(Input& input) {
    for (int i = 0; i < messages_per_batch; ++i) {
      auto line = input.lines.next();
      if (!line) return std::move(line).error();
      if (!*line) {
        input.ended = true;
        return pipeline_.end(input.source);
      }
      if ((*line)->empty()) pipeline_.skip(input.source);  // so that an offset stays the line's number
      else pipeline_.read(input.source, **line);
    }
    return pipeline_.pump();
  }

  std::vector<Input> inputs_;
  Pipeline& pipeline_;
  ProgressBar& bar_;
};

std::optional<std::uint64_t> total_bytes(const std::vector<Input>& inputs) {
  std::uint64_t sum = 0;
  for (const Input& input : inputs) {
    const auto bytes = input.lines.bytes_total();
    if (!bytes) return std::nullopt;
    sum += *bytes;
  }
  return sum;
}

}  // namespace

Result<void> replay(const Config& config, const ReplayOptions& options) {
  const auto only = format_of_inputs(config, options.format);
  if (!only) return only.error();
  auto alerts = OutputFile::open(options.alerts, stdout);
  if (!alerts) return std::move(alerts).error();
  auto summary_file = OutputFile::open(options.summary, stderr);
  if (!summary_file) return std::move(summary_file).error();

  Summary summary;
  SieveConfig sieve = config.sieve;
  sieve.table_memory = huge_pages();
  Pipeline pipeline(sieve, config.detector, config.kafka.shards,
                    {.alert =
                         [&](const Alert& alert) {
                           alerts->write_line(alert.json);
                           summary.add(alert);
                         },
                     .run = [&](const RunSummary& run) { summary.add(run); },
                     .rejected = [&](const RejectedRecord& rejected) { summary.add(rejected); }});
  auto inputs = open_inputs(options.inputs, *only, pipeline);
  if (!inputs) return std::move(inputs).error();

  const auto started = std::chrono::steady_clock::now();
  ProgressBar bar(options.progress_bar, total_bytes(*inputs));
  Reader reader(*std::move(inputs), pipeline, bar);
  if (auto done = pipeline.start(); !done) return done;
  if (auto done = reader.read_all(); !done) return done;
  if (auto done = pipeline.finish(options.drain); !done) return done;
  bar.clear();
  if (auto closed = alerts->close(); !closed) return closed;

  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
  summary_file->write(summary.text(pipeline.counters(), pipeline.figures(), pipeline.hosts(), reader.bytes_read(), seconds.count()));
  return summary_file->close();
}

}  // namespace imdswatch
