#include "guard/phrases.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace butter::guard {
namespace {

TEST(Phrases, AreThoseOfTheCategories) {
  std::map<std::string_view, int> counts;
  for (const Phrase& phrase : default_phrases()) { ++counts[phrase.category]; }
  const std::map<std::string_view, int> expected = {
      {"instruction_override", 10}, {"role_override", 9},   {"jailbreak", 10},
      {"prompt_extraction", 10},    {"boundary_bypass", 9}, {"persona_injection", 7},
      {"encoding_attack", 6}};
  EXPECT_EQ(counts, expected);
}

TEST(Phrases, AreDifferentAndSmall) {
  std::set<std::string_view> seen;
  for (const Phrase& phrase : default_phrases()) {
    EXPECT_TRUE(seen.insert(phrase.text).second) << phrase.text;
    EXPECT_FALSE(phrase.text.contains("  ")) << phrase.text;
    for (const char c : phrase.text) { EXPECT_FALSE(c >= 'A' && c <= 'Z') << phrase.text; }
  }
  EXPECT_EQ(seen.size(), 61U);
}

}  // namespace
}  // namespace butter::guard
