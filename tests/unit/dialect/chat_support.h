#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/dialects.h"
#include "dialect/losses.h"
#include "support/folded_answer.h"

namespace butter::dialect::chat_test {

/// A chat request that was read; its views point into `body`.
struct Asked {
  std::string body;
  Conversation conversation;
  std::string complaint;  ///< "" when it was read
};

inline std::unique_ptr<Asked> ask(std::string body) {
  auto asked = std::make_unique<Asked>();
  asked->body = std::move(body);
  const auto read = kChatCaller.read_request(asked->body, asked->conversation);
  if (!read) { asked->complaint = read.error().detail; }
  return asked;
}

inline std::string request(std::string_view members) {
  return R"({"model":"m","messages":[{"role":"user","content":"hi"}],)" + std::string(members) +
         '}';
}

inline std::string with_messages(std::string_view messages) {
  return R"({"model":"m","messages":[)" + std::string(messages) + "]}";
}

inline std::string complaint(std::string body) {
  return ask(std::move(body))->complaint;
}

inline std::string rewritten(std::string body, const Target& target = {.model = "m"}) {
  const auto asked = ask(std::move(body));
  EXPECT_EQ(asked->complaint, "");
  Buffer out;
  EXPECT_TRUE(kChatProvider.write_request(asked->conversation, target, out));
  return std::string(out.view());
}

inline bool uses(const Conversation& conversation, Feature feature) {
  return conversation.used[static_cast<std::size_t>(feature)];
}

/// What an answer tells, with what the reader says to it.
inline std::string fold_whole(std::string_view body) {
  test::FoldedAnswer sink;
  const auto read = kChatProvider.make_reader()->whole(body, sink);
  return read ? sink.text() : read.error().detail;
}

inline std::string fold_stream(std::string_view stream, std::size_t cut = 0) {
  test::FoldedAnswer sink;
  const auto reader = kChatProvider.make_reader();
  for (const std::string_view piece : {stream.substr(0, cut), stream.substr(cut)}) {
    if (const auto fed = reader->feed(piece, sink); !fed) { return fed.error().detail; }
  }
  const auto closed = reader->close(sink);
  return closed ? sink.text() : sink.text() + closed.error().detail;
}

/// What a caller gets of these deltas.
inline std::string answered(const std::vector<Delta>& deltas, const AnswerContext& context,
                            Finish finish = {}) {
  Buffer out;
  const auto writer = kChatCaller.make_writer(out, context);
  writer->start({.id = {"i"}, .model = {"m"}, .created = 1});
  for (const Delta& delta : deltas) { writer->delta(delta); }
  writer->finish(finish);
  writer->usage({.input = 3, .cached = 1, .output = 2});
  writer->end();
  EXPECT_TRUE(writer->over());
  return std::string(out.view());
}

}  // namespace butter::dialect::chat_test
