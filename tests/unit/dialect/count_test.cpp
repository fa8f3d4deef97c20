#include "dialect/count.h"

#include <gtest/gtest.h>

namespace butter::dialect {
namespace {

TEST(ReadCount, WholeNumbersOnly) {
  const std::pair<std::string_view, std::optional<std::uint64_t>> cases[] = {
      {"0", 0},
      {" 4096 ", 4096},
      {"18446744073709551615", 18446744073709551615U},
      {"18446744073709551616", std::nullopt},
      {"-1", std::nullopt},
      {"1.5", std::nullopt},
      {"\"7\"", std::nullopt},
      {"null", std::nullopt},
      {"", std::nullopt}};
  for (const auto& [text, number] : cases) {
    json::Cursor at(text);
    EXPECT_EQ(read_count(at), number) << text;
  }
}

TEST(ReadCount, StepsOverWhatIsNoNumber) {
  json::Cursor at(R"([{"a":1},7])");
  std::vector<std::uint64_t> numbers;
  at.array([&] { numbers.push_back(read_count(at).value_or(0)); });
  EXPECT_EQ(numbers, (std::vector<std::uint64_t>{0, 7}));
}

}  // namespace
}  // namespace butter::dialect
