#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "config/load.h"

namespace butter::config::test {

using Variables = std::map<std::string, std::string, std::less<>>;

inline Environment environment(Variables variables) {
  return [variables = std::move(variables)](std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) { return std::nullopt; }
    return found->second;
  };
}

inline Loaded load(std::string_view yaml, Variables variables = {}) {
  return load_text(yaml, "c.yaml", environment(std::move(variables)));
}

/// The complaints about `yaml`, a line each.
inline std::string mistakes(std::string_view yaml, Variables variables = {}) {
  const Loaded loaded = load(yaml, std::move(variables));
  EXPECT_NE(loaded.config.has_value(), !loaded.complaints.empty());
  return loaded.error_text();
}

/// The configuration of a `yaml` without mistakes.
inline Config good(std::string_view yaml, Variables variables = {}) {
  Loaded loaded = load(yaml, std::move(variables));
  EXPECT_EQ(loaded.error_text(), "");
  return loaded.config.value_or(Config{});
}

/// Names the tests of a table after the member `name` of its rows.
inline constexpr auto by_name = [](const auto& row) {
  std::string name = row.param.name;
  std::ranges::replace(name, '-', '_');
  return name;
};

inline std::string file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Holds `actual` against a file of the repository; BUTTER_UPDATE_GOLDEN=1 writes the file.
inline void expect_golden(const std::string& name, const std::string& actual) {
  const std::string path = std::string(BUTTER_SOURCE_DIR) + '/' + name;
  if (std::getenv("BUTTER_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << actual;
  }
  EXPECT_EQ(file_text(path), actual) << name << " is old; BUTTER_UPDATE_GOLDEN=1 writes it anew";
}

}  // namespace butter::config::test
