#include "http/head.h"

#include <gtest/gtest.h>

#include <string>

namespace butter::http {
namespace {

struct EndCase {
  const char* name;
  std::string_view bytes;
  std::size_t expected;
};

constexpr EndCase kEnds[] = {
    {"empty", "", 0},
    {"blank_line_only", "\r\n\r\n", 4},
    {"one_line", "a\r\n\r\n", 5},
    {"body_behind", "GET / HTTP/1.1\r\n\r\nbody\r\n\r\n", 18},
    {"incomplete", "GET / HTTP/1.1\r\nHost: a\r\n\r", 0},
    {"bare_lf", "GET / HTTP/1.1\n\n", 0},
    {"lf_lf_behind_cr", "GET / HTTP/1.1\r\n\nrest", 0},
    {"bare_cr", "GET / HTTP/1.1\r\r\r\r", 0},
    {"cr_cr_lf_crlf", "a\r\r\n\r\n", 6},
    {"lf_crlf_crlf", "a\n\r\n\r\nb", 6},
    {"crlf_lf_crlf_crlf", "a\r\n\n\r\n\r\n", 8},
    {"eight_bit", "\xff\xfe\xfd\xfc\r\n\r\n", 8},
};

TEST(FindHeadEnd, Table) {
  for (const EndCase& c : kEnds) { EXPECT_EQ(find_head_end(c.bytes), c.expected) << c.name; }
}

TEST(FindHeadEnd, ByteWiseArrivalFindsTheSameEnd) {
  for (const EndCase& c : kEnds) {
    std::size_t found = 0;
    for (std::size_t n = 1; n <= c.bytes.size() && found == 0; ++n) {
      found = find_head_end(c.bytes.substr(0, n), n - 1);
    }
    EXPECT_EQ(found, c.expected) << c.name;
  }
}

TEST(HasBareLf, FindsALineWithoutItsCr) {
  EXPECT_FALSE(has_bare_lf(""));
  EXPECT_FALSE(has_bare_lf("GET / HTTP/1.1"));
  EXPECT_FALSE(has_bare_lf("GET / HTTP/1.1\r\nHost: a\r\n"));
  EXPECT_FALSE(has_bare_lf("GET / HTTP/1.1\r"));
  EXPECT_TRUE(has_bare_lf("\n"));
  EXPECT_TRUE(has_bare_lf("GET / HTTP/1.1\n"));
  EXPECT_TRUE(has_bare_lf("GET / HTTP/1.1\r\nHost: a\n"));
  EXPECT_TRUE(has_bare_lf("a\r\n\n"));
}

TEST(HasBareLf, LooksOnlyAtWhatIsNewButKnowsWhatWasBefore) {
  EXPECT_FALSE(has_bare_lf("a\r\n", 2));
  EXPECT_TRUE(has_bare_lf("ab\n", 2));
  EXPECT_FALSE(has_bare_lf("a\nb", 2));
}

TEST(FindHeadEnd, EveryOffset) {
  for (std::size_t n = 0; n < 40; ++n) {
    const std::string bytes = std::string(n, 'x') + "\r\n\r\n" + std::string(n, 'y');
    EXPECT_EQ(find_head_end(bytes), n + 4);
  }
}

}  // namespace
}  // namespace butter::http
