#include "value.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "problems.hpp"

namespace imdswatch::config_detail {
namespace {

constexpr std::string_view digits = "0123456789";

template <class T>
std::optional<T> whole_text(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct Unit {
  std::string_view name;
  std::int64_t factor;
};
constexpr std::array<Unit, 5> duration_units{
    {{"ms", 1'000}, {"s", 1'000'000}, {"m", 60'000'000}, {"h", 3'600'000'000}, {"d", 86'400'000'000}}};
constexpr std::array<Unit, 4> size_units{{{"B", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}}};

/// A number and its unit at the front of `text`, taken off it.
template <std::size_t n>
std::optional<std::int64_t> take_quantity(std::string_view& text, const std::array<Unit, n>& units) {
  const std::size_t number_end = std::min(text.find_first_not_of(digits), text.size());
  const std::size_t unit_end = std::min(text.find_first_of(digits, number_end), text.size());
  const auto number = whole_text<std::int64_t>(text.substr(0, number_end));
  const std::string_view name = text.substr(number_end, unit_end - number_end);
  text.remove_prefix(unit_end);
  for (const Unit& unit : units) {
    if (number && unit.name == name) {
      if (*number > std::numeric_limits<std::int64_t>::max() / 4 / unit.factor) return std::nullopt;
      return *number * unit.factor;
    }
  }
  return std::nullopt;
}

bool is_field_path(std::string_view text) {
  constexpr std::string_view fine = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@.-";
  return text.empty() || (text.find_first_not_of(fine) == std::string_view::npos && text.front() != '.' &&
                          text.back() != '.' && text.find("..") == std::string_view::npos && text.size() <= 256);
}

/// For limits; whole numbers below 2^53 stay exact.
double as_number(const KeyValue& value) {
  if (const auto* duration = std::get_if<std::chrono::microseconds>(&value)) return static_cast<double>(duration->count());
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  return std::get<double>(value);
}

std::string range(const KeySpec& key) {
  if (std::holds_alternative<std::monostate>(key.min)) return "";
  return " from " + show(key, key.min) + " to " + show(key, key.max);
}

}  // namespace

std::optional<std::int64_t> parse_integer(std::string_view text) { return whole_text<std::int64_t>(text); }

std::optional<std::chrono::microseconds> parse_duration(std::string_view text) {
  if (text == "0") return std::chrono::microseconds{0};
  if (text.empty() || text.size() > 40) return std::nullopt;
  std::int64_t sum = 0;
  while (!text.empty()) {
    const auto part = take_quantity(text, duration_units);
    if (!part || sum > std::numeric_limits<std::int64_t>::max() / 2 - *part) return std::nullopt;
    sum += *part;
  }
  return std::chrono::microseconds{sum};
}

std::optional<std::int64_t> parse_size(std::string_view text) {
  const auto size = take_quantity(text, size_units);
  return text.empty() ? size : std::nullopt;
}

std::optional<EventTime> parse_moment(std::string_view text) {
  using namespace std::chrono;
  const bool has_time = text.size() == 20;
  if (!has_time && text.size() != 10) return std::nullopt;
  constexpr std::string_view shape = "dddd-dd-ddTdd:dd:ddZ";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool digit = digits.find(text[i]) != std::string_view::npos;
    if (shape[i] == 'd' ? !digit : shape[i] != text[i]) return std::nullopt;
  }
  const auto number = [&](std::size_t at, std::size_t length) { return whole_text<int>(text.substr(at, length)).value_or(-1); };
  const year_month_day date{year{number(0, 4)}, month{static_cast<unsigned>(number(5, 2))}, day{static_cast<unsigned>(number(8, 2))}};
  if (!date.ok() || date.year() < year{1980} || date.year() > year{2200}) return std::nullopt;
  EventTime moment{duration_cast<EventClock::duration>(sys_days{date}.time_since_epoch())};
  if (!has_time) return moment;
  const int h = number(11, 2), m = number(14, 2), s = number(17, 2);
  if (h > 23 || m > 59 || s > 59) return std::nullopt;
  return moment + hours{h} + minutes{m} + seconds{s};
}

bool is_topic_name(std::string_view text) {
  constexpr std::string_view fine = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  return !text.empty() && text.size() <= 249 && text != "." && text != ".." &&
         text.find_first_not_of(fine) == std::string_view::npos;
}

std::optional<KeyValue> parse_value(const KeySpec& key, const std::string& text) {
  const auto wrap = [](const auto& parsed) { return parsed ? std::optional<KeyValue>{*parsed} : std::nullopt; };
  switch (key.type) {
    case KeyType::text:
    case KeyType::texts:
      return text.empty() ? std::nullopt : std::optional<KeyValue>{text};
    case KeyType::field: return is_field_path(text) ? std::optional<KeyValue>{text} : std::nullopt;
    case KeyType::label: return is_topic_name(text) || (key.optional && text.empty()) ? std::optional<KeyValue>{text} : std::nullopt;
    case KeyType::topic: return is_topic_name(text) ? std::optional<KeyValue>{text} : std::nullopt;
    case KeyType::topics: return text.starts_with('^') || is_topic_name(text) ? std::optional<KeyValue>{text} : std::nullopt;
    case KeyType::boolean:
      if (text != "true" && text != "false") return std::nullopt;
      return KeyValue{text == "true"};
    case KeyType::integer:
    case KeyType::ports: return wrap(parse_integer(text));
    case KeyType::number: {
      const auto number = whole_text<double>(text);
      return number && std::isfinite(*number) ? wrap(number) : std::nullopt;
    }
    case KeyType::duration: return wrap(parse_duration(text));
    case KeyType::size: return wrap(parse_size(text));
    case KeyType::choice:
    case KeyType::choices: return KeyValue{text};
    case KeyType::addresses: return parse_ip_address(text) ? std::optional<KeyValue>{text} : std::nullopt;
    case KeyType::time_format: return time_format_problem(text) ? std::nullopt : std::optional<KeyValue>{text};
    case KeyType::properties:
    case KeyType::exceptions:
    case KeyType::mapping:
    case KeyType::conditions:
    case KeyType::formats: return std::nullopt;
  }
  return std::nullopt;
}

bool within(const KeySpec& key, const KeyValue& value) {
  if (key.type == KeyType::ports) {
    const std::int64_t port = std::get<std::int64_t>(value);
    return port >= 1 && port <= 65'535;
  }
  if (!key.choices.empty()) return std::ranges::find(key.choices, std::get<std::string>(value)) != key.choices.end();
  const auto* duration = std::get_if<std::chrono::microseconds>(&value);
  if (duration != nullptr && *duration % key.step != duration->zero()) return false;
  if (std::holds_alternative<std::monostate>(key.min)) return true;
  return as_number(key.min) <= as_number(value) && as_number(value) <= as_number(key.max);
}

std::string allowed(const KeySpec& key) {
  switch (key.type) {
    case KeyType::text: return "a text that is not empty";
    case KeyType::field: return "a field's dotted path such as cloud.account.id, or \"\"";
    case KeyType::label: return std::string("letters, digits, dot, underscore and hyphen") + (key.optional ? ", or \"\"" : "");
    case KeyType::topic: return "a topic's name: up to 249 of letters, digits, dot, underscore and hyphen";
    case KeyType::boolean: return "true or false";
    case KeyType::integer: return "a whole number" + range(key);
    case KeyType::number: return "a number" + range(key) + (key.optional ? ", or null" : "");
    case KeyType::duration: 
      return "a duration such as 15m, 24h or 3d," + range(key) +
             (key.step == std::chrono::hours{1} ? " in whole hours" : key.step == std::chrono::days{1} ? " in whole days" : "");
    case KeyType::size: return "a size such as 64MiB or 1GiB," + range(key);
    case KeyType::choice: return alternatives(key.choices);
    case KeyType::texts: return "a list of texts";
    case KeyType::topics: return "a list of topic names or regular expressions that begin with ^, such as [endpoint-events, ^logs-.*]";
    case KeyType::addresses: return "a list of IP addresses such as [169.254.169.254]";
    case KeyType::ports: return "a list of ports from 1 to 65535 such as [53, 123]";
    case KeyType::choices: return "a list of " + alternatives(key.choices);
    case KeyType::properties: return "a map of librdkafka properties, each with one value";
    case KeyType::exceptions: return "a list of exceptions, each with name and when";
    case KeyType::mapping: return "a map of fields to JSON Pointers, such as {host.name: /device/name}";
    case KeyType::conditions: return "a map of JSON Pointers to values, such as {/event/type: [connect]}";
    case KeyType::time_format:
      return "auto, unix_s, unix_ms, unix_us, unix_ns, filetime, or a pattern of %Y, %m or %b, %d, %H, %M, %S, and %f, %z, %% if need be";
    case KeyType::formats: return "auto, a format's name, or a map of topics to formats' names";
  }
  return "";
}

}  // namespace imdswatch::config_detail
