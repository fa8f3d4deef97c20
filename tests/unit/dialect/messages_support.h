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

namespace butter::dialect::messages_test {

/// A request that was read; its views point into `body`.
struct Asked {
  std::string body;
  Conversation conversation;
  std::string complaint;  ///< "" when it was read
};

inline std::unique_ptr<Asked> ask(std::string body, const CallerDialect& caller = kMessagesCaller) {
  auto asked = std::make_unique<Asked>();
  asked->body = std::move(body);
  const auto read = caller.read_request(asked->body, asked->conversation);
  if (!read) { asked->complaint = read.error().detail; }
  return asked;
}

/// A request of messages with these members besides model and messages.
inline std::string request(std::string_view members) {
  return R"({"model":"m","messages":[{"role":"user","content":"hi"}],)" + std::string(members) +
         '}';
}

/// A request whose one message has this content.
inline std::string with_content(std::string_view content, std::string_view role = "user") {
  return R"({"model":"m","messages":[{"role":")" + std::string(role) + R"(","content":)" +
         std::string(content) + "}]}";
}

inline std::string complaint(std::string body) {
  return ask(std::move(body))->complaint;
}

inline std::string written(const Conversation& conversation,
                           const Target& target = {.model = "claude-sonnet-4-5"}) {
  Buffer out;
  const auto done = kMessagesProvider.write_request(conversation, target, out);
  return done ? std::string(out.view()) : done.error().detail;
}

/// What a caller's request becomes upstream.
inline std::string rewritten(std::string body, const CallerDialect& caller = kMessagesCaller,
                             const Target& target = {.model = "claude-sonnet-4-5"}) {
  const auto asked = ask(std::move(body), caller);
  EXPECT_EQ(asked->complaint, "");
  return written(asked->conversation, target);
}

inline std::string chat_request(std::string_view members) {
  return R"({"model":"m","messages":[{"role":"user","content":"hi"}],)" + std::string(members) +
         '}';
}

inline bool uses(const Conversation& conversation, Feature feature) {
  return conversation.used[static_cast<std::size_t>(feature)];
}

inline bool loses(const Conversation& conversation, Feature feature) {
  return kMessagesProvider.lost(conversation)[static_cast<std::size_t>(feature)];
}

inline std::string fold_whole(std::string_view body) {
  test::FoldedAnswer sink;
  const auto read = kMessagesProvider.make_reader()->whole(body, sink);
  return read ? sink.text() : read.error().detail;
}

inline std::string fold_stream(std::string_view stream, std::size_t cut = 0) {
  test::FoldedAnswer sink;
  const auto reader = kMessagesProvider.make_reader();
  for (const std::string_view piece : {stream.substr(0, cut), stream.substr(cut)}) {
    if (const auto fed = reader->feed(piece, sink); !fed) { return fed.error().detail; }
  }
  const auto closed = reader->close(sink);
  return closed ? sink.text() : sink.text() + closed.error().detail;
}

/// What a caller of messages gets of these deltas.
inline std::string answered(const std::vector<Delta>& deltas, bool stream, Finish finish = {}) {
  Buffer out;
  const auto writer =
      kMessagesCaller.make_writer(out, {.stream = stream, .id = "req", .model = "asked"});
  writer->start({.id = {"i"}, .model = {"m"}, .created = 1});
  for (const Delta& delta : deltas) { writer->delta(delta); }
  writer->finish(finish);
  writer->usage({.input = 9, .cached = 3, .cache_write = 2, .output = 5, .reasoning = 1});
  writer->end();
  EXPECT_TRUE(writer->over());
  return std::string(out.view());
}

inline std::string event(std::string_view type, std::string_view members) {
  return "event: " + std::string(type) + "\ndata: {\"type\":\"" + std::string(type) + '"' +
         (members.empty() ? "" : ",") + std::string(members) + "}\n\n";
}

}  // namespace butter::dialect::messages_test
