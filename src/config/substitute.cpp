#include "substitute.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "problems.hpp"

namespace imdswatch::config_detail {
namespace {

constexpr std::size_t max_secret_bytes = 64u << 10;
constexpr std::size_t max_reference_bytes = 4096;

Error bad(std::string message) { return {Errc::config_invalid, std::move(message)}; }

/// Where the reference that begins at `at` ends, its brace included; npos if it doesn't.
std::size_t end_of_reference(std::string_view text, std::size_t at) {
  int open = 0;
  for (std::size_t i = at; i < text.size() && i < at + max_reference_bytes; ++i) {
    if (text.substr(i, 2) == "${") ++open;
    if (text[i] == '}' && --open == 0) return i + 1;
  }
  return std::string_view::npos;
}

Result<std::string> from_environment(const std::string& name, const ConfigSources& sources) {
  auto value = sources.env(name);
  if (!value) return bad("${env:" + name + "}: the environment variable " + in_quotes(name) + " is not set");
  return *std::move(value);
}

Result<std::string> from_file(std::string_view written, const ConfigSources& sources, const std::filesystem::path& folder) {
  std::string path(written);
  if (const std::size_t at = path.find("${"); at != std::string::npos) {
    const std::size_t end = end_of_reference(path, at);
    if (path.compare(at, 6, "${env:") != 0 || end == std::string::npos) {
      return bad("${file:" + path + "}: a path may hold ${env:NAME} only");
    }
    auto value = from_environment(path.substr(at + 6, end - at - 7), sources);
    if (!value) return value;
    path.replace(at, end - at, *value);
  }
  auto content = sources.file(folder / path);
  if (!content) return bad("${file:" + std::string(written) + "}: " + content.error().message);
  std::string text = *std::move(content);
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

}  // namespace

Result<Substituted> substitute(std::string_view text, const ConfigSources& sources, const std::filesystem::path& folder) {
  Substituted out;
  for (std::size_t at = 0; at < text.size();) {
    if (text.substr(at, 3) == "$${") {
      out.text += "${";
      at += 3;
      continue;
    }
    if (text.substr(at, 2) != "${") {
      out.text += text[at++];
      continue;
    }
    const std::size_t end = end_of_reference(text, at);
    if (end == std::string_view::npos) return bad("${ without its }; write $${ for the characters ${ themselves");
    const std::string_view inner = text.substr(at + 2, end - at - 3);
    Result<std::string> value = bad("${" + std::string(inner) + "} is not known; allowed are ${env:NAME} and ${file:PATH}, and $${ for ${");
    if (inner.starts_with("env:")) value = from_environment(std::string(inner.substr(4)), sources);
    if (inner.starts_with("file:")) value = from_file(inner.substr(5), sources, folder);
    if (!value) return std::move(value).error();
    out.text += *value;
    out.changed = true;
    at = end;
  }
  return out;
}

Result<std::string> read_text_file(const std::filesystem::path& path, std::size_t max_bytes) {
  const auto unreadable = [](const char* why) { return Error{Errc::input_unreadable, std::string("cannot be read: ") + why}; };
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return unreadable("it is a folder");
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) return unreadable(errno != 0 ? std::strerror(errno) : "unknown error");
  std::string text(max_bytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) return unreadable("input error");
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > max_bytes) return unreadable("it is too large");
  return text;
}

ConfigSources with_defaults(ConfigSources sources) {
  if (!sources.env) {
    sources.env = [](const std::string& name) -> std::optional<std::string> {
      const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): nothing sets variables
      return value == nullptr ? std::nullopt : std::optional<std::string>{value};
    };
  }
  if (!sources.file) sources.file = [](const std::filesystem::path& path) { return read_text_file(path, max_secret_bytes); };
  return sources;
}

}  // namespace imdswatch::config_detail
