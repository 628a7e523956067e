#pragma once

#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace imdswatch::testing {

/// JSON that keeps the order of its keys, and scalars as written: for tests that write one event in many ways.
struct Json {
  enum class Kind { scalar, object, array } kind = Kind::scalar;
  std::string scalar;                                  ///< with its quotes
  std::vector<std::pair<std::string, Json>> members;   ///< of an object; keys without quotes, as written
  std::vector<Json> elements;                          ///< of an array
};

/// Of well-formed text only.
Json parse_json(std::string_view text);
/// With blanks between tokens here and there.
std::string write_json(const Json& json, std::mt19937_64& random);
/// Without blanks: as shippers write.
std::string compact(const Json& json);

void shuffle_keys(Json& json, std::mt19937_64& random);
/// {"a": {"b": 1, "c": 2}} → {"a.b": 1, "a": {"c": 2}}, for some members of some objects.
void join_some_keys(Json& json, std::mt19937_64& random);
void change_case_of_keys(Json& json, std::mt19937_64& random);
/// Members that no format reads, of all kinds, put in anywhere.
void add_noise(Json& json, std::mt19937_64& random);

/// These keep the number of keys, their order and the letters that a look adds up.
/// Two members of an object that are objects take each other's names, or their places.
void swap_objects(Json& json, std::mt19937_64& random);
void rename_objects(Json& json, std::mt19937_64& random);
/// A member goes out of its object, to stand right behind it, or comes in from there.
void move_brace(Json& json, std::mt19937_64& random);

}  // namespace imdswatch::testing
