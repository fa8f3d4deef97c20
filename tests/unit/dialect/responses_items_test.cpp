#include "dialect/responses_items.h"

#include <gtest/gtest.h>

namespace butter::dialect {
namespace {

std::string item(const SaidItem& item, std::string_view status) {
  Buffer out;
  json::Writer writer(out);
  write_item(item, status, writer);
  return std::string(out.view());
}

TEST(ResponsesItems, Parts) {
  Buffer out;
  json::Writer writer(out);
  writer.begin_array();
  write_part({.text = "a\\n", .logprobs = "{},{}", .annotations = "{}"}, writer);
  write_part({.kind = SaidPart::Kind::refusal, .text = "no"}, writer);
  writer.end_array();
  EXPECT_EQ(out.view(), R"([{"type":"output_text","annotations":[{}],"logprobs":[{},{}],)"
                        R"("text":"a\n"},{"type":"refusal","refusal":"no"}])");
}

TEST(ResponsesItems, Items) {
  EXPECT_EQ(item({.id = "m", .content = "{},{}"}, "in_progress"),
            R"({"id":"m","type":"message","status":"in_progress","content":[{},{}],)"
            R"("role":"assistant"})");
  EXPECT_EQ(item({.kind = SaidItem::Kind::reasoning, .id = "r"}, "completed"),
            R"({"id":"r","type":"reasoning","summary":[]})");
  EXPECT_EQ(item({.kind = SaidItem::Kind::reasoning,
                  .id = "r",
                  .text = "t",
                  .summary = true,
                  .encrypted = "e"},
                 "completed"),
            R"({"id":"r","type":"reasoning","summary":[{"type":"summary_text","text":"t"}],)"
            R"("encrypted_content":"e"})");
  EXPECT_EQ(item({.kind = SaidItem::Kind::function_call,
                  .id = "f",
                  .text = "{}",
                  .call_id = "c",
                  .name = "n"},
                 "incomplete"),
            R"({"id":"f","type":"function_call","status":"incomplete","arguments":"{}",)"
            R"("call_id":"c","name":"n"})");
}

}  // namespace
}  // namespace butter::dialect
