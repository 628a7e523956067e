#include <string>
#include <string_view>
#include <vector>

#include "imdswatch/base/limits.hpp"
#include "imdswatch/sieve/signature.hpp"
#include "strip.hpp"
#include "text.hpp"

namespace imdswatch {
namespace {

struct Rooted {
  std::string root = "\\";              ///< "c:\", "\\" before a server's name, or a single backslash
  std::vector<std::string_view> parts;  ///< what follows, separated at any number of slashes
  std::size_t keep = 0;                 ///< so many first parts stay as they are
};

bool is_separator(char c) { return c == '\\' || c == '/'; }

std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> parts;
  for (std::size_t i = 0; i < path.size();) {
    while (i < path.size() && is_separator(path[i])) ++i;
    const std::size_t from = i;
    while (i < path.size() && !is_separator(path[i])) ++i;
    if (i > from) parts.push_back(path.substr(from, i - from));
  }
  return parts;
}

bool is_drive(std::string_view part) { return part.size() == 2 && part[1] == ':' && part[0] >= 'a' && part[0] <= 'z'; }

/// "harddiskvolume3", but not "harddiskvolumeshadowcopy3".
bool is_volume(std::string_view part) {
  constexpr std::string_view prefix = "harddiskvolume";
  if (!part.starts_with(prefix) || part.size() == prefix.size()) return false;
  return part.find_first_not_of("0123456789", prefix.size()) == std::string_view::npos;
}

/// Takes what names the root off the parts. Device volumes have no letter in the event: they are taken for the system drive,
/// where nearly all programs lie. Letters stay: a mounted image's `e:\windows\system32` must not pass for the real one.
Rooted find_root(std::string_view folded) {
  Rooted out;
  out.parts = split(folded);
  auto& parts = out.parts;
  bool network = folded.size() > 2 && is_separator(folded[0]) && is_separator(folded[1]);
  const auto drop = [&](std::size_t count) { parts.erase(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(count)); };
  const auto is = [&](std::size_t i, std::string_view text) { return i < parts.size() && parts[i] == text; };

  if (is(0, "?") || is(0, "??") || (network && is(0, "."))) {
    drop(1);
    network = is(0, "unc");
    if (is(0, "unc") || is(0, "globalroot")) drop(1);
  }
  if (is(0, "device") && parts.size() > 1 && (is_volume(parts[1]) || parts[1] == "bootdevice")) {
    drop(2);
    out.root = "c:\\";
  } else if (is(0, "device") && is(1, "mup")) {
    drop(2);
    network = true;
  } else if (is(0, "systemroot") || is(0, "%systemroot%") || is(0, "%windir%")) {
    parts[0] = "windows";
    out.root = "c:\\";
  } else if (!parts.empty() && parts[0].starts_with("volume{")) {
    drop(1);
    out.root = "c:\\";
  } else if (!parts.empty() && is_drive(parts[0])) {
    out.root = std::string{parts[0]} + "\\";
    drop(1);
  }
  if (network && out.root.size() == 1) {
    out.root = "\\\\";
    out.keep = 1;
  }
  return out;
}

bool is_home(const std::vector<std::string>& done, std::string_view part) {
  return done.size() == 1 && ((done[0] == "users" && part != "public") ||
                              (done[0] == "documents and settings" && part != "all users"));
}

std::vector<std::string> normalise_parts(const Rooted& path) {
  std::vector<std::string> done;
  for (const std::string_view part : path.parts) {
    if (part == ".") continue;
    if (part == "..") {
      if (done.size() > path.keep) done.pop_back();
    } else if (is_home(done, part)) {
      done.front() = "users";
      done.emplace_back("~");
    } else {
      std::string kept = done.size() < path.keep ? std::string{part} : strip_changing(part);
      if (!kept.empty() && kept != "." && kept != "..") done.push_back(std::move(kept));
    }
  }
  return done;
}

/// The length of the name without an extension: at most four letters and digits, a letter first, behind the last dot.
std::size_t stem_length(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return name.size();
  const std::string_view extension = name.substr(dot + 1);
  if (extension.empty() || extension.size() > 4 || extension[0] < 'a' || extension[0] > 'z') return name.size();
  return extension.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == std::string_view::npos ? dot : name.size();
}

}  // namespace

std::string normalise_name(std::string_view process_name) {
  std::string_view name = process_name;  // blanks and all: Windows tells ` svchost.exe` from `svchost.exe`
  if (const std::size_t slash = name.find_last_of("\\/"); slash != std::string_view::npos && slash + 1 < name.size()) {
    name.remove_prefix(slash + 1);
  }
  const std::string folded = fold_case(cut_utf8(name, limits::max_field_bytes));
  const std::size_t stem = stem_length(folded);
  std::string out = strip_changing(std::string_view{folded}.substr(0, stem));
  if (out.empty()) {
    out = folded;  // nothing but a version or a GUID: strange enough to be kept apart
  } else {
    out.append(folded, stem);
  }
  return std::string{cut_utf8(out, limits::max_name_bytes)};
}

std::string normalise_folder(std::string_view executable) {
  const std::string folded = fold_case(cut_utf8(executable, limits::max_field_bytes));
  const std::size_t slash = folded.find_last_of("\\/");
  if (slash == std::string::npos) return {};
  const Rooted path = find_root(std::string_view{folded}.substr(0, slash + 1));
  std::string out = path.root;
  for (const std::string& part : normalise_parts(path)) out.append(part).append("\\");
  return out;
}

}  // namespace imdswatch
