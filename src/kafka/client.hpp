#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "imdswatch/kafka/facts.hpp"
#include "conf.hpp"

namespace imdswatch::kafka {

/// Both are called by the thread that polls.
struct Callbacks {
  std::function<void(rd_kafka_resp_err_t, const rd_kafka_topic_partition_list_t&)> rebalance;
  std::function<void(const rd_kafka_message_t&)> delivered;
};

/// A librdkafka client with its callbacks: logs and errors go to `Reporting`.
class Client {
 public:
  static Result<Client> open(const KafkaSettings& settings, Role role, const Reporting& reporting, Callbacks callbacks = {},
                             const Properties& extra = {});
  [[nodiscard]] rd_kafka_t* get() const { return handle_.get(); }
  /// Leaves the group, which calls the rebalance callback, and destroys the consumer; by `until`, be it without leaving. Queues of
  /// the client's must be gone.
  void close_consumer(std::chrono::steady_clock::time_point until);
  /// Set once librdkafka says that this client cannot go on.
  [[nodiscard]] std::optional<Error> fatal() const;
  /// Whether that is because the brokers have given its group.instance.id to another.
  [[nodiscard]] bool is_fenced_member() const;
  [[nodiscard]] std::chrono::milliseconds heartbeat_interval() const;  ///< of a member, by which it hears of that

 private:
  struct Hooks {
    Role role;
    Reporting reporting;
    Callbacks callbacks;
    struct Told {
      std::chrono::steady_clock::time_point at;
      std::uint64_t untold = 0;
    };
    std::map<rd_kafka_resp_err_t, Told> told;  ///< by the polling thread alone
  };
  static void on_log(const rd_kafka_t* client, int level, const char* facility, const char* text);
  static void on_error(rd_kafka_t* client, int code, const char* reason, void* opaque);
  static void on_rebalance(rd_kafka_t* client, rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t* list, void* opaque);
  static void on_delivery(rd_kafka_t* client, const rd_kafka_message_t* message, void* opaque);

  Client(std::unique_ptr<Hooks> hooks, KafkaHandle handle) : hooks_(std::move(hooks)), handle_(std::move(handle)) {}
  std::unique_ptr<Hooks> hooks_;  // outlives the handle, whose callbacks use it
  KafkaHandle handle_;
};

}  // namespace imdswatch::kafka
