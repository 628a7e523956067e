#include <gtest/gtest.h>

#include "imdswatch/model/model.hpp"
#include "support/teacher.hpp"

namespace imdswatch::peer_cases {
namespace {

using namespace test;

const Signature ssm = agent("ssm-agent.exe");

/// The group of a new host beside three hosts that stand in the group already.
std::string group_beside(const std::vector<std::string>& hosts, const std::string& host, const std::string& field = {}) {
  Model model{ModelPolicy{}};
  std::vector<Leaving> leaving;
  for (const std::string& one : hosts) leaving.push_back(seen(one, ssm, false, field));
  teach(model, at_run(0), leaving);
  return model.counts(HostId{host}, field, ssm, at_run(0)).peer_group;
}

TEST(Peers, AreTheHostsOfOneStem) {
  EXPECT_EQ(group_beside({"web-asg-0a1b2c", "web-asg-0f", "web-asg-1"}, "web-asg-99"), "stem:web-asg");
  EXPECT_EQ(group_beside({"web01", "web02", "web03"}, "web17"), "stem:web");
  EXPECT_EQ(group_beside({"sqlprod1", "sqlprod2", "sqlprod3"}, "sqlprod4"), "stem:sqlprod");
  EXPECT_EQ(group_beside({"db_prod_1", "db_prod_2", "db_prod_3"}, "db_prod_4"), "stem:db_prod");
}

TEST(Peers, KeepTheirNamespace) {
  EXPECT_EQ(group_beside({"prod/web-1", "prod/web-2", "prod/web-3"}, "prod/web-4"), "stem:prod/web");
  EXPECT_EQ(group_beside({"prod/web-1", "prod/web-2", "prod/web-3"}, "test/web-4"), "");
}

TEST(Peers, NeedThreeHosts) {
  EXPECT_EQ(group_beside({"web-1", "web-2"}, "web-3"), "");
}

TEST(Peers, AreNotMadeByTheNamesOfDefaultImages) {
  EXPECT_EQ(group_beside({"ec2amaz-aaa", "ec2amaz-bbb", "ec2amaz-ccc"}, "ec2amaz-ddd"), "");
  EXPECT_EQ(group_beside({"win-1", "win-2", "win-3"}, "win-4"), "");
  EXPECT_EQ(group_beside({"ip-10-0-0-1", "ip-10-0-0-2", "ip-10-0-0-3"}, "ip-10-0-0-4"), "");
  EXPECT_EQ(group_beside({"1", "2", "3"}, "4"), "");
}

TEST(Peers, AreThoseOfTheConfiguredField) {
  EXPECT_EQ(group_beside({"x", "y", "z"}, "q", "asg-1"), "field:asg-1");
}

TEST(Peers, AHostThatComesToAFieldMovesWithItsVotes) {
  Model model{ModelPolicy{}};
  teach(model, at_run(0), {seen("web-1", ssm), seen("web-2", ssm), seen("web-3", ssm), seen("web-4", ssm)});
  teach(model, at_run(1), {seen("web-1", ssm, false, "asg-1"), seen("web-2", ssm, false, "asg-1"), seen("web-3", ssm, false, "asg-1")});
  const SignatureCounts counts = model.counts(HostId{"web-1"}, {}, ssm, at_run(1));
  EXPECT_EQ(counts.peer_group, "field:asg-1");
  EXPECT_EQ(counts.name.peers.count, 3);
  EXPECT_EQ(counts.name.among_peers.with, 2U);
  EXPECT_EQ(counts.name.among_peers.of, 2U);
  EXPECT_EQ(model.counts(HostId{"web-4"}, {}, ssm, at_run(1)).peer_group, "");
  EXPECT_EQ(model.figures().peer_groups, 2U);
}

TEST(Peers, PrevalenceLeavesTheHostItselfOut) {
  Model model{ModelPolicy{}};
  teach(model, at_run(0), {seen("web-1", ssm), seen("web-2", ssm), seen("web-3", agent("x.exe")), seen("db", agent("y.exe"))});
  const NameCounts of_known = model.counts(HostId{"web-1"}, {}, ssm, at_run(0)).name;
  EXPECT_EQ(of_known.among_peers.with, 1U);
  EXPECT_EQ(of_known.among_peers.of, 2U);
  EXPECT_EQ(of_known.in_fleet.with, 1U);
  EXPECT_EQ(of_known.in_fleet.of, 3U);
  const NameCounts of_new = model.counts(HostId{"web-9"}, {}, ssm, at_run(0)).name;
  EXPECT_EQ(of_new.among_peers.with, 2U);
  EXPECT_EQ(of_new.among_peers.of, 3U);
  EXPECT_EQ(of_new.in_fleet.of, 4U);
}

}  // namespace
}  // namespace imdswatch::peer_cases
