#include "http/sse.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

namespace butter::http {
namespace {

struct Scanned {
  std::vector<std::string> blocks;
  std::string rest;
  bool inside = false;
};

Scanned scan(const std::vector<std::string_view>& parts) {
  SseScanner scanner;
  Scanned out;
  for (std::string_view part : parts) {
    while (const std::size_t end = scanner.next_end(part)) {
      out.blocks.push_back(out.rest + std::string(part.substr(0, end)));
      out.rest.clear();
      part.remove_prefix(end);
    }
    out.rest += part;
  }
  out.inside = scanner.inside_event();
  return out;
}

// --- borders
// ------------------------------------------------------------------------------------

struct BorderCase {
  const char* name;
  std::string_view bytes;
  std::vector<std::string> blocks;
  std::string rest;
  bool inside = false;
  friend std::ostream& operator<<(std::ostream& os, const BorderCase& c) { return os << c.name; }
};

const BorderCase kBorders[] = {
    {"nothing", "", {}, ""},
    {"lf", "data: a\n\ndata: b\n\n", {"data: a\n\n", "data: b\n\n"}, ""},
    {"crlf", "data: a\r\n\r\ndata: b\r\n\r\n", {"data: a\r\n\r\n", "data: b\r\n\r\n"}, ""},
    {"cr", "data: a\r\rdata: b\r\r", {"data: a\r\r", "data: b\r\r"}, ""},
    {"lf_then_crlf", "data: a\n\r\nb", {"data: a\n\r\n"}, "b", true},
    {"crlf_then_lf", "data: a\r\n\nb", {"data: a\r\n\n"}, "b", true},
    {"crlf_then_cr", "data: a\r\n\rb", {"data: a\r\n\r"}, "b", true},
    {"cr_then_lf_is_one_line_end", "data: a\r\nb", {}, "data: a\r\nb", true},
    {"lf_then_cr", "data: a\n\rb", {"data: a\n\r"}, "b", true},
    {"cr_then_crlf", "data: a\r\r\nb", {"data: a\r\r\n"}, "b", true},
    {"several_lines", "event: x\ndata: a\n\n: c\n", {"event: x\ndata: a\n\n"}, ": c\n", true},
    {"comment_only", ": ping\n\n", {": ping\n\n"}, ""},
    {"unfinished_line", "data", {}, "data", true},
    {"unfinished_event", "data: a\n", {}, "data: a\n", true},
    {"blank_line_too_many", "a\n\n\nb\n\n", {"a\n\n", "\n", "b\n\n"}, ""},
    {"blank_line_first", "\na\n\n", {"\n", "a\n\n"}, ""},
    {"byte_order_mark",
     "\xEF\xBB\xBF"
     "data: a\n\n",
     {"\xEF\xBB\xBF"
      "data: a\n\n"},
     ""},
};

class SseBorder : public testing::TestWithParam<BorderCase> {};

TEST_P(SseBorder, InOnePiece) {
  const Scanned actual = scan({GetParam().bytes});
  EXPECT_EQ(actual.blocks, GetParam().blocks);
  EXPECT_EQ(actual.rest, GetParam().rest);
  EXPECT_EQ(actual.inside, GetParam().inside);
}

INSTANTIATE_TEST_SUITE_P(Table, SseBorder, testing::ValuesIn(kBorders),
                         [](const auto& row) { return std::string(row.param.name); });

// A CR that ends an event ends it at once, so a LF cut off from it leads the
// next block.
std::vector<std::string> without_leading_lf(std::vector<std::string> blocks) {
  for (std::string& block : blocks) {
    if (block.size() > 1 && block.front() == '\n') { block.erase(0, 1); }
    if (block.ends_with("\r\n")) { block.pop_back(); }
  }
  return blocks;
}

constexpr std::string_view kMixed =
    "\xEF\xBB\xBF"
    "event: a\r\ndata: 1\r\n\r\ndata: 2\rdata: 3\r\r: "
    "c\n\ndata:4\n\r\n\r\ndata\n\n"
    "data: 5\r\n\r\r\n\n\nid: 7\n\ndata: open\r\n";

TEST(SseScanner, CutAnywhereTwiceGivesTheSameBlocks) {
  const Scanned whole = scan({kMixed});
  for (std::size_t i = 0; i <= kMixed.size(); ++i) {
    for (std::size_t j = i; j <= kMixed.size(); ++j) {
      const Scanned cut = scan({kMixed.substr(0, i), kMixed.substr(i, j - i), kMixed.substr(j)});
      ASSERT_EQ(without_leading_lf(cut.blocks), without_leading_lf(whole.blocks)) << i << ' ' << j;
      ASSERT_EQ(cut.inside, whole.inside) << i << ' ' << j;
    }
  }
}

TEST(SseScanner, ByteByByteGivesTheSameBlocks) {
  std::vector<std::string_view> bytes;
  for (std::size_t i = 0; i < kMixed.size(); ++i) { bytes.push_back(kMixed.substr(i, 1)); }
  EXPECT_EQ(without_leading_lf(scan(bytes).blocks), without_leading_lf(scan({kMixed}).blocks));
}

TEST(SseScanner, ALineEndCutOffIsNoEventOfItsOwn) {
  SseScanner scanner;
  EXPECT_EQ(scanner.next_end("data: a\r\n\r"), 10U);
  EXPECT_FALSE(scanner.inside_event());
  EXPECT_EQ(scanner.next_end("\n"), 0U);
  EXPECT_FALSE(scanner.inside_event());
  EXPECT_EQ(scanner.next_end("data: b\r\n\r\n"), 11U);
}

TEST(SseScanner, LongLines) {
  for (const std::size_t length : {511U, 512U, 513U, 1024U, 100000U}) {
    const std::string event = "data: " + std::string(length, 'x') + "\n\n";
    SseScanner scanner;
    EXPECT_EQ(scanner.next_end(event + "data"), event.size()) << length;
  }
}

// --- fields
// -------------------------------------------------------------------------------------

struct FieldCase {
  const char* name;
  std::string_view block;
  std::string_view event{};
  std::string_view data{};
  bool has_data = false;
  bool more_data = false;
  friend std::ostream& operator<<(std::ostream& os, const FieldCase& c) { return os << c.name; }
};

constexpr FieldCase kFields[] = {
    {.name = "empty", .block = ""},
    {.name = "blank_line", .block = "\n"},
    {.name = "data", .block = "data: {\"a\":1}\n\n", .data = "{\"a\":1}", .has_data = true},
    {.name = "data_without_blank", .block = "data:x\n\n", .data = "x", .has_data = true},
    {.name = "data_two_blanks", .block = "data:  x\n\n", .data = " x", .has_data = true},
    {.name = "data_tab_is_kept", .block = "data:\tx\n\n", .data = "\tx", .has_data = true},
    {.name = "data_blank_behind", .block = "data: x \n\n", .data = "x ", .has_data = true},
    {.name = "data_empty", .block = "data:\n\n", .has_data = true},
    {.name = "data_without_colon", .block = "data\n\n", .has_data = true},
    {.name = "data_with_colons", .block = "data: a:b: c\n\n", .data = "a:b: c", .has_data = true},
    {.name = "event_and_data",
     .block = "event: ping\ndata: x\n\n",
     .event = "ping",
     .data = "x",
     .has_data = true},
    {.name = "data_and_event",
     .block = "data: x\nevent: ping\n\n",
     .event = "ping",
     .data = "x",
     .has_data = true},
    {.name = "last_event_name_counts", .block = "event: a\nevent: b\n\n", .event = "b"},
    {.name = "two_data_lines",
     .block = "data: a\ndata: b\n\n",
     .data = "a",
     .has_data = true,
     .more_data = true},
    {.name = "crlf",
     .block = "event: e\r\ndata: x\r\n\r\n",
     .event = "e",
     .data = "x",
     .has_data = true},
    {.name = "cr", .block = "event: e\rdata: x\r\r", .event = "e", .data = "x", .has_data = true},
    {.name = "comment", .block = ": data: x\n\n"},
    {.name = "comment_then_data", .block = ": c\ndata: x\n\n", .data = "x", .has_data = true},
    {.name = "other_fields", .block = "id: 1\nretry: 5\nx: y\n\n"},
    {.name = "case_counts", .block = "Data: x\nEVENT: y\n\n"},
    {.name = "blank_before_field", .block = " data: x\n\n"},
    {.name = "blank_before_colon", .block = "data : x\n\n"},
    {.name = "byte_order_mark",
     .block = "\xEF\xBB\xBF"
              "data: x\n\n",
     .data = "x",
     .has_data = true},
    {.name = "lf_of_the_event_before", .block = "\ndata: x\r\n\r", .data = "x", .has_data = true},
    {.name = "byte_order_mark_behind_the_lf_of_the_event_before",
     .block = "\n\xEF\xBB\xBF"
              "data: x\n\n",
     .data = "x",
     .has_data = true},
    {.name = "no_line_end", .block = "data: x", .data = "x", .has_data = true},
};

class SseFields : public testing::TestWithParam<FieldCase> {};

TEST_P(SseFields, AreRead) {
  const SseEvent actual = parse_sse_event(GetParam().block);
  EXPECT_EQ(actual.name, GetParam().event);
  EXPECT_EQ(actual.data, GetParam().data);
  EXPECT_EQ(actual.has_data, GetParam().has_data);
  EXPECT_EQ(actual.more_data, GetParam().more_data);
}

INSTANTIATE_TEST_SUITE_P(Table, SseFields, testing::ValuesIn(kFields),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace butter::http
