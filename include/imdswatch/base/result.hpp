#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "imdswatch/base/check.hpp"

namespace imdswatch {

/// What went wrong, for code that must decide; the message is for the person.
enum class Errc {
  config_invalid,       ///< the configuration says something impossible
  input_unreadable,     ///< a file or stream could not be read or written
  kafka_unavailable,    ///< broker not reached or answer refused; trying again may help
  kafka_fatal,          ///< authorisation, missing topic, …: trying again cannot help
  fenced,               ///< another instance has taken the shard over
  commit_aborted,       ///< the transaction is known not to have happened
  commit_unknown,       ///< the transaction may or may not have happened
  record_malformed,     ///< bytes of a log record or state row do not decode
  format_too_new,       ///< written by a newer version than this one
  limit_reached,        ///< a stated limit of this program
};

struct Error {
  Errc code;
  std::string message;  ///< what happened, to what, and what to do
};

/// A value, or why there is none. For operating errors; programmer errors stop at IMDS_CHECK.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & { return IMDS_CHECK(ok()), std::get<0>(state_); }
  const T& value() const& { return IMDS_CHECK(ok()), std::get<0>(state_); }
  T&& value() && { return IMDS_CHECK(ok()), std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const& { return IMDS_CHECK(!ok()), std::get<1>(state_); }
  Error&& error() && { return IMDS_CHECK(!ok()), std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool ok() const { return !error_; }
  explicit operator bool() const { return ok(); }
  const Error& error() const& { return IMDS_CHECK(error_), *error_; }
  Error&& error() && { return IMDS_CHECK(error_), *std::move(error_); }

 private:
  std::optional<Error> error_;
};

}  // namespace imdswatch
