#include "json_shapes.hpp"

#include <algorithm>

#include "imdswatch/base/check.hpp"

namespace imdswatch::testing {
namespace {

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Json value() {
    blanks();
    Json out;
    if (text_[at_] == '{') {
      out.kind = Json::Kind::object;
      list('}', [&] {
        std::string key = scalar();
        expect(':');
        out.members.emplace_back(key.substr(1, key.size() - 2), value());
      });
    } else if (text_[at_] == '[') {
      out.kind = Json::Kind::array;
      list(']', [&] { out.elements.push_back(value()); });
    } else {
      out.scalar = scalar();
    }
    return out;
  }

 private:
  template <class Item>
  void list(char close, Item item) {
    ++at_;
    blanks();
    while (text_[at_] != close) {
      item();
      blanks();
      if (text_[at_] == ',') ++at_;
      blanks();
    }
    ++at_;
  }

  std::string scalar() {
    blanks();
    const std::size_t begin = at_;
    if (text_[at_] == '"') {
      for (++at_; text_[at_] != '"'; ++at_)
        if (text_[at_] == '\\') ++at_;
      ++at_;
    } else {
      at_ = std::min(text_.find_first_of(",]} \n", at_), text_.size());
    }
    return std::string(text_.substr(begin, at_ - begin));
  }

  void blanks() { at_ = std::min(text_.find_first_not_of(" \n\t\r", at_), text_.size()); }
  void expect(char c) {
    blanks();
    IMDS_CHECK(text_[at_] == c);
    ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

void write(const Json& json, std::mt19937_64& random, std::string& out) {
  const auto blank = [&] { out += random() % 4 == 0 ? " " : random() % 16 == 0 ? "\r\n\t" : ""; };
  blank();
  switch (json.kind) {
    case Json::Kind::scalar: out += json.scalar; break;
    case Json::Kind::object:
      out += '{';
      for (std::size_t i = 0; i < json.members.size(); ++i) {
        if (i != 0) out += ',';
        blank();
        out.append(1, '"').append(json.members[i].first).append(1, '"');
        blank();
        out += ':';
        write(json.members[i].second, random, out);
      }
      out += '}';
      break;
    case Json::Kind::array:
      out += '[';
      for (std::size_t i = 0; i < json.elements.size(); ++i) {
        if (i != 0) out += ',';
        write(json.elements[i], random, out);
      }
      out += ']';
      break;
  }
  blank();
}

/// Calls `use` for every object of the tree, the inner ones first.
template <class Use>
void each_object(Json& json, const Use& use) {
  for (auto& [key, inner] : json.members) each_object(inner, use);
  for (Json& inner : json.elements) each_object(inner, use);
  if (json.kind == Json::Kind::object) use(json);
}

}  // namespace

Json parse_json(std::string_view text) { return Parser(text).value(); }

std::string write_json(const Json& json, std::mt19937_64& random) {
  std::string out;
  write(json, random, out);
  return out;
}

std::string compact(const Json& json) {
  std::string out;
  if (json.kind == Json::Kind::scalar) return json.scalar;
  if (json.kind == Json::Kind::object) {
    for (const auto& [key, value] : json.members) out.append(out.empty() ? "" : ",").append("\"" + key + "\":").append(compact(value));
    return "{" + out + "}";
  }
  for (const Json& element : json.elements) out.append(out.empty() ? "" : ",").append(compact(element));
  return "[" + out + "]";
}

void shuffle_keys(Json& json, std::mt19937_64& random) {
  each_object(json, [&](Json& object) { std::shuffle(object.members.begin(), object.members.end(), random); });
}

void join_some_keys(Json& json, std::mt19937_64& random) {
  each_object(json, [&](Json& object) {
    std::vector<std::pair<std::string, Json>> joined;
    for (auto& [key, inner] : object.members) {
      if (inner.kind != Json::Kind::object) continue;
      std::vector<std::pair<std::string, Json>> kept;
      for (auto& [name, value] : inner.members) {
        if (random() % 2 == 0) {
          joined.emplace_back(key + "." + name, std::move(value));
        } else {
          kept.emplace_back(name, std::move(value));
        }
      }
      inner.members = std::move(kept);
    }
    for (auto& member : joined) object.members.push_back(std::move(member));
  });
}

void change_case_of_keys(Json& json, std::mt19937_64& random) {
  each_object(json, [&](Json& object) {
    for (auto& [key, value] : object.members)
      for (char& c : key)
        if (((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) && random() % 3 == 0) c = static_cast<char>(c ^ 0x20);
  });
}

void add_noise(Json& json, std::mt19937_64& random) {
  constexpr std::string_view values[] = {"null", "-12.5e+7", "123456789012345678901234567890", "1e999", R"("")", R"("169.254.169.254")", R"("\ud800\"\\")", "{}", "[]",
                                         R"([{"name":"x"},[1,[2]],"a"])", R"({"name":"x","os":{"type":"linux"},"event":{"action":"end"}})"};
  each_object(json, [&](Json& object) {
    for (auto left = random() % 3; left > 0; --left) {
      const auto at = static_cast<std::ptrdiff_t>(random() % (object.members.size() + 1));
      object.members.insert(object.members.begin() + at, {"noise_" + std::to_string(random() % 100), parse_json(values[random() % std::size(values)])});
    }
  });
}

void swap_objects(Json& json, std::mt19937_64& random) {
  each_object(json, [&](Json& object) {
    std::vector<std::size_t> inner;
    for (std::size_t i = 0; i < object.members.size(); ++i)
      if (object.members[i].second.kind == Json::Kind::object) inner.push_back(i);
    if (inner.size() < 2 || random() % 2 == 0) return;
    auto& one = object.members[inner[random() % inner.size()]];
    auto& other = object.members[inner[random() % inner.size()]];
    std::swap(one.first, other.first);
    if (random() % 2 == 0) std::swap(one.second, other.second);
  });
}

void rename_objects(Json& json, std::mt19937_64& random) {
  each_object(json, [&](Json& object) {
    for (auto& [key, inner] : object.members)
      if (inner.kind == Json::Kind::object && random() % 4 == 0) key.insert(0, 1, 'x');
  });
}

void move_brace(Json& json, std::mt19937_64& random) {
  std::vector<std::pair<Json*, std::size_t>> places;  // an object, and which of its members is one that holds something
  each_object(json, [&](Json& object) {
    for (std::size_t i = 0; i < object.members.size(); ++i)
      if (!object.members[i].second.members.empty()) places.emplace_back(&object, i);
  });
  if (places.empty()) return;
  const auto [object, at] = places[random() % places.size()];
  auto& members = object->members;
  auto& inner = members[at].second.members;
  const auto behind = members.begin() + static_cast<std::ptrdiff_t>(at) + 1;
  if (random() % 2 == 0 && inner.size() > 1) {
    auto member = std::move(inner.back());
    inner.pop_back();
    members.insert(behind, std::move(member));
  } else if (behind != members.end()) {
    inner.push_back(std::move(*behind));
    members.erase(behind);
  }
}

}  // namespace imdswatch::testing
