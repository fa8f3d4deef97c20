#include "gateway/translated_answer.h"

#include <gtest/gtest.h>

namespace butter::gateway {
namespace {

using dialect::AnswerContext;
using dialect::AnswerError;

/// A dialect in which each byte says what happens: 't' text, 'e' an error, '.' the end, '!'
/// nonsense.
struct Letters final : dialect::AnswerReader {
  Result<void> whole(std::string_view body, dialect::AnswerSink& sink) override {
    return feed(body, sink);
  }
  Result<void> feed(std::string_view bytes, dialect::AnswerSink& sink) override {
    for (const char c : bytes) {
      if (c == 't') { sink.delta({.text = {"t"}}); }
      if (c == 'u') { sink.usage({.input = 3, .output = 4}); }
      if (c == 'e') { sink.error({.status = 529, .message = "busy"}); }
      if (c == '.') { sink.end(); }
      if (c == '!') { return fail(Errc::upstream_protocol, "nonsense"); }
    }
    return {};
  }
  Result<void> close(dialect::AnswerSink&) override { return fail(Errc::upstream_closed, "cut"); }
  AnswerError error(int, std::string_view) const override { return {}; }
};

struct Shout final : dialect::AnswerWriter {
  Shout(Buffer& out, const AnswerContext& context) : AnswerWriter(out, context) {}
  void start(const dialect::AnswerStart&) override {}
  void delta(const dialect::Delta&) override {
    begun_ = true;
    out_.append("T");
  }
  void finish(const dialect::Finish&) override {}
  void usage(const dialect::Usage&) override {}
  void end() override {
    over_ = true;
    out_.append("END");
  }
  void error(const AnswerError& error) override {
    over_ = true;
    out_.append(error.message);
  }
};

constexpr dialect::ProviderDialect kProvider{
    .dialect = dialect::Dialect::gemini,
    .make_reader = [] { return std::unique_ptr<dialect::AnswerReader>(new Letters); }};
constexpr dialect::CallerDialect kCaller{
    .dialect = dialect::Dialect::chat,
    .make_writer = [](Buffer& out, const AnswerContext& context) {
      return std::unique_ptr<dialect::AnswerWriter>(new Shout(out, context));
    }};

TEST(TranslatedAnswer, ToldAsTheCallerHearsIt) {
  TranslatedAnswer answer(kProvider, kCaller, {});
  EXPECT_FALSE(answer.begun());
  ASSERT_TRUE(answer.feed("tu"));
  EXPECT_TRUE(answer.begun());
  ASSERT_TRUE(answer.feed("t."));
  EXPECT_TRUE(answer.over());
  EXPECT_EQ(answer.out().view(), "TTEND");
  EXPECT_EQ(answer.tokens()->output, 4U);
  EXPECT_FALSE(answer.failed());
}

TEST(TranslatedAnswer, AnErrorBeforeContentIsKeptBack) {
  TranslatedAnswer answer(kProvider, kCaller, {});
  ASSERT_TRUE(answer.feed("e"));
  ASSERT_TRUE(answer.failed());
  EXPECT_EQ(answer.failed()->status, 529);
  EXPECT_EQ(answer.out().view(), "");
  EXPECT_FALSE(answer.over());
}

TEST(TranslatedAnswer, BadBytesAndACutAreErrors) {
  TranslatedAnswer answer(kProvider, kCaller, {});
  EXPECT_EQ(answer.whole("!").error().code, Errc::upstream_protocol);
  EXPECT_EQ(answer.close().error().code, Errc::upstream_closed);
}

}  // namespace
}  // namespace butter::gateway
