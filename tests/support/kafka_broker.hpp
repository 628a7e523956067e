#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "child_process.hpp"

namespace imdswatch::testing {

/// A real Apache Kafka on loopback, on ports of its own (tests/integration/broker.sh), gone with this object and with the test
/// process, however that ends. Members throw std::runtime_error with the script's or the broker's words.
class TestBroker {
 public:
  struct Options {
    int brokers = 1;    ///< 1 or 3
    bool sasl = false;  ///< also SASL_SSL with SCRAM-SHA-512
    std::vector<std::string> properties = {};  ///< of the servers, name=value without blanks
  };

  TestBroker() : TestBroker(Options{}) {}
  explicit TestBroker(const Options& options);
  ~TestBroker();
  TestBroker(const TestBroker&) = delete;
  TestBroker& operator=(const TestBroker&) = delete;

  const std::string& bootstrap() const { return bootstrap_; }

  /// Of the SASL_SSL listener.
  std::string ssl_bootstrap() const;
  std::filesystem::path ca_file() const { return data() / "tls" / "ca.crt"; }
  static constexpr const char* user = "imdswatch";
  static constexpr const char* password = "imdswatch-test";

  /// Returns when every node knows it. Of one partition, it may stand `only_on` one node.
  void create_topic(const std::string& name, int partitions, const std::map<std::string, std::string>& settings = {}, std::optional<std::int32_t> only_on = {});

  /// Nodes are counted from 1. `start_node` returns when the node is ready.
  void kill9(int node);
  void start_node(int node);
  /// Ends the transactions that the brokers have lost track of (decision 0016). Says which, a line for each partition.
  std::string abort_hanging();

 private:
  std::filesystem::path data() const { return home_.path() / "broker"; }
  std::string script(std::vector<std::string> arguments) const;

  TemporaryDirectory home_;
  Options options_;
  std::string bootstrap_;
};

}  // namespace imdswatch::testing
