#include "fields.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "imdswatch/base/limits.hpp"
#include "json_text.hpp"

namespace imdswatch {

void Fields::clear() {
  for (const Slot slot : used_) values_[static_cast<std::size_t>(slot)] = {};
  used_.clear();
  more_.clear();
  inserts_.clear();
  dashes_.reset();
}

void Fields::put_insert(std::string_view text) {
  if (inserts_.size() < limits::max_inserts) inserts_.push_back(text);
}

void Fields::put(Slot slot, std::string_view text, std::uint8_t rank) {
  if (text == "-") dashes_.set(static_cast<std::size_t>(slot));
  if (text.empty() || text == "-") return;
  std::string_view& value = values_[static_cast<std::size_t>(slot)];
  std::uint8_t& value_rank = ranks_[static_cast<std::size_t>(slot)];
  if (value.empty()) {
    used_.push_back(slot);
  } else if (is_list(slot)) {
    more_.emplace_back(slot, text);
    return;
  } else if (rank >= value_rank) {
    return;
  }
  value = text;
  value_rank = rank;
}

void Fields::replace(Slot slot, std::string_view text) {
  const auto number = static_cast<std::size_t>(slot);
  dashes_.set(number, text == "-");
  values_[number] = text == "-" ? std::string_view{} : text;
}

bool Fields::is(Slot slot, std::string_view word) const { return equals_folded(trimmed(text(slot)), word); }

bool Fields::contains(Slot slot, std::string_view word) const {
  return is(slot, word) ||
         std::any_of(more_.begin(), more_.end(), [&](const auto& item) { return item.first == slot && equals_folded(trimmed(item.second), word); });
}

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::string_view digits = trimmed(text);
  if (digits.empty()) return std::nullopt;
  int base = 10;
  if (digits.starts_with("0x") || digits.starts_with("0X")) {
    digits.remove_prefix(2);
    base = 16;
  }
  const char* const end = digits.data() + digits.size();
  std::uint64_t value = 0;
  const auto [after, error] = std::from_chars(digits.data(), end, value, base);
  if (error == std::errc{} && after == end) return value;
  double real = 0;  // "3.0", "4.43e2": a pipeline's floating-point numbers
  const auto [real_after, real_error] = std::from_chars(digits.data(), end, real);
  const bool whole = real_error == std::errc{} && real_after == end && base == 10 && real >= 0 && real < 9e15 && real == std::floor(real);
  if (!whole) return std::nullopt;
  return static_cast<std::uint64_t>(real);
}

std::optional<bool> Fields::flag(Slot slot) const {
  const std::string_view value = trimmed(text(slot));
  if (value.empty()) return std::nullopt;
  if (equals_folded(value, "true") || value == "1" || equals_folded(value, "yes")) return true;
  if (equals_folded(value, "false") || value == "0" || equals_folded(value, "no")) return false;
  return std::nullopt;
}

}  // namespace imdswatch
