#include "imdswatch/alert/alert.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "imdswatch/alert/present.hpp"
#include "imdswatch/base/limits.hpp"
#include "orders.hpp"

namespace imdswatch {
namespace {

using namespace testing;
using Json = nlohmann::json;

Json document(const AlertOrder& order) { return Json::parse(make_alert(order, AlertPolicy{}, Shard{0}, false).json); }

TEST(Alert, TheIdIsAVersionFiveUuidThatNeverChanges) {
  EXPECT_EQ(alert_id(single_order(), AlertPolicy{}, Shard{0}), "1e8df410-2caf-5209-a34d-ffe8aec647d7");
}

TEST(Alert, EveryPartOfTheIdentityMakesAnotherId) {
  std::set<std::string> ids;
  std::size_t orders = 0;
  const auto add = [&](const AlertOrder& order, int shard) {
    ++orders;
    ids.insert(alert_id(order, AlertPolicy{}, Shard{shard}));
  };
  AlertOrder o = single_order();
  add(o, 0);
  o.identity.bucket = bucket(41);
  add(o, 0);
  o.identity.host = HostId{"other"};
  add(o, 0);
  o.identity.signature.signer = "";  // known to be empty is not unknown
  add(o, 0);
  o.identity.signature.user.reset();
  add(o, 0);
  o.identity.signature.folder = std::nullopt;
  add(o, 0);
  o.identity.signature.name = "x.exe";
  add(o, 0);
  for (const int shard : {0, 1}) {
    add(group_order(), shard);
    add(overflow_order(), shard);
    add(report_order(), shard);
  }
  EXPECT_EQ(ids.size(), orders);
}

TEST(Alert, AnUpdateKeepsTheIdAndTheHostIsTheKey) {
  const Alert first = make_alert(single_order(), AlertPolicy{}, Shard{0}, false);
  const Alert update = make_alert(update_order(), AlertPolicy{}, Shard{1}, true);
  EXPECT_EQ(first.id, update.id);
  EXPECT_EQ(update.version, 3u);
  EXPECT_EQ(first.key, "web-asg-0a1b2c");
  const Alert group = make_alert(group_order(), AlertPolicy{}, Shard{0}, false);
  EXPECT_EQ(group.key, group.id);
}

TEST(Alert, ADocumentIsOneLine) {
  for (const auto& [name, order] : all_orders()) {
    EXPECT_EQ(make_alert(order, AlertPolicy{}, Shard{0}, false).json.find('\n'), std::string::npos) << name;
  }
}

TEST(Alert, WhatIsNotKnownIsLeftOut) {
  const std::string json = make_alert(bare_order(), AlertPolicy{}, Shard{0}, false).json;
  for (const char* nothing : {"\"\"", "null", "{}", "[]"}) EXPECT_EQ(json.find(nothing), std::string::npos) << nothing;
}

TEST(Alert, TheFirstProcessIsTheOneShown) {
  const Json doc = document(single_order());
  EXPECT_EQ(doc["process"]["parent"]["name"], "tomcat9.exe");
  EXPECT_EQ(doc["process"]["pid"], 4242);
  EXPECT_EQ(doc["user"]["domain"], "CORP");
  EXPECT_EQ(doc["cloud"]["account"]["id"], "111122223333");
  EXPECT_EQ(doc["event"]["created"], "2026-02-08T10:15:00.000Z");
  EXPECT_EQ(doc["event"]["start"], "2026-02-08T10:03:07.000Z");
}

TEST(Alert, LearningIsToldByTheShardOrByTheFinding) {
  EXPECT_EQ(Json::parse(make_alert(single_order(), AlertPolicy{}, Shard{0}, true).json)["imdswatch"]["learning"], true);
  EXPECT_EQ(document(update_order())["imdswatch"]["learning"], true);
  EXPECT_EQ(document(single_order())["imdswatch"]["learning"], false);
}

TEST(Alert, TheLargestOneStillFitsAndSaysThatItWasCut) {
  AlertOrder order = single_order();
  Sighting& sighting = order.findings[0].sighting;
  const std::string field(limits::max_field_bytes, '\x01');  // six bytes each in JSON
  const std::string line(limits::max_command_line_bytes, '\x01');
  sighting.processes.assign(limits::max_processes_per_sighting, process(sighting.first));
  for (ProcessSeen& p : sighting.processes) {
    p.evidence.process = {field, field, field, line, field, field, field, 1};
    p.evidence.parent = p.evidence.process;
    p.evidence.user_name = p.evidence.user_domain = p.evidence.user_id = p.evidence.signer_subject = field;
  }
  sighting.user_ids.assign(limits::max_user_ids, field);
  sighting.host_ids.assign(limits::max_user_ids, field);
  sighting.sources.assign(limits::max_sources_per_sighting, {Origin{}, field});
  sighting.attributes = {field, field, field, field, field, field, field, field, field, field, field, field, field};
  order.findings[0].score.usual_callers.assign(10, field);
  for (Factor& factor : order.findings[0].score.factors) factor.value = field;
  const Alert single = make_alert(order, AlertPolicy{}, Shard{0}, false);
  EXPECT_LE(single.json.size(), limits::max_alert_bytes);
  EXPECT_EQ(Json::parse(single.json)["imdswatch"]["truncated"], true);

  AlertOrder group = group_order();
  group.findings.assign(50, order.findings[0]);
  group.group_hosts.assign(limits::max_group_hosts, std::string(limits::max_name_bytes, '\x01'));
  group.group_hosts_added = group.group_hosts;
  EXPECT_LE(make_alert(group, AlertPolicy{}, Shard{0}, false).json.size(), limits::max_alert_bytes);

  AlertOrder report = report_order();
  report.report[0].entries.assign(100, {{field, field, UserKind::person, field}, 1, {field, field, field, field, field}, 5});
  EXPECT_LE(make_alert(report, AlertPolicy{}, Shard{0}, false).json.size(), limits::max_alert_bytes);
  EXPECT_FALSE(document(single_order())["imdswatch"].contains("truncated"));
}

TEST(Alert, AGroupOfThousandsOfHostsIsToldWhole) {
  AlertOrder order = group_order();
  for (std::size_t i = 0; i < limits::max_group_hosts; ++i) order.group_hosts.push_back("web-asg-" + std::to_string(i));
  order.group_hosts.resize(limits::max_group_hosts);
  const Json doc = document(order);
  EXPECT_EQ(doc["imdswatch"]["group"]["hosts"].size(), limits::max_group_hosts);
  EXPECT_FALSE(doc["imdswatch"].contains("truncated"));
}

TEST(Explanation, CountsAreThoseOfTheFactor) {
  const Json explanation = document(single_order())["imdswatch"]["explanation"];
  EXPECT_EQ(explanation[0],
            "Name curl.exe: never on this host in 2,310 windows; on 0 of 14 hosts like it; on 3 of 600 others in the fleet, since 2026-01-19.");
}

TEST(Explanation, AnIntervalBeyondTenYearsHasNoFigure) {
  const auto text = [](double days) {
    AlertOrder order = single_order();
    order.findings[0].score.expected_interval_days = days;
    return document(order)["imdswatch"]["expected_interval"]["text"].get<std::string>();
  };
  EXPECT_EQ(text(1e9), "less than once in 10 years (an estimate)");
  EXPECT_EQ(text(3000), "about once in 8 years (an estimate)");
  EXPECT_EQ(text(120.4), "about once in 120 days (an estimate)");
  EXPECT_EQ(text(1), "about once in 1 day (an estimate)");
  EXPECT_EQ(text(0.25), "about 4 times a day (an estimate)");
}

TEST(Presentation, NoLineIsWiderThanATerminalAndNoneHoldsControlCharacters) {
  AlertOrder wide = single_order();
  wide.findings[0].sighting.processes[0].evidence.process.command_line = std::string(5000, 'x') + "\x1b[31m\xc2\x9b" + "31m \xff";
  std::vector<AlertOrder> orders{wide};
  for (const auto& [name, order] : all_orders()) orders.push_back(order);
  for (const AlertOrder& order : orders) {
    const std::string text = as_row(order) + as_text(order);
    std::size_t width = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto c = static_cast<unsigned char>(text[i]);
      width = c == '\n' ? 0 : width + ((c & 0xC0) != 0x80 ? 1 : 0);
      ASSERT_LE(width, 100u) << text;
      ASSERT_TRUE(c == '\n' || (c >= 0x20 && c != 0x7f));
      ASSERT_FALSE(c == 0xC2 && static_cast<unsigned char>(text[i + 1]) < 0xA0);
    }
  }
}

}  // namespace
}  // namespace imdswatch
