#include <gtest/gtest.h>

#include "http/head.h"

namespace butter::http {
namespace {

TEST(Fields, FindIgnoresCaseAndGivesTheFirst) {
  Fields fields;
  EXPECT_TRUE(fields.add({.name = "X-One", .value = "1"}));
  EXPECT_TRUE(fields.add({.name = "x-one", .value = "2"}));
  ASSERT_NE(fields.find("X-ONE"), nullptr);
  EXPECT_EQ(fields.find("X-ONE")->value, "1");
  EXPECT_EQ(fields.value("x-one"), "1");
  EXPECT_EQ(fields.find("x-on"), nullptr);
  EXPECT_EQ(fields.value("x-two"), "");
}

TEST(Fields, ClearForgets) {
  Fields fields;
  EXPECT_TRUE(fields.add({.name = "a", .value = "b"}));
  fields.clear();
  EXPECT_TRUE(fields.all().empty());
  EXPECT_EQ(fields.find("a"), nullptr);
}

TEST(Fields, AreFullAtTheLimit) {
  Fields fields;
  for (std::size_t i = 0; i < Fields::kMost; ++i) {
    EXPECT_TRUE(fields.add({.name = "a", .value = "b"}));
  }
  EXPECT_FALSE(fields.add({.name = "a", .value = "b"}));
  EXPECT_EQ(fields.all().size(), Fields::kMost);
}

TEST(HopByHop, Names) {
  for (const std::string_view name :
       {"Connection", "connection", "Keep-Alive", "Proxy-Authorization", "proxy-connection",
        "Proxy-Authenticate", "TE", "te", "Trailer", "Transfer-Encoding", "Upgrade"}) {
    EXPECT_TRUE(is_hop_by_hop(name)) << name;
  }
  for (const std::string_view name :
       {"", "Content-Length", "Host", "Proxy", "Tea", "Trailers", "Upgrade-Insecure-Requests",
        "X-Connection", "Connections", "Cookie", "Expect", "User-Agent"}) {
    EXPECT_FALSE(is_hop_by_hop(name)) << name;
  }
}

TEST(HopByHop, NamedByConnection) {
  Fields fields;
  EXPECT_TRUE(fields.add({.name = "Connection", .value = "close, X-Mine"}));
  EXPECT_TRUE(fields.add({.name = "connection", .value = "X-Other"}));
  EXPECT_TRUE(fields.add({.name = "X-Proxy", .value = "X-Not"}));
  EXPECT_TRUE(is_named_by_connection(fields, "x-mine"));
  EXPECT_TRUE(is_named_by_connection(fields, "x-other"));
  EXPECT_FALSE(is_named_by_connection(fields, "x-not"));
  EXPECT_FALSE(is_named_by_connection(fields, "mine"));
}

}  // namespace
}  // namespace butter::http
