#include "asker.hpp"

#include <utility>

#include "thread_name.hpp"

namespace imdswatch::kafka {

void Asker::ask(Question question) {
  {
    const std::lock_guard lock{mutex_};
    questions_.push_back(std::move(question));
  }
  wake_.notify_one();
}

void Asker::deliver() {
  std::vector<Answer> answers;
  {
    const std::lock_guard lock{mutex_};
    answers.swap(answers_);
  }
  for (const auto& answer : answers) answer();
}

void Asker::run(const std::stop_token& stop) {
  name_thread("asker");
  while (true) {
    Question question;
    {
      std::unique_lock lock{mutex_};
      if (!wake_.wait(lock, stop, [this] { return !questions_.empty(); }) || stop.stop_requested()) return;
      question = std::move(questions_.front());
      questions_.pop_front();
    }
    auto answer = question();
    const std::lock_guard lock{mutex_};
    answers_.push_back(std::move(answer));
  }
}

}  // namespace imdswatch::kafka
