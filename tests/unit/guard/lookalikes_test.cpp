#include "guard/lookalikes.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "json/utf8.h"

namespace butter::guard {
namespace {

TEST(Lookalikes, EachCharacterLooksLikeOneLetter) {
  std::set<std::string> seen;
  std::set<char> letters;
  for (const Lookalikes& row : lookalikes()) {
    EXPECT_TRUE(row.letter >= 'a' && row.letter <= 'z');
    EXPECT_TRUE(letters.insert(row.letter).second) << row.letter;
    for (std::string_view rest = row.characters; !rest.empty();) {
      const std::size_t size = json::utf8_size(rest);
      ASSERT_GT(size, 1U) << row.letter;
      ASSERT_LT(size, 4U) << "not in the basic plane";
      EXPECT_TRUE(seen.emplace(rest.substr(0, size)).second) << rest.substr(0, size);
      rest.remove_prefix(size);
    }
  }
  EXPECT_EQ(letters.size(), 26U);
}

}  // namespace
}  // namespace butter::guard
