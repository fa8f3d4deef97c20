#include "gateway/headers.h"

#include <gtest/gtest.h>

#include <ostream>

#include "unit/gateway/setup.h"

namespace butter::gateway {
namespace {

enum class Goes : std::uint8_t { nowhere, upstream, as_credential };

std::ostream& operator<<(std::ostream& os, Goes goes) {
  return os << static_cast<int>(goes);
}

struct Forwarded {
  std::string_view name;
  Goes below_v1;
  Goes native;
};

const Forwarded kForwarded[] = {
    {"Accept", Goes::upstream, Goes::upstream},
    {"CONTENT-TYPE", Goes::upstream, Goes::upstream},
    {"content-encoding", Goes::upstream, Goes::upstream},
    {"user-agent", Goes::upstream, Goes::upstream},
    {"Idempotency-Key", Goes::upstream, Goes::upstream},
    {"traceparent", Goes::upstream, Goes::upstream},
    {"tracestate", Goes::upstream, Goes::upstream},
    {"baggage", Goes::upstream, Goes::upstream},
    {"HTTP-Referer", Goes::upstream, Goes::upstream},
    {"X-Title", Goes::upstream, Goes::upstream},
    {"x-goog-user-project", Goes::upstream, Goes::upstream},
    {"x-request-id", Goes::upstream, Goes::upstream},
    {"X-Client-Request-Id", Goes::upstream, Goes::upstream},
    {"OpenAI-Organization", Goes::upstream, Goes::upstream},
    {"openai-beta", Goes::upstream, Goes::upstream},
    {"X-Stainless-Retry-Count", Goes::upstream, Goes::upstream},
    {"anthropic-version", Goes::upstream, Goes::upstream},
    {"anthropic-dangerous-direct-browser-access", Goes::upstream, Goes::upstream},

    {"X-Custom", Goes::nowhere, Goes::upstream},
    {"Range", Goes::nowhere, Goes::upstream},
    {"Origin", Goes::nowhere, Goes::upstream},
    {"openai", Goes::nowhere, Goes::upstream},
    {"accept-language", Goes::nowhere, Goes::upstream},
    {"a", Goes::nowhere, Goes::upstream},

    {"Host", Goes::nowhere, Goes::nowhere},
    {"Content-Length", Goes::nowhere, Goes::nowhere},
    {"Transfer-Encoding", Goes::nowhere, Goes::nowhere},
    {"Connection", Goes::nowhere, Goes::nowhere},
    {"Keep-Alive", Goes::nowhere, Goes::nowhere},
    {"Upgrade", Goes::nowhere, Goes::nowhere},
    {"TE", Goes::nowhere, Goes::nowhere},
    {"Expect", Goes::nowhere, Goes::nowhere},
    {"Accept-Encoding", Goes::nowhere, Goes::nowhere},
    {"X-Real-IP", Goes::nowhere, Goes::nowhere},
    {"X-Forwarded-For", Goes::nowhere, Goes::nowhere},
    {"X-Butter-Anything", Goes::nowhere, Goes::nowhere},

    {"Authorization", Goes::as_credential, Goes::as_credential},
    {"x-api-key", Goes::as_credential, Goes::as_credential},
    {"api-key", Goes::as_credential, Goes::as_credential},
    {"x-goog-api-key", Goes::as_credential, Goes::as_credential},
    {"Cookie", Goes::as_credential, Goes::as_credential},
};

Goes where_it_goes(std::string_view name, ForwardRule rule) {
  Buffer out, credentials;
  write_forwarded(out, credentials, test::fields_of({{name, "a value"}}), rule);
  const std::string line = std::string(name) + ": a value\r\n";
  EXPECT_TRUE(out.empty() || out.view() == line) << out.view();
  EXPECT_TRUE(credentials.empty() || credentials.view() == line) << credentials.view();
  EXPECT_TRUE(out.empty() || credentials.empty()) << name;
  return !out.empty() ? Goes::upstream : credentials.empty() ? Goes::nowhere : Goes::as_credential;
}

TEST(Headers, OfAClientGoWhereTheyBelong) {
  for (const Forwarded& row : kForwarded) {
    EXPECT_EQ(where_it_goes(row.name, ForwardRule::allowlist), row.below_v1) << row.name;
    EXPECT_EQ(where_it_goes(row.name, ForwardRule::everything), row.native) << row.name;
  }
}

TEST(Headers, OfAClientKeepTheirOrderAndRepetitions) {
  Buffer out, credentials;
  write_forwarded(out, credentials,
                  test::fields_of({{"accept", "a"},
                                   {"cookie", "c"},
                                   {"baggage", "1"},
                                   {"host", "h"},
                                   {"baggage", "2"},
                                   {"x-api-key", "k"}}),
                  ForwardRule::allowlist);
  EXPECT_EQ(out.view(), "accept: a\r\nbaggage: 1\r\nbaggage: 2\r\n");
  EXPECT_EQ(credentials.view(), "cookie: c\r\nx-api-key: k\r\n");
}

TEST(Headers, NamedByTheClientsConnectionStayHere) {
  Buffer out, credentials;
  write_forwarded(out, credentials,
                  test::fields_of({{"connection", "close, X-Hop, Authorization"},
                                   {"x-hop", "1"},
                                   {"x-end", "2"},
                                   {"authorization", "Bearer k"}}),
                  ForwardRule::everything);
  EXPECT_EQ(out.view(), "x-end: 2\r\n");
  EXPECT_EQ(credentials.view(), "");
}

struct Relayed {
  std::string_view name;
  bool relayed;
};

const Relayed kRelayed[] = {
    {"Content-Type", true},
    {"content-encoding", true},
    {"Cache-Control", true},
    {"x-ratelimit-remaining", true},
    {"retry-after", true},
    {"openai-version", true},
    {"Date", true},
    {"server", true},
    {"cf-ray", true},
    {"Location", true},
    {"WWW-Authenticate", true},
    {"x-should-retry", true},

    {"Content-Length", false},
    {"Transfer-Encoding", false},
    {"Connection", false},
    {"Keep-Alive", false},
    {"Upgrade", false},
    {"Trailer", false},
    {"Set-Cookie", false},
    {"alt-svc", false},
    {"Strict-Transport-Security", false},
    {"x-butter-provider", false},
    {"X-Butter-New", false},
};

TEST(Headers, OfAnAnswerAreFiltered) {
  for (const Relayed& row : kRelayed) {
    Buffer out;
    write_relayed(out, test::fields_of({{row.name, "v"}}), {});
    EXPECT_EQ(out.view(), row.relayed ? std::string(row.name) + ": v\r\n" : "");
  }
}

TEST(Headers, NamedByTheAnswersConnectionStayHere) {
  Buffer out;
  write_relayed(out, test::fields_of({{"x-hop", "1"}, {"x-end", "2"}, {"connection", "x-hop"}}),
                {});
  EXPECT_EQ(out.view(), "x-end: 2\r\n");
}

TEST(Headers, TheUpstreamsRequestIdIsRenamedOrKept) {
  const http::Fields fields = test::fields_of({{"X-Request-Id", "up-1"}});
  Buffer kept, renamed;
  write_relayed(kept, fields, {});
  write_relayed(renamed, fields, {.keep_request_id = false});
  EXPECT_EQ(kept.view(), "X-Request-Id: up-1\r\n");
  EXPECT_EQ(renamed.view(), "x-butter-upstream-request-id: up-1\r\n");
}

TEST(Headers, OfATranslatedAnswerAreNotThoseOfItsBody) {
  Buffer out;
  write_relayed(out,
                test::fields_of({{"Content-Type", "application/json"},
                                 {"content-encoding", "identity"},
                                 {"retry-after", "1"}}),
                {.keep_type = false});
  EXPECT_EQ(out.view(), "retry-after: 1\r\n");
}

struct Text {
  const char* name;
  std::string text;
  bool sane_id;  ///< may be echoed as a request id
  bool written;  ///< by write_visible_field
  friend std::ostream& operator<<(std::ostream& os, const Text& t) { return os << t.name; }
};

const Text kTexts[] = {
    {"plain", "req_1-a.B", true, true},
    {"all_visible", "!~{}\"':/?", true, true},
    {"empty", "", false, false},
    {"blank", "a b", false, false},
    {"tab", "a\tb", false, false},
    {"carriage_return", "a\rb", false, false},
    {"line_feed", "a\nSet-Cookie: x=1", false, false},
    {"nul", std::string("a\0b", 3), false, false},
    {"delete", "a\x7f", false, false},
    {"not_ascii", "gpt-\xc3\xa9", false, false},
    {"longest_id", std::string(128, 'x'), true, true},
    {"too_long_an_id", std::string(129, 'x'), false, true},
    {"longest_value", std::string(256, 'x'), false, true},
    {"too_long_a_value", std::string(257, 'x'), false, false},
};

class TextTest : public testing::TestWithParam<Text> {};

TEST_P(TextTest, CannotBreakOutOfAField) {
  const Text& t = GetParam();
  EXPECT_EQ(is_sane_request_id(t.text), t.sane_id);
  Buffer out;
  write_visible_field(out, "x-name", t.text);
  EXPECT_EQ(out.view(), t.written ? "x-name: " + t.text + "\r\n" : "");
}

INSTANTIATE_TEST_SUITE_P(All, TextTest, testing::ValuesIn(kTexts), test::name_of);

constexpr std::string_view kLines = "X-A: 1\r\ncontent-type:  text \r\nx-a: 2\r\n";

TEST(HeaderLines, AValueIsFoundWithoutRegardToCase) {
  EXPECT_EQ(value_in(kLines, "x-a"), "1");
  EXPECT_EQ(value_in(kLines, "Content-Type"), "text");
  EXPECT_EQ(value_in(kLines, "x"), std::nullopt);
  EXPECT_EQ(value_in("", "x"), std::nullopt);
}

TEST(HeaderLines, AllOfANameAreErased) {
  Buffer lines;
  lines.append(kLines);
  erase_lines(lines, "x-A");
  EXPECT_EQ(lines.view(), "content-type:  text \r\n");
  erase_lines(lines, "none");
  EXPECT_EQ(lines.view(), "content-type:  text \r\n");
  erase_lines(lines, "content-type");
  EXPECT_TRUE(lines.empty());
}

TEST(HeaderLines, OneIsSetInThePlaceOfAll) {
  Buffer lines;
  lines.append(kLines);
  set_line(lines, "x-a", "3");
  set_line(lines, "x-b", "4");
  EXPECT_EQ(lines.view(), "content-type:  text \r\nx-a: 3\r\nx-b: 4\r\n");
}

}  // namespace
}  // namespace butter::gateway
