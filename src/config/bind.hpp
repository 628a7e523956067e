#pragma once

#include <type_traits>
#include <utility>

#include "imdswatch/config/schema.hpp"

/// Ties a key to a member of Config: one accessor gives both directions. Integers, durations and lists are widened for KeyValue.
namespace imdswatch::config_detail {

template <class T>
struct is_duration : std::false_type {};
template <class Rep, class Period>
struct is_duration<std::chrono::duration<Rep, Period>> : std::true_type {};

template <class T>
KeyValue to_value(const T& field) {
  if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, double>) {
    return field;
  } else if constexpr (std::is_integral_v<T>) {
    return static_cast<std::int64_t>(field);
  } else if constexpr (is_duration<T>::value) {
    return std::chrono::duration_cast<std::chrono::microseconds>(field);
  } else {
    return field;
  }
}
inline KeyValue to_value(const std::optional<double>& field) { return field ? KeyValue{*field} : KeyValue{}; }
inline KeyValue to_value(const std::vector<std::uint16_t>& ports) {
  return std::vector<std::int64_t>(ports.begin(), ports.end());
}
inline KeyValue to_value(const std::vector<IpAddress>& addresses) {
  std::vector<std::string> out;
  for (const IpAddress& address : addresses) out.push_back(to_string(address));
  return out;
}

template <class T>
void from_value(T& field, const KeyValue& value) {
  if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, double>) {
    field = std::get<T>(value);
  } else if constexpr (std::is_integral_v<T>) {
    field = static_cast<T>(std::get<std::int64_t>(value));
  } else if constexpr (is_duration<T>::value) {
    field = std::chrono::duration_cast<T>(std::get<std::chrono::microseconds>(value));
  } else {
    field = std::get<T>(value);
  }
}
inline void from_value(std::optional<double>& field, const KeyValue& value) {
  const double* number = std::get_if<double>(&value);
  field = number == nullptr ? std::nullopt : std::optional<double>{*number};
}
inline void from_value(std::vector<std::uint16_t>& ports, const KeyValue& value) {
  ports.clear();
  for (const std::int64_t port : std::get<std::vector<std::int64_t>>(value)) ports.push_back(static_cast<std::uint16_t>(port));
}
inline void from_value(std::vector<IpAddress>& addresses, const KeyValue& value) {
  addresses.clear();
  for (const std::string& text : std::get<std::vector<std::string>>(value)) {
    if (const auto address = parse_ip_address(text)) addresses.push_back(*address);
  }
}

/// `access` is a captureless generic lambda, Config& → member&.
template <class Access>
constexpr auto getter(Access) -> KeyValue (*)(const Config&) {
  return [](const Config& config) -> KeyValue { return to_value(Access{}(config)); };
}
template <class Access>
constexpr auto setter(Access) -> void (*)(Config&, const KeyValue&) {
  return [](Config& config, const KeyValue& value) { from_value(Access{}(config), value); };
}

}  // namespace imdswatch::config_detail
