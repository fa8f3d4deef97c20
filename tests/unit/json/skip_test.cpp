#include "json/skip.h"

#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <string>
#include <string_view>

namespace butter::json {
namespace {

using Skip = const char* (*)(const char*, const char*) noexcept;

/// How many bytes are stepped over; on the heap, so that a sanitizer sees what is overread.
std::optional<std::size_t> skipped(Skip skip, std::string_view text) {
  const std::string copy(text);
  const char* const behind = skip(copy.data(), copy.data() + copy.size());
  if (behind == nullptr) { return std::nullopt; }
  return static_cast<std::size_t>(behind - copy.data());
}

/// The same, byte by byte.
std::optional<std::size_t> plain_end_of_string(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') { return i + 1; }
    if (text[i] == '\\') { ++i; }
  }
  return std::nullopt;
}

std::optional<std::size_t> plain_end_of_container(std::string_view text) {
  std::size_t depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      const auto inside = plain_end_of_string(text.substr(i + 1));
      if (!inside) { return std::nullopt; }
      i += *inside;
      continue;
    }
    if (c == '{' || c == '[') { ++depth; }
    if ((c == '}' || c == ']') && --depth == 0) { return i + 1; }
  }
  return std::nullopt;
}

TEST(Skip, StringsOfEveryLengthWithWhatFollows) {
  for (std::size_t size = 0; size < 70; ++size) {
    const std::string plain(size, 'x');
    EXPECT_EQ(skipped(end_of_string, plain + R"(","y":"z")"), size + 1);
    EXPECT_EQ(skipped(end_of_string, plain + R"(\"")"), size + 3);
    EXPECT_EQ(skipped(end_of_string, plain + R"(\\")"), size + 3);
    EXPECT_EQ(skipped(end_of_string, plain + R"(\\\"{}")"), size + 7);
    EXPECT_EQ(skipped(end_of_string, plain), std::nullopt);
    EXPECT_EQ(skipped(end_of_string, plain + R"(\)"), std::nullopt);
    EXPECT_EQ(skipped(end_of_string, plain + R"(\")"), std::nullopt);
  }
}

TEST(Skip, ContainersOfEveryLengthWithWhatFollows) {
  for (std::size_t size = 0; size < 140; ++size) {
    const std::string plain(size, ' ');
    const auto end_of = [](std::string_view text) { return skipped(end_of_container, text); };
    EXPECT_EQ(end_of("[" + plain + "]]"), size + 2);
    EXPECT_EQ(end_of("{" + plain + R"("]}\"}":[{}]},)"), size + 14);
    EXPECT_EQ(end_of("[" + plain + R"("\\",["\\\"]"]] )"), size + 16);
    EXPECT_EQ(end_of("[" + plain + R"("\")"), std::nullopt);
    EXPECT_EQ(end_of("[" + plain + R"("]")"), std::nullopt);
    EXPECT_EQ(end_of("[" + plain), std::nullopt);
    EXPECT_EQ(end_of("[[" + plain + "]"), std::nullopt);
  }
}

TEST(Skip, WhatIsLikeAQuoteOrABracketIsNone) {
  std::string bytes = "[";
  for (unsigned c = 0; c < 256; ++c) {
    if (std::string_view("\"\\[]{}").find(static_cast<char>(c)) == std::string_view::npos) {
      bytes += static_cast<char>(c);
    }
  }
  EXPECT_EQ(skipped(end_of_container, bytes + "]"), bytes.size() + 1);
  EXPECT_EQ(skipped(end_of_string, bytes + "\""), bytes.size() + 1);
}

TEST(Skip, AgreesWithSteppingByteByByte) {
  std::mt19937 random(1);
  constexpr std::string_view kBytes = R"("\[]{}ab)";
  for (int round = 0; round < 20000; ++round) {
    std::string text = "[";
    bool inside = false;  // a backslash stands in strings only
    const std::size_t size = random() % 200;
    while (text.size() < size) {
      const char c = kBytes[random() % kBytes.size()];
      if (c == '\\' && !inside) { continue; }
      text += c;
      if (c == '"') { inside = !inside; }
      if (c == '\\') { text += kBytes[random() % 2]; }
    }
    EXPECT_EQ(skipped(end_of_container, text), plain_end_of_container(text)) << text;
    EXPECT_EQ(skipped(end_of_string, text), plain_end_of_string(text)) << text;
  }
}

}  // namespace
}  // namespace butter::json
