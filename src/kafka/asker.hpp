#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace imdswatch::kafka {

/// Asks the broker what takes time, on a thread of its own, so that the consuming thread never waits. One question at a time.
class Asker {
 public:
  using Answer = std::function<void()>;     ///< run by the consuming thread
  using Question = std::function<Answer()>; ///< run by the asking thread; may block for some seconds
  Asker() : thread_([this](const std::stop_token& stop) { run(stop); }) {}

  void ask(Question question);
  /// Runs the answers that have come.
  void deliver();

 private:
  void run(const std::stop_token& stop);
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<Question> questions_;
  std::vector<Answer> answers_;
  std::jthread thread_;  // last: it uses what stands above
};

}  // namespace imdswatch::kafka
