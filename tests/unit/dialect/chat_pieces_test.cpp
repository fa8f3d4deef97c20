#include "dialect/chat_pieces.h"

#include "unit/dialect/chat_support.h"

namespace butter::dialect {
namespace {

TEST(ChatPieces, WhatTheProviderDoesNotSayIsMade) {
  Buffer out;
  json::Writer writer(out);
  writer.begin_object();
  write_chat_head({}, {.id = "r", .model = "a\"b", .now = 5}, "o", writer);
  writer.end_object();
  EXPECT_EQ(out.view(), R"({"id":"chatcmpl-r","object":"o","created":5,"model":"a\"b"})");
  EXPECT_EQ(chat_tool_id({.choice = 1, .tool = 2}, {.id = "r"}), "call_r_1_2");
  EXPECT_EQ(chat_tool_id({.id = {"x"}}, {.id = "r"}), "x");
}

}  // namespace
}  // namespace butter::dialect
