#pragma once

#include <cstddef>
#include <string_view>

namespace imdswatch {

/// Values cut out of a message without parsing the rest of it.

/// The end of the JSON value that begins at `begin`: of a string, a number or literal, or an array; for an object, behind its brace.
/// No more than the message's end, whatever stands there.
std::size_t token_end(std::string_view message, std::size_t begin);
/// Behind the blanks that begin at `at`; the message's end at most.
std::size_t past_blanks(std::string_view message, std::size_t at);
/// Where the value of the key begins whose closing quote stands at `end`.
std::size_t value_begin(std::string_view message, std::size_t end);

}  // namespace imdswatch
