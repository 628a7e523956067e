#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace imdswatch {

/// Simple case folding of UTF-8: ASCII, Latin-1, Latin Extended-A and Additional, Greek, Cyrillic, Armenian, fullwidth
/// letters. Only pairs that NTFS takes as one name: ſ, K and ς stay, else a file named so would pass for another.
/// Bytes that are no UTF-8 stay as they are.
std::string fold_case(std::string_view text);

/// At most `max_bytes` of `text`, ending at a UTF-8 boundary.
std::string_view cut_utf8(std::string_view text, std::size_t max_bytes);

/// Without blanks and double quotes around it.
std::string_view trim(std::string_view text);

}  // namespace imdswatch
