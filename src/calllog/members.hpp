#pragma once

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "imdswatch/base/ids.hpp"
#include "time_text.hpp"

namespace imdswatch::calllog {

/// Reads members of one record. What is missing keeps its default; what has the wrong type makes the record malformed, and
/// `wrong` says which member it was. Members that this version does not know are passed over.
class Members {
 public:
  Members(std::optional<simdjson::dom::object> from, std::string& wrong) : from_(from), wrong_(wrong) {}

  [[nodiscard]] Members nested(std::string_view key) const {
    simdjson::dom::object inner;
    simdjson::dom::element value;
    if (!find(key, value)) return {std::nullopt, wrong_};
    if (value.get(inner) == simdjson::SUCCESS) return {inner, wrong_};
    fail(key);
    return {std::nullopt, wrong_};
  }
  [[nodiscard]] bool has(std::string_view key) const {
    simdjson::dom::element value;
    return find(key, value);
  }
  void text(std::string_view key, std::string& out) const {
    simdjson::dom::element value;
    std::string_view read;
    if (!find(key, value)) return;
    if (value.get(read) != simdjson::SUCCESS) return fail(key);
    out = read;
  }
  void text(std::string_view key, std::optional<std::string>& out) const {
    if (has(key)) text(key, out.emplace());
  }
  void flag(std::string_view key, bool& out) const {
    simdjson::dom::element value;
    if (find(key, value) && value.get(out) != simdjson::SUCCESS) fail(key);
  }
  void flag(std::string_view key, std::optional<bool>& out) const {
    if (has(key)) flag(key, out.emplace());
  }
  template <class Number>
  void number(std::string_view key, Number& out) const {
    simdjson::dom::element value;
    if (!find(key, value)) return;
    if constexpr (std::is_signed_v<Number>) {
      std::int64_t read = 0;
      if (value.get(read) != simdjson::SUCCESS || !std::in_range<Number>(read)) return fail(key);
      out = static_cast<Number>(read);
    } else {
      std::uint64_t read = 0;
      if (value.get(read) != simdjson::SUCCESS || !std::in_range<Number>(read)) return fail(key);
      out = static_cast<Number>(read);
    }
  }
  template <class Number>
  void number(std::string_view key, std::optional<Number>& out) const {
    if (has(key)) number(key, out.emplace());
  }
  template <class Id>
  void id(std::string_view key, Id& out) const {
    typename Id::rep value{};
    number(key, value);
    out = Id{value};
  }
  /// In units of 1/`per_second` s: as text, or as a number of these units.
  std::optional<std::int64_t> time(std::string_view key, std::int64_t per_second) const {
    simdjson::dom::element value;
    if (!find(key, value)) return std::nullopt;
    std::int64_t units = 0;
    if (value.get(units) == simdjson::SUCCESS) return units;
    std::string_view text;
    if (value.get(text) == simdjson::SUCCESS) {
      if (const auto us = parse_iso8601_us(text)) return *us / (1'000'000 / per_second);
    }
    fail(key);
    return std::nullopt;
  }
  void topic(std::string_view key, TopicId& out) const {
    std::string text;
    this->text(key, text);
    if (!parse_topic_id(text, out)) fail(key);
  }
  void fail(std::string_view key) const {
    if (wrong_.empty()) wrong_ = key;
  }
  /// False where there is none, and where it is null.
  [[nodiscard]] bool find(std::string_view key, simdjson::dom::element& out) const {
    return from_ && from_->at_key(key).get(out) == simdjson::SUCCESS && !out.is_null();
  }
  [[nodiscard]] std::string& wrong() const { return wrong_; }

 private:
  std::optional<simdjson::dom::object> from_;
  std::string& wrong_;
};

}  // namespace imdswatch::calllog
