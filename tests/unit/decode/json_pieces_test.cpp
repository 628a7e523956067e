#include "json_pieces.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace imdswatch {
namespace {

/// Each piece as key=value; what is left of a text in which nothing more is trusted behind a `!`.
std::vector<std::string> pieces(std::string_view text) {
  std::vector<std::string> out;
  JsonPieces all(text);
  while (const auto piece = all.next())
    out.push_back(std::string(piece->sound ? "" : "!") + (piece->key.empty() ? "" : std::string(piece->key) + "=") + std::string(piece->value));
  return out;
}

using Pieces = std::vector<std::string>;

TEST(JsonPieces, AreToldApartWhateverStandsInThem) {
  EXPECT_EQ(pieces("[]"), Pieces{});
  EXPECT_EQ(pieces(R"([ 1 ,"a,]\"", {"b":[{}]} ,[2,[]] ])"), (Pieces{"1", R"("a,]\"")", R"({"b":[{}]})", "[2,[]]"}));
  EXPECT_EQ(pieces(R"({"a" : 1, "b\"":{"c":[1,2]}})"), (Pieces{"a=1", R"(b\"={"c":[1,2]})"}));
  EXPECT_EQ(pieces("[{\"a\":\"\\x\xff\"},tru,01,,{\"a\":}]"), (Pieces{"{\"a\":\"\\x\xff\"}", "tru", "01", "", "{\"a\":}"}));
  EXPECT_EQ(pieces("[1,]"), (Pieces{"1", ""}));
}

TEST(JsonPieces, ACutOffOneIsNotTrusted) {
  EXPECT_EQ(pieces("["), Pieces{"!"});
  EXPECT_EQ(pieces(R"([{},{"a":"b)"), (Pieces{"{}", R"(!{"a":"b)"}));
  EXPECT_EQ(pieces(R"([{},{"a":"b\")"), (Pieces{"{}", R"(!{"a":"b\")"}));
  EXPECT_EQ(pieces("[{}"), (Pieces{"{}", "!"}));
  EXPECT_EQ(pieces("[12"), Pieces{"!12"}) << "a number may go on";
  EXPECT_EQ(pieces(R"({"a":1,"b)"), (Pieces{"a=1", R"(!"b)"}));
  EXPECT_EQ(pieces(R"({"a":1,"b":[1)"), (Pieces{"a=1", "!b=[1"}));
}

TEST(JsonPieces, NothingIsTrustedWhereQuotesAndBracketsDoNotMatch) {
  for (const std::string bad : {R"({"a":"b})", R"({"a":b"})", R"({"a":"b" "c"})", R"({"a" 1})", R"({"a":1 "b":2})", R"({"a":[1}])", R"({"a":C:\dir})",
                                R"({"a":"C:\"})", R"({"a":"say "x""})", "{'a':1}", "{}{}", "{}}", R"({"a":{}{}})"})
    EXPECT_EQ(pieces("[7," + bad + R"(,{"c":"d"}])"), (Pieces{"7", "!" + bad + R"(,{"c":"d"}])"})) << bad;
}

}  // namespace
}  // namespace imdswatch
