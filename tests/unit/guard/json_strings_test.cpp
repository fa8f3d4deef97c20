#include "guard/json_strings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace butter::guard {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> strings_of(std::string_view text) {
  std::vector<std::string> found;
  each_string(text, [&](std::string_view key, std::string_view raw) {
    found.push_back(std::string(key) + '=' + std::string(raw));
  });
  return found;
}

TEST(EachString, IsAValueWithTheKeyBeforeIt) {
  EXPECT_THAT(strings_of(R"({"a":"b","c" : {"d":["e","f"]},"g":1,"h":"\"i\\"})"),
              ElementsAre("a=b", "d=e", "d=f", R"(h=\"i\\)"));
  EXPECT_THAT(strings_of(R"("alone")"), ElementsAre("=alone"));
}

TEST(EachString, HasAnEnd) {
  EXPECT_THAT(strings_of(R"({"a":"b","c":"d)"), ElementsAre("a=b"));
  EXPECT_THAT(strings_of(R"(")"), IsEmpty());
  EXPECT_THAT(strings_of(""), IsEmpty());
}

}  // namespace
}  // namespace butter::guard
