#include "dialect/messages_block_reader.h"

#include <gtest/gtest.h>

#include "support/folded_answer.h"

namespace butter::dialect {
namespace {

std::string whole(std::string_view block) {
  test::FoldedAnswer sink;
  MessagesBlockReader().whole(block, sink);
  return sink.message();
}

TEST(MessagesBlockReader, TextWithItsCitations) {
  test::FoldedAnswer sink;
  MessagesBlockReader reader;
  reader.start("0", R"({"type":"text","text":""})", sink);
  reader.piece("0", R"({"type":"text_delta","text":"a\"b"})", sink);
  reader.piece("0", R"({"type":"citations_delta","citation":{"type":"char_location"}})", sink);
  reader.piece("0", R"({"type":"citations_delta"})", sink);
  reader.stop("0", sink);
  EXPECT_EQ(sink.message(),
            whole(R"({"type":"text","text":"a\"b","citations":[{"type":"char_location"}]})"));
  EXPECT_NE(sink.message().find("text: a\\\"b\n"), std::string::npos);
}

TEST(MessagesBlockReader, ThinkingEndsWithItsSignature) {
  test::FoldedAnswer sink;
  MessagesBlockReader reader;
  reader.start("0", R"({"type":"thinking","thinking":"","signature":""})", sink);
  reader.piece("0", R"({"type":"thinking_delta","thinking":"a"})", sink);
  reader.piece("0", R"({"type":"thinking_delta","thinking":"b"})", sink);
  reader.piece("0", R"({"type":"signature_delta","signature":"s"})", sink);
  EXPECT_EQ(sink.message(), whole(R"({"type":"thinking","thinking":"ab","signature":"s"})"));
  EXPECT_NE(whole(R"({"type":"redacted_thinking","data":"d"})").find("redacted=d"),
            std::string::npos);
}

TEST(MessagesBlockReader, CallsCountFromZeroWhateverTheirIndexIs) {
  test::FoldedAnswer sink;
  MessagesBlockReader reader;
  reader.start("3", R"({"type":"tool_use","id":"t","name":"f","input":{}})", sink);
  reader.piece("3", R"({"type":"input_json_delta","partial_json":""})", sink);
  reader.piece("3", R"({"type":"input_json_delta","partial_json":"{\"a\":"})", sink);
  reader.piece("3", R"({"type":"input_json_delta","partial_json":"1}"})", sink);
  reader.stop("3", sink);
  reader.start("70", R"({"type":"tool_use","id":"u","name":"g","input":{}})", sink);
  reader.stop("70", sink);
  MessagesBlockReader other;
  test::FoldedAnswer as_whole;
  other.whole(R"({"type":"tool_use","id":"t","name":"f","input":{"a":1}})", as_whole);
  other.whole(R"({"type":"tool_use","id":"u","name":"g","input":{}})", as_whole);
  EXPECT_EQ(sink.message(), as_whole.message());
  EXPECT_NE(sink.message().find("tool 1: u g {}\n"), std::string::npos);
}

TEST(MessagesBlockReader, ToolsOfTheProviderSayNothing) {
  test::FoldedAnswer nothing;
  EXPECT_EQ(whole(R"({"type":"server_tool_use","id":"s","input":{"q":1}})"), nothing.message());
  MessagesBlockReader reader;
  test::FoldedAnswer sink;
  reader.start("0", R"({"type":"server_tool_use","id":"s","input":{}})", sink);
  reader.piece("0", R"({"type":"input_json_delta","partial_json":"{}"})", sink);
  reader.piece("0", R"({"type":"flux_delta"})", sink);
  reader.stop("0", sink);
  EXPECT_EQ(sink.message(), nothing.message());
}

}  // namespace
}  // namespace butter::dialect
