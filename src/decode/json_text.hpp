#pragma once

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include "text_arena.hpp"

namespace imdswatch {

/// The text between the quotes of a JSON string, with its escapes undone. A view of `quoted` itself where there are none.
/// Half a surrogate pair becomes U+FFFD, as in most readers: a caller must not escape by it. Nothing for an escape that JSON lacks.
std::optional<std::string_view> unescape(std::string_view between_quotes, TextArena& arena);

/// A blank between tokens, in JSON and in XML.
constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// Where `wanted` first stands from `from` on, or the text's size. For what is near: a call of memchr costs more than most texts take.
inline std::size_t find_soon(std::string_view text, char wanted, std::size_t from) {
#if defined(__SSE2__)
  const __m128i all = _mm_set1_epi8(wanted);
  const auto places = [&](std::size_t at) {
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at)), all)));
  };
  for (; from + sizeof all <= text.size(); from += sizeof all) {
    if (const unsigned found = places(from); found != 0) return from + static_cast<std::size_t>(std::countr_zero(found));
  }
  if (from < text.size() && text.size() >= sizeof all) {
    const std::size_t last = text.size() - sizeof all;  // some of it once more
    const unsigned found = places(last) >> (from - last);
    return found != 0 ? from + static_cast<std::size_t>(std::countr_zero(found)) : text.size();
  }
#endif
  while (from < text.size() && text[from] != wanted) ++from;
  return from;
}

inline constexpr std::size_t copied_at_once = 16;
/// Copies `size` bytes of `text`, from `from` on, to `out`: mostly a few, and so in steps and up to one step too far, where the text reaches that far.
inline void copy_soon(char* out, std::string_view text, std::size_t from, std::size_t size) {
  if (from + size + copied_at_once > text.size()) {
    std::memcpy(out, text.data() + from, size);
    return;
  }
  for (std::size_t at = 0; at < size; at += copied_at_once) std::memcpy(out + at, text.data() + from + at, copied_at_once);
}

/// The value of the four hexadecimal digits at `at`, as in an escape `\uXXXX`; nothing if there are not four.
std::optional<std::uint32_t> hex4(std::string_view text, std::size_t at);

/// Whether a token outside of strings is `true`, `false`, `null` or a number, as JSON writes them.
bool is_json_literal(std::string_view token);

/// Without the blanks around it.
inline std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// Case folded for ASCII letters only: names of fields, and values from closed lists.
bool equals_folded(std::string_view a, std::string_view b);

}  // namespace imdswatch
