#include <algorithm>
#include <random>

#include "unit/dialect/messages_support.h"

namespace butter::dialect {
namespace {

using messages_test::ask;
using messages_test::rewritten;

/// Makes requests of what messages and others can say alike, as text. Thread: any, one at a time.
class Requests {
 public:
  explicit Requests(unsigned seed) : random_(seed) {}

  std::string next() {
    std::string body = R"({"model":"claude-sonnet-4-5","messages":[)";
    for (std::size_t turns = pick(4); turns > 0; --turns) { body += user() + ',' + step() + ','; }
    body += user() + ']';
    for (const std::string_view member : kMembers) {
      if (pick(2) == 0) { (body += ',') += member; }
    }
    return body + '}';
  }

 private:
  static constexpr std::string_view kMembers[] = {
      R"("system":"a\nb")",
      R"("max_tokens":77)",
      R"("temperature":0.70)",
      R"("top_p":1e-1)",
      R"("top_k":5)",
      R"("stop_sequences":["a","\u0062"])",
      R"("tools":[{"name":"f","input_schema":{"a":[1, 2]},"strict":true},{"type":"bash_20250124","name":"bash"}])",
      R"("output_config":{"effort":"xhigh","format":{"type":"json_schema","schema":{}}})",
      R"("thinking":{"type":"adaptive","display":"omitted"})",
      R"("metadata":{"user_id":"u"})",
      R"("service_tier":"standard_only")",
      R"("container":"c")"};

  std::size_t pick(std::size_t of) { return random_() % of; }

  std::string text() {
    constexpr std::string_view kTexts[] = {"a", "\\u00e9 \\\"q\\\"", "漢字 😀", "\\n\\\\", "x y"};
    return '"' + std::string(kTexts[pick(std::size(kTexts))]) + '"';
  }

  std::string user() {
    if (pick(2) == 0) { return R"({"role":"user","content":)" + text() + '}'; }
    return R"({"role":"user","content":[{"type":"text","text":)" + text() +
           R"(,"cache_control":{"type":"ephemeral"}},)"
           R"({"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA=="}},)"
           R"({"type":"document","source":{"type":"text","media_type":"text/plain","data":)" +
           text() + "}}]}";
  }

  std::string step() {
    if (pick(2) == 0) { return R"({"role":"assistant","content":)" + text() + '}'; }
    const std::string id = "toolu_" + std::to_string(pick(1000));
    return R"({"role":"assistant","content":[{"type":"thinking","thinking":)" + text() +
           R"(,"signature":"s"},{"type":"server_tool_use","id":"x","name":"n","input":{}},)"
           R"({"type":"tool_use","id":")" +
           id + R"(","name":"f","input":{"a":"\u00e9"}}]},)" +
           R"({"role":"user","content":[{"type":"tool_result","tool_use_id":")" + id +
           R"(","content":)" + text() + "}]}";
  }

  std::mt19937 random_;
};

TEST(Messages, ThereAndBackKeepsMeaning) {
  Requests requests(20240607);
  for (int i = 0; i < 300; ++i) {
    const std::string body = requests.next();
    const auto asked = ask(body);
    ASSERT_EQ(asked->complaint, "") << body;
    const auto lost = losses(asked->conversation, kMessagesProvider, true);
    ASSERT_TRUE(lost) << lost.error().detail << '\n' << body;
    const std::string once = rewritten(body);
    ASSERT_EQ(rewritten(once), once) << body;
    const auto again = ask(once);
    const FeatureSet more = again->conversation.used & ~asked->conversation.used;
    EXPECT_TRUE(more.none() ||
                more == FeatureSet{}.set(static_cast<std::size_t>(Feature::max_tokens)))
        << body;
    EXPECT_EQ(again->conversation.used | more, asked->conversation.used | more) << body;
  }
}

TEST(Messages, EveryFeatureHasAtMostOneRow) {
  for (std::size_t i = 0; i < kFeatures; ++i) {
    const auto feature = static_cast<Feature>(i);
    EXPECT_LE(std::ranges::count(kMessagesProvider.support, feature, &Support::feature), 1)
        << to_string(feature);
  }
}

TEST(Messages, EachFeatureThatIsReadHasAField) {
  Requests requests(7);
  for (int i = 0; i < 50; ++i) {
    const auto asked = ask(requests.next());
    for (std::size_t feature = 0; feature < kFeatures; ++feature) {
      if (!asked->conversation.used[feature]) { continue; }
      EXPECT_NE(std::ranges::find(kMessagesCaller.fields, static_cast<Feature>(feature),
                                  &Meaning::feature),
                kMessagesCaller.fields.end())
          << to_string(static_cast<Feature>(feature));
    }
  }
}

}  // namespace
}  // namespace butter::dialect
