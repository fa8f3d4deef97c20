#include "gateway/request_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "log/sink.h"
#include "unit/log/pipe.h"
#include "unit/provider/json_at.h"

namespace butter::gateway {
namespace {

using provider::test::json_at;

class RequestLogTest : public testing::Test {
 protected:
  /// The line of a record.
  [[nodiscard]] std::string line_of(const RequestRecord& record) {
    log::Sink sink(pipe_.writer());
    log::Logger logger(sink, log::Level::info);
    write_request_line(record, settings_, logger);
    logger.flush();
    sink.flush();
    return pipe_.read_rest();
  }

  config::RequestLog settings_;
  log::Pipe pipe_;
};

RequestRecord good() {
  RequestRecord out;
  out.method = "POST";
  out.path = "/v1/chat/completions";
  out.request_id = "req_1";
  out.provider = "up";
  out.model = "known";
  out.upstream_model = "known-upstream";
  out.status = 200;
  out.attempts = 2;
  out.key_hint = "...k3f9";
  out.app_key = "...0002";
  out.duration = 12345us;
  out.first_byte = 2345us;
  out.overhead = 45us;
  out.phases = {1us, 2us, 3us, 4us, 5us, 6us, 7us, 8us, 9us};
  out.bytes_in = 100;
  out.bytes_out = 2000;
  out.usage = dialect::Usage{.input = 11, .cached = 3, .output = 12};
  out.request_body = {.text = "{\"a\":\"b\"}\n"};
  out.response_body = {.text = "data: {", .truncated = true};
  return out;
}

TEST_F(RequestLogTest, TellsAllThatIsKnown) {
  const std::string text = line_of(good());
  const std::pair<const char*, const char*> expected[] = {
      {"/level", "INFO"},
      {"/msg", "request trace"},
      {"/provider", "up"},
      {"/model", "known"},
      {"/status", "200"},
      {"/duration_ms", "12"},
      {"/method", "POST"},
      {"/path", "/v1/chat/completions"},
      {"/streaming", "false"},
      {"/error", "absent"},
      {"/request_id", "req_1"},
      {"/upstream_model", "known-upstream"},
      {"/attempts", "2"},
      {"/key_hint", "...k3f9"},
      {"/app_key", "...0002"},
      {"/duration_us", "12345"},
      {"/first_byte_us", "2345"},
      {"/overhead_us", "45"},
      {"/read_us", "1"},
      {"/route_us", "2"},
      {"/retry_us", "3"},
      {"/queue_us", "4"},
      {"/connect_us", "5"},
      {"/send_us", "6"},
      {"/upstream_first_byte_us", "7"},
      {"/first_content_us", "8"},
      {"/stream_us", "9"},
      {"/bytes_in", "100"},
      {"/bytes_out", "2000"},
      {"/input_tokens", "11"},
      {"/output_tokens", "12"},
      {"/cached_tokens", "3"},
      {"/request_body", "{\"a\":\"b\"}\n"},
      {"/request_body_truncated", "absent"},
      {"/response_body", "data: {"},
      {"/response_body_truncated", "true"},
  };
  for (const auto& [pointer, value] : expected) {
    EXPECT_EQ(json_at(text, pointer), value) << pointer;
  }
}

TEST_F(RequestLogTest, WhatTheGoProgramWroteComesFirstAndInItsOrder) {
  RequestRecord failed = good();
  failed.status = 502;
  failed.error = "up request failed: \"refused\"";
  EXPECT_THAT(
      line_of(failed),
      testing::HasSubstr(R"("msg":"request trace","provider":"up","model":"known","status":502,)"
                         R"("duration_ms":12,"method":"POST","path":"/v1/chat/completions",)"
                         R"("streaming":false,"error":"up request failed: \"refused\"",)"));
}

TEST_F(RequestLogTest, WhatARequestHasNotIsLeftOut) {
  RequestRecord bare = good();
  bare.key_hint.clear();
  bare.app_key.clear();
  bare.usage.reset();
  bare.request_body = bare.response_body = {};
  const std::string text = line_of(bare);
  for (const char* const pointer :
       {"/error", "/key_hint", "/app_key", "/input_tokens", "/output_tokens", "/cached_tokens",
        "/request_body", "/response_body", "/response_body_truncated"}) {
    EXPECT_EQ(json_at(text, pointer), "absent") << pointer;
  }
}

TEST_F(RequestLogTest, HasTheLevelOfTheFile) {
  settings_.level = log::Level::warn;
  EXPECT_EQ(json_at(line_of(good()), "/level"), "WARN");
}

TEST_F(RequestLogTest, ALevelThatNobodyWantsIsNotWritten) {
  settings_.level = log::Level::debug;
  EXPECT_EQ(line_of(good()), "");
}

}  // namespace
}  // namespace butter::gateway
