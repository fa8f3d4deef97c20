#include "redis/reply.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace butter::redis {
namespace {

using namespace std::string_view_literals;

/// A reply as text: +OK, -ERR x, :1, "text", nil, [..].
std::string shown(const Reply& reply) {
  switch (reply.kind) {
    case Reply::Kind::nil: return "nil";
    case Reply::Kind::status: return "+" + std::string(reply.text);
    case Reply::Kind::error: return "-" + std::string(reply.text);
    case Reply::Kind::integer: return ":" + std::to_string(reply.integer);
    case Reply::Kind::text: return '"' + std::string(reply.text) + '"';
    case Reply::Kind::array: break;
  }
  std::string out = "[";
  for (const Reply& item : reply.items) { out += (out.size() > 1 ? "," : "") + shown(item); }
  return out + "]";
}

struct Row {
  const char* name;
  std::string bytes;
  std::optional<std::string> reply;  ///< nullopt = bad
};

class ParseReply : public testing::TestWithParam<Row> {};

const Row kRows[] = {
    {"status", "+OK\r\n", "+OK"},
    {"empty_status", "+\r\n", "+"},
    {"error", "-NOSCRIPT No matching script\r\n", "-NOSCRIPT No matching script"},
    {"integer", ":1732462735123456\r\n", ":1732462735123456"},
    {"negative", ":-7\r\n", ":-7"},
    {"text", "$5\r\nhello\r\n", "\"hello\""},
    {"binary", std::string("$4\r\n\r\n\0\xff\r\n"sv), std::string("\"\r\n\0\xff\""sv)},
    {"empty_text", "$0\r\n\r\n", "\"\""},
    {"nil", "$-1\r\n", "nil"},
    {"nil_array", "*-1\r\n", "nil"},
    {"empty_array", "*0\r\n", "[]"},
    {"array", "*3\r\n:1\r\n$1\r\na\r\n*1\r\n$-1\r\n", "[:1,\"a\",[nil]]"},
    {"no_type", "hello\r\n", std::nullopt},
    {"http", "HTTP/1.1 400 Bad Request\r\n", std::nullopt},
    {"version_3", "%1\r\n+a\r\n:1\r\n", std::nullopt},
    {"empty_line", "\r\n", std::nullopt},
    {"no_number", ":\r\n", std::nullopt},
    {"not_a_number", ":1x\r\n", std::nullopt},
    {"too_large_a_number", ":9223372036854775808\r\n", std::nullopt},
    {"negative_size", "$-2\r\n", std::nullopt},
    {"text_without_its_end", "$2\r\nabc\r\n", std::nullopt},
    {"too_large_a_text", "$67108865\r\n", std::nullopt},
    {"too_many_items", "*4097\r\n", std::nullopt},
    {"too_many_items_in_all", "*2\r\n*4095\r\n", std::nullopt},
    {"too_deep", "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n", std::nullopt},
    {"too_long_a_line", "+" + std::string(70'000, 'x'), std::nullopt},
};

TEST_P(ParseReply, FromAnyPartOfIt) {
  const Row& row = GetParam();
  Reply reply;
  std::size_t size = 1;
  if (!row.reply) {
    EXPECT_EQ(parse_reply(row.bytes, reply, size), Parsed::bad);
    EXPECT_EQ(size, 0U);
    return;
  }
  for (std::size_t cut = 0; cut < row.bytes.size(); ++cut) {
    EXPECT_EQ(parse_reply(row.bytes.substr(0, cut), reply, size), Parsed::more) << cut;
  }
  const std::string more = row.bytes + "+next";
  ASSERT_EQ(parse_reply(more, reply, size), Parsed::whole);
  EXPECT_EQ(size, row.bytes.size());
  EXPECT_EQ(shown(reply), *row.reply);
}

INSTANTIATE_TEST_SUITE_P(Rows, ParseReply, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Reply, AnItemThatIsNotThereIsZero) {
  Reply reply;
  std::size_t size = 0;
  ASSERT_EQ(parse_reply("*2\r\n:7\r\n+x\r\n", reply, size), Parsed::whole);
  EXPECT_EQ(reply.integer_at(0), 7);
  EXPECT_EQ(reply.integer_at(1), 0);
  EXPECT_EQ(reply.integer_at(2), 0);
}

}  // namespace
}  // namespace butter::redis
