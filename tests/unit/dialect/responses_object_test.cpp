#include "dialect/responses_object.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/cursor.h"

namespace butter::dialect {
namespace {

using testing::HasSubstr;

std::string object(ResponseStatus status, std::string_view output = "",
                   const Usage* usage = nullptr, const AnswerError* error = nullptr) {
  Buffer out;
  ResponseObject({.model = "a \"model\"", .now = 5}, "resp_1")
      .write(status, output, usage, error, out);
  json::Cursor cursor(out.view());
  cursor.skip_value();
  EXPECT_TRUE(cursor.ok() && cursor.peek() == '\0');
  return std::string(out.view());
}

TEST(ResponsesObject, EveryStatus) {
  constexpr struct {
    ResponseStatus status;
    std::string_view wanted;
  } kRows[] = {
      {ResponseStatus::in_progress, R"("status":"in_progress","background":false,"error":null,)"
                                    R"("incomplete_details":null)"},
      {ResponseStatus::completed, R"("status":"completed","background":false,"error":null,)"
                                  R"("incomplete_details":null)"},
      {ResponseStatus::max_output_tokens, R"("incomplete_details":{"reason":"max_output_tokens"})"},
      {ResponseStatus::content_filter, R"("incomplete_details":{"reason":"content_filter"})"},
      {ResponseStatus::failed, R"("status":"failed")"},
  };
  for (const auto& row : kRows) { EXPECT_THAT(object(row.status), HasSubstr(row.wanted)); }
}

TEST(ResponsesObject, HoldsWhatTheProviderSays) {
  const Usage usage{.input = 3, .cached = 2, .output = 4, .reasoning = 1};
  const std::string said = object(ResponseStatus::completed, "{},{}", &usage);
  EXPECT_THAT(said, HasSubstr(R"("output":[{},{}])"));
  EXPECT_THAT(said, HasSubstr(R"("model":"a \"model\"")"));
  EXPECT_THAT(said,
              HasSubstr(R"("usage":{"input_tokens":3,"input_tokens_details":{)"
                        R"("cached_tokens":2,"cache_write_tokens":0},"output_tokens":4,)"
                        R"("output_tokens_details":{"reasoning_tokens":1},"total_tokens":7})"));
  ResponseObject named({.model = "m", .now = 5}, "resp_1");
  named.name({.model = {"theirs"}, .created = 9});
  Buffer out;
  named.write(ResponseStatus::completed, "", nullptr, nullptr, out);
  EXPECT_THAT(std::string(out.view()), HasSubstr(R"("created_at":9)"));
  EXPECT_THAT(std::string(out.view()), HasSubstr(R"("model":"theirs")"));
}

TEST(ResponsesObject, EveryErrorHasACode) {
  using Kind = AnswerError::Kind;
  for (const Kind kind :
       {Kind::bad_request, Kind::context_length, Kind::content_filter, Kind::authentication,
        Kind::permission, Kind::not_found, Kind::too_large, Kind::rate_limit, Kind::quota,
        Kind::overloaded, Kind::timeout, Kind::server}) {
    const AnswerError error{.kind = kind, .message = "why"};
    EXPECT_THAT(object(ResponseStatus::failed, "", nullptr, &error),
                HasSubstr("\"error\":{\"code\":\"" + std::string(response_error_code(kind)) +
                          "\",\"message\":\"why\"}"));
  }
  EXPECT_EQ(response_error_code(Kind::rate_limit), "rate_limit_exceeded");
  EXPECT_EQ(response_error_code(Kind::server), "server_error");
}

}  // namespace
}  // namespace butter::dialect
