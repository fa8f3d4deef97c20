#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>

#include "dialect/codec.h"
#include "json/cursor.h"
#include "property/generated.h"
#include "property/wire.h"
#include "support/folded_answer.h"

namespace butter::property {
namespace {

using dialect::AnswerSink;
using dialect::CallerDialect;
using dialect::Conversation;
using dialect::Dialect;
using dialect::ProviderDialect;

constexpr std::uint32_t kSeeds = 40;
constexpr std::uint32_t kCutSeeds = 2;

/// Thread: any one at a time.
class Answers : public testing::TestWithParam<std::tuple<Dialect, Dialect>> {
 protected:
  const ProviderDialect& provider_ = *provider_dialect(std::get<0>(GetParam()));
  const CallerDialect& caller_ = *caller_dialect(std::get<1>(GetParam()));
  const Conversation asked_;

  [[nodiscard]] std::string whole(const Answer& answer) const {
    Buffer out;
    const auto writer = caller_.make_writer(out, context(false));
    const auto read = provider_.make_reader()->whole(whole_of(answer, provider_.dialect), *writer);
    EXPECT_TRUE(read) << read.error().detail;
    return std::string(out.view());
  }

  [[nodiscard]] std::string streamed(std::string_view bytes, std::size_t cut) const {
    Buffer out;
    const auto writer = caller_.make_writer(out, context(true));
    const auto reader = provider_.make_reader();
    EXPECT_TRUE(reader->feed(bytes.substr(0, cut), *writer)) << "cut " << cut;
    EXPECT_TRUE(reader->feed(bytes.substr(cut), *writer)) << "cut " << cut;
    EXPECT_TRUE(reader->close(*writer)) << "cut " << cut;
    return std::string(out.view());
  }

  [[nodiscard]] dialect::AnswerContext context(bool stream) const {
    return {.stream = stream,
            .stream_usage = true,
            .id = "req_1",
            .model = "m",
            .now = 1700000000,
            .asked = &asked_};
  }
};

std::string folded_whole(const ProviderDialect& provider, std::string_view body) {
  test::FoldedAnswer folded;
  const auto read = provider.make_reader()->whole(body, folded);
  EXPECT_TRUE(read) << read.error().detail << '\n' << body;
  return folded.text();
}

std::string folded_stream(const ProviderDialect& provider, std::string_view stream) {
  test::FoldedAnswer folded;
  const auto reader = provider.make_reader();
  EXPECT_TRUE(reader->feed(stream, folded));
  EXPECT_TRUE(reader->close(folded));
  return folded.text();
}

/// The member `name` of the object that `json` is.
std::string_view member(std::string_view json, std::string_view name) {
  std::string_view found;
  json::Cursor at(json);
  at.object([&](std::string_view key) {
    const std::string_view value = at.value();
    if (key == name) { found = value; }
  });
  return found;
}

/// What a stream of responses says at its end, of what does not depend on when it was said.
std::string said_of_response(std::string_view response) {
  std::string said;
  for (const std::string_view name : {"status", "incomplete_details", "output", "usage"}) {
    (said += member(response, name)) += '\n';
  }
  return said;
}

std::string_view last_response(std::string_view stream) {
  const std::size_t data = stream.rfind("\ndata: ");
  return member(stream.substr(data + std::string_view("\ndata: ").size()), "response");
}

TEST_P(Answers, AStreamSaysWhatTheWholeAnswerSays) {
  const ProviderDialect* const spoken = provider_dialect(caller_.dialect);
  for (std::uint32_t seed = 0; seed < kSeeds; ++seed) {
    const Answer answer = Generator(seed).answer();
    const std::string stream = stream_of(answer, provider_.dialect);
    const std::string told = streamed(stream, stream.size());
    ASSERT_EQ(folded_stream(provider_, stream),
              folded_whole(provider_, whole_of(answer, provider_.dialect)))
        << "seed " << seed;
    if (spoken != nullptr) {
      ASSERT_EQ(folded_stream(*spoken, told), folded_whole(*spoken, whole(answer)))
          << "seed " << seed;
    } else {
      ASSERT_EQ(said_of_response(last_response(told)), said_of_response(whole(answer)))
          << "seed " << seed;
    }
  }
}

TEST_P(Answers, AStreamIsTheSameWhereverTheNetworkCutsIt) {
  for (std::uint32_t seed = 0; seed < kCutSeeds; ++seed) {
    const std::string stream = stream_of(Generator(seed).answer(), provider_.dialect);
    const std::string told = streamed(stream, stream.size());
    for (std::size_t cut = 0; cut < stream.size(); ++cut) {
      ASSERT_EQ(streamed(stream, cut), told) << "seed " << seed << ", cut at byte " << cut;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Of, Answers,
                         testing::Combine(testing::Values(Dialect::chat, Dialect::messages,
                                                          Dialect::gemini, Dialect::converse),
                                          testing::Values(Dialect::chat, Dialect::messages,
                                                          Dialect::responses)),
                         [](const auto& row) {
                           return std::string(to_string(std::get<0>(row.param))) + "_for_" +
                                  std::string(to_string(std::get<1>(row.param)));
                         });

}  // namespace
}  // namespace butter::property
