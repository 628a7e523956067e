#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace imdswatch::testing {

/// A program that runs beside the test. Its output goes to files, so that it never waits for a reader. It is killed and reaped
/// with this object, and killed by the kernel if the thread that started it dies first: start it from a thread that lives on.
class ChildProcess {
 public:
  struct Options {
    std::filesystem::path binary;
    std::vector<std::string> arguments;
    std::map<std::string, std::string> environment;  ///< beside this process's own
    std::filesystem::path out;                       ///< default: /dev/null
    std::filesystem::path err;
    std::filesystem::path in;
  };

  /// Throws std::system_error if it can't be started.
  explicit ChildProcess(const Options& options);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  bool running();
  /// Does nothing if it has ended.
  void kill(int signal);
  /// The exit code, or 128 + the signal that ended it; nothing if it still runs after `timeout`.
  std::optional<int> wait(std::chrono::milliseconds timeout);

 private:
  pid_t pid_ = -1;
  int pidfd_ = -1;
  std::optional<int> ended_;
};

std::string read_file(const std::filesystem::path& path);

/// A folder of its own under the temporary one, removed with this object.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace imdswatch::testing
