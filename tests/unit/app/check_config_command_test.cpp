#include "imdswatch/app/cli.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "child_process.hpp"

namespace imdswatch {
namespace {

struct Outcome {
  int code;
  std::string told;
};

Outcome check_config(const std::string& yaml) {
  const testing::TemporaryDirectory folder;
  std::string path = (folder.path() / "imdswatch.yaml").string();
  std::ofstream(path) << yaml;
  std::string program = "imdswatch", verb = "check-config";
  char* argv[] = {program.data(), verb.data(), path.data()};
  ::testing::internal::CaptureStderr();
  ::testing::internal::CaptureStdout();
  const int code = run_cli(3, argv);
  return {code, ::testing::internal::GetCapturedStdout() + ::testing::internal::GetCapturedStderr()};
}

TEST(CheckConfigCommand, TellsWhatAConfigurationMeans) {
  const Outcome outcome = check_config("kafka: {properties: {bootstrap.servers: 'none:1', session.timeout.ms: 6000}, raw_topics: [events]}\n");
  EXPECT_EQ(outcome.code, 0) << outcome.told;
  EXPECT_NE(outcome.told.find("configuration is valid"), std::string::npos) << outcome.told;
}

TEST(CheckConfigCommand, RefusesWhatLibrdkafkaWouldRefuseAtTheStart) {
  const Outcome outcome = check_config("kafka: {properties: {bootstrap.servers: 'none:1', secruity.protocol: ssl, session.timeout.ms: soon}, raw_topics: [events]}\n");
  EXPECT_EQ(outcome.code, 78) << outcome.told;
  EXPECT_NE(outcome.told.find("kafka.properties: secruity.protocol"), std::string::npos) << outcome.told;
  EXPECT_NE(outcome.told.find("kafka.properties: session.timeout.ms"), std::string::npos) << outcome.told;
}

}  // namespace
}  // namespace imdswatch
