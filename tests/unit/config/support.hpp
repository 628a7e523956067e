#pragma once

#include <gtest/gtest.h>

#include <map>

#include "imdswatch/config/config.hpp"

namespace imdswatch::test {

/// Sources that hold only what a test gives them.
inline ConfigSources sources(std::map<std::string, std::string> env = {}, std::map<std::string, std::string> files = {}) {
  ConfigSources out;
  out.env = [env = std::move(env)](const std::string& name) -> std::optional<std::string> {
    const auto found = env.find(name);
    return found == env.end() ? std::nullopt : std::optional<std::string>{found->second};
  };
  out.file = [files = std::move(files)](const std::filesystem::path& path) -> Result<std::string> {
    const auto found = files.find(path.string());
    if (found == files.end()) return Error{Errc::input_unreadable, "cannot be read: No such file or directory"};
    return found->second;
  };
  return out;
}

/// What is wrong with the text; empty if nothing is.
inline std::string errors(std::string_view text, const ConfigSources& from = sources()) {
  const auto config = parse_config(text, "t.yaml", from);
  return config ? "" : config.error().message;
}

inline Config parsed(std::string_view text, const ConfigSources& from = sources()) {
  auto config = parse_config(text, "t.yaml", from);
  EXPECT_TRUE(config.ok()) << (config ? "" : config.error().message);
  return config ? *std::move(config) : Config{};
}

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace imdswatch::test
