#include <gtest/gtest.h>

#include "imdswatch/state/model_rows.hpp"

namespace imdswatch::model_row_cases {
namespace {

std::vector<ModelRow> examples() {
  const Votes votes{.sum = 12.25, .day = 20'500, .hosts = 14, .since = event_time_us(1'770'000'000'123'456)};
  NameSeen name{.seen = {.count = 3.5F, .last_minute = 29'500'000}, .parts = {}, .signatures = {}};
  name.parts = {{PartKind::folder, "", {1.0F, 29'499'000}}, {PartKind::user, "system", {3.5F, 29'500'000}}};
  name.signatures = {{.folder = std::nullopt, .user = std::nullopt, .signer = std::nullopt, .seen = {0.1F, -5}, .learned = false,
                      .guard_buckets = 1, .guard_days = 1, .guard_last_day = 20'486},
                     {.folder = "", .user = UserKind::system, .signer = "acme", .seen = {1, 29'500'000}, .learned = true}};
  return {
      HostRow{HostId{"prod/web-1"}, HostHeader{.first_minute = 29'000'000, .vote_day = 20'500, .buckets = 77, .windows = {70, 29'500'000}, .group = "stem:prod/web"}},
      HostRow{HostId{"prod/web-1"}, std::nullopt},
      HostNameRow{HostId{"web"}, "a.exe", name},
      HostNameRow{HostId{"web"}, "a.exe", std::nullopt},
      FleetNameRow{"a.exe", votes},
      FleetPartRow{"a.exe", PartKind::folder, "c:\\x\\", votes},
      FleetPartRow{"a.exe", PartKind::user, "person", std::nullopt},
      FleetNameRow{"a.exe", std::nullopt},
      PeerNameRow{"stem:web", "a.exe", votes},
      PeerNameRow{"stem:web", "a.exe", std::nullopt},
      LearningRow{.first_call = event_time_us(-1), .report_made = true, .swept_day = 20'500},
      LearningRow{},
  };
}

TEST(ModelRows, AreTheSameAfterEncoding) {
  for (const ModelRow& row : examples()) {
    const auto decoded = decode_model_row(encode(row));
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_TRUE(*decoded == row);
  }
}

TEST(ModelRows, HaveKeysThatCompactionKeepsApart) {
  EXPECT_NE(encode(HostNameRow{HostId{"ab"}, "c", {}}).key, encode(HostNameRow{HostId{"a"}, "bc", {}}).key);
  EXPECT_NE(encode(HostRow{HostId{"a"}, {}}).key, encode(FleetNameRow{"a", {}}).key);
  EXPECT_EQ(encode(HostRow{HostId{"a"}, {}}).key, encode(HostRow{HostId{"a"}, HostHeader{}}).key);
}

TEST(ModelRows, RefuseWhatIsCutOrChanged) {
  for (const ModelRow& row : examples()) {
    const StateRow good = encode(row);
    for (std::size_t size = 0; size < good.key.size(); ++size) {
      StateRow cut = good;
      cut.key.resize(size);
      EXPECT_FALSE(decode_model_row(cut));
    }
    if (!good.value) continue;
    for (std::size_t size = 0; size < good.value->size(); ++size) {
      StateRow cut = good;
      cut.value->resize(size);
      EXPECT_FALSE(decode_model_row(cut));
      StateRow sealed_anew = good;  // the checksum holds, the content is cut
      const std::string payload = good.value->substr(1, good.value->size() - 9);
      sealed_anew.value = seal(good.key, 1, std::string_view(payload).substr(0, std::min(size, payload.size() - 1)));
      EXPECT_FALSE(decode_model_row(sealed_anew));
    }
  }
}

TEST(ModelRows, RefuseANewerVersionByName) {
  const StateRow row = encode(LearningRow{});
  const auto decoded = decode_model_row(StateRow{row.key, seal(row.key, 2, "anything")});
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, Errc::format_too_new);
}

TEST(ModelRows, RefuseATableOfANewerVersionByName) {
  for (const StateRow& row : {StateRow{"mz", seal("mz", 1, "anything")}, StateRow{"mz\1a", std::nullopt}}) {
    const auto decoded = decode_model_row(row);
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error().code, Errc::format_too_new) << decoded.error().message;
  }
  for (const char* key : {"", "m", "xh", "lx"}) {
    const auto decoded = decode_model_row({key, std::nullopt});
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error().code, Errc::record_malformed) << key;
  }
}

TEST(ModelRows, RefuseNumbersThatNoCountCanBe) {
  const StateRow row = encode(HostRow{HostId{"a"}, HostHeader{.windows = {.count = -1, .last_minute = 0}, .group = {}}});
  EXPECT_FALSE(decode_model_row(row));
}

}  // namespace
}  // namespace imdswatch::model_row_cases
