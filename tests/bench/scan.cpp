/// bench_scan: the limit of `replay`. Reads a file in blocks, finds its lines and looks for the address's bytes in each, on one thread.
/// One line of JSON.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::size_t block = 1 << 20;
constexpr std::string_view needle = "169.254.169.254";

double cpu_now() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Found {
  std::uint64_t bytes = 0, lines = 0, hits = 0;
};

/// The lines of `text` that end in it; what is left of the last begins the next block.
std::size_t scan(std::string_view text, Found& found) {
  std::size_t at = 0;
  while (const void* end = std::memchr(text.data() + at, '\n', text.size() - at)) {
    const auto length = static_cast<std::size_t>(static_cast<const char*>(end) - text.data()) - at;
    ++found.lines;
    if (memmem(text.data() + at, length, needle.data(), needle.size()) != nullptr) ++found.hits;
    at += length + 1;
  }
  return at;
}

int run(int argc, char** argv) {
  std::string path;
  CLI::App app{"Reads and scans a file."};
  app.add_option("FILE", path)->required();
  CLI11_PARSE(app, argc, argv);
  const auto began = std::chrono::steady_clock::now();
  const double cpu = cpu_now();
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (!file) {
    std::fprintf(stderr, "bench_scan: cannot read %s\n", path.c_str());
    return 1;
  }
  Found found;
  std::vector<char> buffer(2 * block);
  std::size_t kept = 0;
  while (const std::size_t got = std::fread(buffer.data() + kept, 1, buffer.size() - kept, file.get())) {
    found.bytes += got;
    const std::size_t used = scan({buffer.data(), kept + got}, found);
    kept = kept + got - used;
    std::memmove(buffer.data(), buffer.data() + used, kept);
    if (kept == buffer.size()) buffer.resize(2 * buffer.size());
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  const nlohmann::ordered_json out{{"bytes", found.bytes}, {"lines", found.lines}, {"hits", found.hits}, {"seconds", seconds}, {"cpu_s", cpu_now() - cpu}};
  std::printf("%s\n", out.dump().c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) { return run(argc, argv); }
