#include "http/body.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

namespace butter::http {
namespace {

using namespace std::string_literals;
using Step = BodyReader::Step;
using Kind = Framing::Kind;

constexpr Framing kChunked{.kind = Kind::chunked, .length = 0};

/// What a reader made of its bytes, fed piece by piece.
struct Outcome {
  std::string body{};
  Step last = Step::need_more;
  std::string left{};  ///< what belongs to the next message
  bool may_end = false;
  friend bool operator==(const Outcome&, const Outcome&) = default;
  friend std::ostream& operator<<(std::ostream& os, const Outcome& o) {
    return os << '"' << o.body << "\" step " << static_cast<int>(o.last) << " left \"" << o.left
              << "\" may_end " << o.may_end;
  }
};

Outcome read_all(Framing framing, const std::vector<std::string>& parts) {
  BodyReader reader(framing);
  Outcome out;
  for (const std::string& part : parts) {
    std::string_view bytes = part;
    if (out.last == Step::done) {
      out.left += part;
      continue;
    }
    std::string_view piece;
    while ((out.last = reader.next(bytes, piece)) == Step::piece) {
      EXPECT_FALSE(piece.empty());
      out.body += piece;
    }
    if (out.last == Step::bad) { break; }
    if (out.last == Step::need_more) { EXPECT_TRUE(bytes.empty()); }
    out.left += bytes;
  }
  EXPECT_EQ(reader.done(), out.last == Step::done);
  out.may_end = reader.may_end_here();
  return out;
}

struct Case {
  const char* name;
  Framing framing;
  std::string bytes;
  Outcome expected;
  friend std::ostream& operator<<(std::ostream& os, const Case& c) { return os << c.name; }
};

Case done(const char* name, const std::string& bytes, const std::string& body,
          const std::string& left = "") {
  return {name, kChunked, bytes, {.body = body, .last = Step::done, .left = left, .may_end = true}};
}

Case more(const char* name, const std::string& bytes, const std::string& body) {
  return {name, kChunked, bytes, {.body = body, .last = Step::need_more}};
}

Case bad(const char* name, const std::string& bytes, const std::string& body = "") {
  return {name, kChunked, bytes, {.body = body, .last = Step::bad}};
}

const Case kCases[] = {
    {"none", {}, "rest", {.last = Step::done, .left = "rest", .may_end = true}},
    {"length_zero",
     {.kind = Kind::length, .length = 0},
     "rest",
     {.last = Step::done, .left = "rest", .may_end = true}},
    {"length",
     {.kind = Kind::length, .length = 3},
     "abcrest",
     {.body = "abc", .last = Step::done, .left = "rest", .may_end = true}},
    {"length_short", {.kind = Kind::length, .length = 9}, "abc", {.body = "abc"}},
    {"length_most", {.kind = Kind::length, .length = ~0ULL}, "abc", {.body = "abc"}},
    {"until_close",
     {.kind = Kind::until_close, .length = 0},
     "abc",
     {.body = "abc", .may_end = true}},
    done("empty_body", "0\r\n\r\nrest", "", "rest"),
    done("one_chunk", "3\r\nabc\r\n0\r\n\r\n", "abc"),
    done("two_chunks", "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\nX", "abcde", "X"),
    done("hex_both_cases", "A\r\n0123456789\r\nb\r\n0123456789a\r\n0\r\n\r\n",
         "01234567890123456789a"),
    done("data_looks_like_framing", "9\r\n0\r\n\r\n0\r\n\r\r\n0\r\n\r\n", "0\r\n\r\n0\r\n\r"),
    done("leading_zeros", "0000000000000003\r\nabc\r\n0000000000000000\r\n\r\n", "abc"),
    done("extension", "3;a=b\r\nabc\r\n0;c\r\n\r\n", "abc"),
    done("extension_with_blanks_and_quotes", "3; a = \"x y;z\"\r\nabc\r\n0\r\n\r\n", "abc"),
    done("extension_longest", "3;" + std::string(256, 'x') + "\r\nabc\r\n0\r\n\r\n", "abc"),
    done("trailer", "3\r\nabc\r\n0\r\nX-Sum: 1\r\nY:\r\n\r\nrest", "abc", "rest"),
    done("trailer_with_obs_text", "0\r\nX: \xc3\xa4\t\r\n\r\n", ""),
    more("nothing_yet", "", ""),
    more("size_only", "3", ""),
    more("size_line_only", "3\r\n", ""),
    more("largest_size", "ffffffffffffffff\r\nabc", "abc"),
    more("no_last_chunk", "3\r\nabc\r\n", "abc"),
    more("no_last_crlf", "3\r\nabc\r\n0\r\n", "abc"),
    more("half_of_last_crlf", "3\r\nabc\r\n0\r\n\r", "abc"),
    more("trailer_unfinished", "0\r\nX: y\r\n", ""),
    bad("no_size", "\r\nabc"),
    bad("sign_plus", "+3\r\nabc\r\n"),
    bad("sign_minus", "-3\r\nabc\r\n"),
    bad("hex_prefix", "0x3\r\nabc\r\n"),
    bad("letter_g", "g\r\n"),
    bad("seventeen_digits", "00000000000000003\r\n"),
    bad("overflow", "fffffffffffffffff\r\n"),
    bad("blank_before_size", " 3\r\nabc\r\n"),
    bad("blank_behind_size", "3 \r\nabc\r\n"),
    bad("tab_behind_size", "3\t\r\nabc\r\n"),
    bad("blank_before_extension", "3 ;a\r\nabc\r\n"),
    bad("underscore", "1_0\r\n"),
    bad("size_bare_lf", "3\nabc\r\n"),
    bad("size_bare_cr", "3\rabc\r\n"),
    bad("size_cr_cr_lf", "3\r\r\nabc\r\n"),
    bad("extension_empty", "3;\r\nabc\r\n"),
    bad("extension_bare_lf", "3;a\nabc\r\n"),
    bad("extension_lf_in_name", "3;a\n0\r\n\r\n"),
    bad("extension_bare_cr", "3;a\rb\r\nabc\r\n"),
    bad("extension_nul", "3;a\0\r\nabc\r\n"s),
    bad("extension_tab", "3;\ta\r\nabc\r\n"),
    bad("extension_del", "3;\x7f\r\nabc\r\n"),
    bad("extension_eight_bit", "3;\xc3\xa4\r\nabc\r\n"),
    bad("extension_too_long", "3;" + std::string(257, 'x') + "\r\nabc\r\n"),
    bad("data_too_long", "3\r\nabcd\r\n", "abc"),
    bad("data_without_crlf", "3\r\nabc0\r\n\r\n", "abc"),
    bad("data_bare_lf", "3\r\nabc\n0\r\n\r\n", "abc"),
    bad("data_cr_cr", "3\r\nabc\r\r\n0\r\n\r\n", "abc"),
    bad("data_empty_line", "3\r\nabc\r\n\r\n0\r\n\r\n", "abc"),
    bad("last_chunk_bare_lf", "0\n\r\n"),
    bad("end_bare_lf", "0\r\n\n"),
    bad("end_cr_other", "0\r\n\rX"),
    bad("trailer_folded", "0\r\nX: y\r\n z\r\n\r\n"),
    bad("trailer_first_folded", "0\r\n X: y\r\n\r\n"),
    bad("trailer_without_colon", "0\r\nGET / HTTP/1.1\r\n\r\n"),
    bad("trailer_no_colon_at_all", "0\r\nabc\r\n\r\n"),
    bad("trailer_without_name", "0\r\n: y\r\n\r\n"),
    bad("trailer_blank_before_colon", "0\r\nX : y\r\n\r\n"),
    bad("trailer_bare_lf", "0\r\nX: y\n\r\n"),
    bad("trailer_bare_cr", "0\r\nX: y\rz\r\n\r\n"),
    bad("trailer_nul", "0\r\nX: \0\r\n\r\n"s),
    bad("trailer_too_long", "0\r\nX: " + std::string(8192, 'y')),
    bad("trailers_too_many",
        [] {
          std::string bytes = "0\r\n";
          for (int i = 0; i < 2000; ++i) { bytes += "X: y\r\n"; }
          return bytes;
        }()),
};

class Body : public testing::TestWithParam<Case> {};

TEST_P(Body, InOnePiece) {
  EXPECT_EQ(read_all(GetParam().framing, {GetParam().bytes}), GetParam().expected);
}

TEST_P(Body, ByteByByte) {
  std::vector<std::string> parts;
  for (const char c : GetParam().bytes) { parts.emplace_back(1, c); }
  Outcome expected = GetParam().expected;
  EXPECT_EQ(read_all(GetParam().framing, parts), expected);
}

TEST_P(Body, CutAnywhereOnce) {
  const std::string& bytes = GetParam().bytes;
  // The long rows repeat one byte: cuts in their first part are enough.
  for (std::size_t cut = 0; cut <= std::min<std::size_t>(bytes.size(), 300); ++cut) {
    EXPECT_EQ(read_all(GetParam().framing, {bytes.substr(0, cut), bytes.substr(cut)}),
              GetParam().expected)
        << "cut at " << cut;
  }
}

INSTANTIATE_TEST_SUITE_P(Table, Body, testing::ValuesIn(kCases),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(BodyReader, IsDoneWhenMadeWithoutFraming) {
  BodyReader reader;
  std::string_view bytes = "x";
  std::string_view piece;
  EXPECT_TRUE(reader.done());
  EXPECT_TRUE(reader.may_end_here());
  EXPECT_EQ(reader.next(bytes, piece), Step::done);
  EXPECT_EQ(bytes, "x");
}

TEST(BodyReader, IsDoneWithTheLastByteOfALength) {
  BodyReader reader({.kind = Kind::length, .length = 5});
  std::string_view bytes = "abc";
  std::string_view piece;
  EXPECT_EQ(reader.remaining(), 5U);
  EXPECT_EQ(reader.next(bytes, piece), Step::piece);
  EXPECT_EQ(reader.remaining(), 2U);
  EXPECT_EQ(reader.next(bytes, piece), Step::need_more);
  EXPECT_FALSE(reader.done());
  EXPECT_FALSE(reader.may_end_here());
  bytes = "dexyz";
  EXPECT_EQ(reader.next(bytes, piece), Step::piece);
  EXPECT_EQ(piece, "de");
  EXPECT_TRUE(reader.done());
  EXPECT_EQ(reader.remaining(), 0U);
}

TEST(BodyReader, PiecesAreViewsIntoTheGivenBytes) {
  const std::string stream = "3\r\nabc\r\n0\r\n\r\n";
  BodyReader reader(kChunked);
  std::string_view bytes = stream;
  std::string_view piece;
  ASSERT_EQ(reader.next(bytes, piece), Step::piece);
  EXPECT_EQ(piece.data(), stream.data() + 3);
  EXPECT_EQ(reader.remaining(), 0U);  // of a length only
}

TEST(BodyReader, RefusesExtensionsWhenAskedTo) {
  const auto last_step = [](std::string_view bytes) {
    BodyReader reader(kChunked, ChunkExtensions::refused);
    std::string_view piece;
    Step step = Step::piece;
    while (step == Step::piece) { step = reader.next(bytes, piece); }
    return step;
  };
  EXPECT_EQ(last_step("3\r\nabc\r\n0\r\nX: a;b\r\n\r\n"), Step::done);
  EXPECT_EQ(last_step("3;a=b\r\nabc\r\n0\r\n\r\n"), Step::bad);
  EXPECT_EQ(last_step("3\r\nabc\r\n0;c\r\n\r\n"), Step::bad);
}

TEST(BodyReader, StaysBad) {
  BodyReader reader(kChunked);
  std::string_view bytes = "x";
  std::string_view piece;
  EXPECT_EQ(reader.next(bytes, piece), Step::bad);
  bytes = "0\r\n\r\n";
  EXPECT_EQ(reader.next(bytes, piece), Step::bad);
  EXPECT_FALSE(reader.done());
  EXPECT_FALSE(reader.may_end_here());
}

}  // namespace
}  // namespace butter::http
