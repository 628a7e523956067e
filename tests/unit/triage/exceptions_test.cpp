#include <gtest/gtest.h>

#include <set>

#include "make.hpp"

namespace imdswatch {
namespace {

using namespace testing;

Condition is(std::string field, std::vector<std::string> patterns) { return {std::move(field), std::move(patterns), std::nullopt}; }
Condition exists(std::string field, bool yes) { return {std::move(field), {}, yes}; }
Exception when(std::vector<Condition> conditions, std::vector<Condition> unless = {}) {
  return {"test", std::move(conditions), std::move(unless), std::nullopt, ""};
}
bool mutes(const Exception& exception, Finding f) {
  TriagePolicy policy;
  policy.exceptions = {exception};
  Triage triage{policy};
  return admit(triage, {std::move(f)}, run_closing(0)).counts.muted == 1;
}
Finding curl() { return finding("web-1", "curl.exe", 0); }

TEST(Exceptions, AllConditionsMustHold) {
  EXPECT_TRUE(mutes(when({is("process.name", {"curl.exe"}), is("user.id", {"s-1-5-21-*"})}), curl()));
  EXPECT_FALSE(mutes(when({is("process.name", {"curl.exe"}), is("user.id", {"S-1-5-18"})}), curl()));
  EXPECT_TRUE(mutes(when({is("destination.port", {"443", "80"})}), curl())) << "any of the patterns";
  EXPECT_FALSE(mutes(when({}), curl())) << "an exception from everything is a mistake";
}

TEST(Exceptions, NoneOfUnlessMayHold) {
  EXPECT_FALSE(mutes(when({is("process.name", {"curl.exe"})}, {is("process.parent.name", {"tomcat*"})}), curl()));
  EXPECT_TRUE(mutes(when({is("process.name", {"curl.exe"})}, {is("process.parent.name", {"w3wp*"})}), curl()));
}

TEST(Exceptions, AnyOfSeveralMutesAndTheFirstIsCounted) {
  TriagePolicy policy;
  policy.exceptions = {when({is("process.name", {"x"})}), when({is("process.name", {"curl.exe"})}), when({is("host.name", {"*"})})};
  policy.exceptions[1].name = "curl";
  Triage triage{policy};
  const auto out = admit(triage, {curl()}, run_closing(0));
  EXPECT_EQ(out.counts.muted_by, (std::map<std::string, std::uint64_t>{{"curl", 1}}));
  std::vector<TriageRow> rows;
  triage.rows(rows);
  EXPECT_EQ(rows.size(), 1u) << "a muted finding is not remembered";
}

TEST(Exceptions, AnAbsentFieldMatchesNothingButThatItDoesNotExist) {
  EXPECT_FALSE(mutes(when({is("cloud.region", {"*"})}), curl()));
  EXPECT_TRUE(mutes(when({exists("cloud.region", false)}), curl()));
  EXPECT_FALSE(mutes(when({exists("cloud.region", true)}), curl()));
  EXPECT_TRUE(mutes(when({exists("process.pid", true)}), curl()));
  EXPECT_FALSE(mutes(when({is("no.such.field", {"*"})}), curl()));
  EXPECT_TRUE(mutes(when({exists("no.such.field", false)}), curl()));
}

TEST(Exceptions, AnExpiredOneMutesNothingAndIsReported) {
  TriagePolicy policy;
  policy.exceptions = {when({is("process.name", {"curl.exe"})})};
  policy.exceptions[0].expires = run_closing(1).time;
  Triage triage{policy};
  EXPECT_EQ(admit(triage, {curl()}, run_closing(0)).counts.muted, 1u);
  const auto out = admit(triage, {finding("web-1", "curl.exe", 1)}, run_closing(1));
  EXPECT_EQ(out.counts.told, 1u);
  EXPECT_EQ(out.counts.expired, Briefs{"test"});
}

TEST(Exceptions, CallsThatAreNotMutedAreToldWithoutTheOthers) {
  Finding f = curl();
  f.sighting.processes.push_back(process(at(minutes{4}), "S-other", 5));
  f.sighting.calls = 6;
  f.sighting.last = at(minutes{4});
  f.sighting.user_ids = {"S-1-5-21-7", "S-other"};
  TriagePolicy policy;
  policy.exceptions = {when({is("user.id", {"S-1-5-21-7"})})};
  Triage triage{policy};
  const auto out = admit(triage, {f}, run_closing(0));
  ASSERT_EQ(brief(out), (Briefs{"single web-1/curl.exe@0 v1 calls=5"}));
  EXPECT_EQ(out.orders[0].first_call, at(minutes{4}));
  EXPECT_EQ(out.orders[0].findings[0].sighting.user_ids, Briefs{"S-other"});
}

TEST(Exceptions, CallsThatAreOnlyCountedAreNeverMuted) {
  Finding f = curl();
  f.sighting.processes_omitted = 2;
  f.sighting.calls = 3;
  EXPECT_FALSE(mutes(when({is("process.name", {"curl.exe"})}), f));
}

TEST(Exceptions, LaterCallsOfAMutedSightingAreToldOnceOneIsNotMuted) {
  TriagePolicy policy;
  policy.exceptions = {when({is("user.id", {"S-1"})})};
  Triage triage{policy};
  EXPECT_EQ(admit(triage, {finding("web-1", "curl.exe", 0, 6, minutes{1}, "S-1")}, run_closing(0)).counts.muted, 1u);
  Finding later = finding("web-1", "curl.exe", 0, 6, minutes{9}, "S-2");
  later.first = false;
  EXPECT_EQ(brief(admit(triage, {later}, run_closing(1))), (Briefs{"single web-1/curl.exe@0 v1 calls=1"}));
}

TEST(Exceptions, OneThatNamesEvidenceMutesOnlyCallsWhoseEvidenceWasFound) {
  Finding f = curl();
  f.sighting.processes[0].evidence.joined = false;
  f.sighting.processes[0].evidence.process.command_line.clear();
  EXPECT_FALSE(mutes(when({is("process.name", {"curl.exe"})}, {is("process.command_line", {"*token*"})}), f));
  EXPECT_FALSE(mutes(when({exists("process.command_line", false)}), f));
  EXPECT_FALSE(mutes(when({is("process.command_line", {"*"})}), f));
  f.sighting.processes[0].evidence.process.command_line = "curl.exe";
  EXPECT_TRUE(mutes(when({is("process.command_line", {"curl.exe"})}), f)) << "the event itself told it";
  EXPECT_TRUE(needs_evidence(is("process.hash.sha256", {"x"})));
  EXPECT_FALSE(needs_evidence(is("process.executable", {"x"})));
}

TEST(Exceptions, WildcardsAndEscapes) {
  Finding f = curl();
  std::string& line = f.sighting.processes[0].evidence.process.command_line;
  const auto matches = [&](const std::string& pattern, const std::string& text) {
    line = text;
    return mutes(when({is("process.command_line", {pattern})}), f);
  };
  EXPECT_TRUE(matches("*", "x"));
  EXPECT_TRUE(matches("a?c", "abc"));
  EXPECT_FALSE(matches("a?c", "ac"));
  EXPECT_TRUE(matches("a*b*c", "a-b-b-c"));
  EXPECT_FALSE(matches("a*b*c", "a-c-b"));
  EXPECT_TRUE(matches("a\\*c", "a*c"));
  EXPECT_FALSE(matches("a\\*c", "abc"));
  EXPECT_TRUE(matches("what\\?", "what?"));
  EXPECT_TRUE(matches("c:\\x\\\\*", "C:\\X\\y.exe")) << "two backslashes before a wildcard are one";
  EXPECT_TRUE(matches("c:\\x\\y", "C:\\x\\Y")) << "a backslash elsewhere is itself";
  EXPECT_TRUE(matches("\xc3\x84?R", "\xc3\xa4\xc3\xb6r")) << "letters beyond ASCII fold, `?` is one character";
  EXPECT_FALSE(matches("", "x"));
}

TEST(Exceptions, InAPathABackslashIsItself) {
  EXPECT_TRUE(mutes(when({is("process.executable", {"c:\\users\\public\\*"})}), curl()));
  EXPECT_TRUE(mutes(when({is("process.executable", {"c:\\users\\public\\\\*"})}), curl()));
  EXPECT_FALSE(mutes(when({is("process.executable", {"c:\\users\\pub\\*"})}), curl()));
}

TEST(Exceptions, APatternOfManyStarsStaysCheap) {
  Finding f = curl();
  f.sighting.processes[0].evidence.process.command_line = std::string(16'000, 'a');
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "*a";
  EXPECT_FALSE(mutes(when({is("process.command_line", {pattern + "*b"})}), f));
}

TEST(Exceptions, EveryFieldIsListedOnceAndCanBeTold) {
  Finding f = curl();
  Evidence& e = f.sighting.processes[0].evidence;
  e.process = {"a", "a", "a", "a", "a", "a", "a", 1};
  e.parent = {"a", "a", "a", "a", "a", "a", "a", 1};
  e.user_domain = e.signer_subject = "a";
  e.signature_trusted = true;
  f.sighting.attributes = {"a", "a", "a", "a", "a", "a", "a", "a", "a", "a", "a", "a", "a"};
  std::set<std::string> names;
  for (const std::string& field : exception_fields()) {
    EXPECT_TRUE(names.insert(field).second) << field;
    EXPECT_TRUE(mutes(when({is(field, {"*"})}), f)) << field;
  }
  EXPECT_EQ(names.size(), 40u);
}

}  // namespace
}  // namespace imdswatch
