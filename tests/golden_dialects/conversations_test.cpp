#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "golden_dialects/replay.h"

namespace butter::golden {
namespace {

const std::filesystem::path kFolder = BUTTER_SOURCE_DIR "/tests/golden/dialects";

std::string file_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> golden_files() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kFolder)) {
    if (entry.path().extension() == ".golden") {
      names.push_back(std::filesystem::relative(entry.path(), kFolder).string());
    }
  }
  std::ranges::sort(names);
  return names;
}

class Conversations : public testing::TestWithParam<std::string> {};

TEST_P(Conversations, AreAsTheirFileSays) {
  const std::filesystem::path path = kFolder / GetParam();
  const std::string text = file_text(path);
  const std::string made = replay(GoldenFile::parse(text)).text();
  const char* const mode = std::getenv("BUTTER_GOLDEN");
  if (mode != nullptr && std::string_view(mode) == "write") {
    std::ofstream(path, std::ios::binary) << made;
    return;
  }
  EXPECT_EQ(text, made) << "BUTTER_GOLDEN=write writes the made sections anew";
}

INSTANTIATE_TEST_SUITE_P(Dialects, Conversations, testing::ValuesIn(golden_files()),
                         [](const testing::TestParamInfo<std::string>& row) {
                           std::string name = row.param.substr(0, row.param.rfind('.'));
                           std::ranges::replace_if(
                               name, [](char c) { return c == '/' || c == '-' || c == '.'; }, '_');
                           return name;
                         });

TEST(GoldenFile, KeepsWhatItReads) {
  constexpr std::string_view kText =
      "# a comment\ncaller: chat\n\n=== request\n{\"a\":1}\n\n=== dropped\nx\ny\n";
  const GoldenFile file = GoldenFile::parse(kText);
  EXPECT_EQ(file.key("caller"), "chat");
  EXPECT_EQ(file.key("provider"), "");
  ASSERT_EQ(file.sections.size(), 2U);
  EXPECT_EQ(file.sections[0].body, "{\"a\":1}");
  EXPECT_EQ(file.sections[1].body, "x\ny");
  EXPECT_EQ(file.text(), kText);
}

TEST(GoldenFile, LaysOutWhatIsTooLongForALine) {
  EXPECT_EQ(laid_out("{\"a\":[1,2]}"), "{\"a\":[1,2]}");
  const std::string item(60, '7');
  EXPECT_EQ(laid_out("{\"a\":[" + item + ',' + item + "],\"b\":{}}"),
            "{\n  \"a\": [\n    " + item + ",\n    " + item + "\n  ],\n  \"b\": {}\n}");
  EXPECT_EQ(laid_out("{} {}"), "not JSON: {} {}");
}

}  // namespace
}  // namespace butter::golden
