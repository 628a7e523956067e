#include "daemon/settings.hpp"

#include <gtest/gtest.h>

namespace imdswatch {
namespace {

TEST(SieveSettings, EverySieveOfAStaticMemberIsAStaticMemberOfItsOwn) {
  Config config;
  config.kafka.instance_id = "node-7";
  EXPECT_EQ(sieve_kafka_settings(config, 0).instance_id, "node-7-0");
  EXPECT_EQ(sieve_kafka_settings(config, 1).instance_id, "node-7-1") << "two members of one group with one id fence each other for ever";
  EXPECT_EQ(kafka_settings(config).instance_id, "node-7");
}

TEST(SieveSettings, WithoutAnIdMembershipStaysDynamic) {
  EXPECT_TRUE(sieve_kafka_settings(Config{}, 1).instance_id.empty());
}

}  // namespace
}  // namespace imdswatch
