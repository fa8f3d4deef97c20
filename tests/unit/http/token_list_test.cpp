#include "http/token_list.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace butter::http {
namespace {

TEST(TokenList, TakesElements) {
  std::string_view list = " a ,\tb,,c";
  std::vector<std::string> elements;
  while (!list.empty()) { elements.emplace_back(take_element(list)); }
  EXPECT_EQ(elements, (std::vector<std::string>{"a", "b", "", "c"}));
  EXPECT_EQ(take_element(list), "");
}

TEST(TokenList, HasToken) {
  EXPECT_TRUE(has_token("close", "close"));
  EXPECT_TRUE(has_token("keep-alive, Close", "close"));
  EXPECT_TRUE(has_token(",,close ,", "CLOSE"));
  EXPECT_FALSE(has_token("", "close"));
  EXPECT_FALSE(has_token("closed, enclose", "close"));
  EXPECT_FALSE(has_token("close x", "close"));
}

}  // namespace
}  // namespace butter::http
