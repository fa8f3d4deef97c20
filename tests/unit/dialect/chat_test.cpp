#include <algorithm>
#include <random>

#include "unit/dialect/chat_support.h"

namespace butter::dialect {
namespace {

/// Makes chat requests of all that chat can say, as text. Thread: any, one at a time.
class Requests {
 public:
  explicit Requests(unsigned seed) : random_(seed) {}

  std::string next() {
    std::string body = R"({"model":"m","messages":[)" + system();
    for (std::size_t turns = 1 + pick(4); turns > 0; --turns) { body += user() + ',' + step(); }
    body += user() + ']';
    for (const std::string_view member : kMembers) {
      if (pick(2) == 0) { (body += ',') += member; }
    }
    return body + '}';
  }

 private:
  static constexpr std::string_view kMembers[] = {
      R"("max_completion_tokens":77)",
      R"("temperature":0.70)",
      R"("top_p":1e-1)",
      R"("presence_penalty":-0.5)",
      R"("seed":7)",
      R"("stop":["a","\u0062"])",
      R"("n":2)",
      R"("logprobs":true,"top_logprobs":3)",
      R"("logit_bias":{"5":-1})",
      R"("tools":[{"type":"function","function":{"name":"f","parameters":{"a":[1, 2]},"strict":true}}],"tool_choice":"required")",
      R"("response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{},"strict":false}})",
      R"("reasoning_effort":"xhigh")",
      R"("user":"u")",
      R"("metadata":{"k":"v"})",
      R"("verbosity":"low")",
      R"("prediction":{"type":"content","content":"p"})",
      R"("prompt_cache_key":"k")",
      R"("service_tier":"flex")"};

  std::size_t pick(std::size_t of) { return random_() % of; }

  std::string text() {
    constexpr std::string_view kTexts[] = {"a", "\\u00e9 \\\"q\\\"", "漢字 😀", "\\n\\\\", "x y"};
    return '"' + std::string(kTexts[pick(std::size(kTexts))]) + '"';
  }

  std::string system() {
    return pick(2) == 0 ? "" : R"({"role":"system","content":)" + text() + "},";
  }

  std::string user() {
    if (pick(2) == 0) { return R"({"role":"user","content":)" + text() + '}'; }
    return R"({"role":"user","content":[{"type":"text","text":)" + text() +
           R"(},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA==","detail":"low"}},)"
           R"({"type":"file","file":{"filename":)" +
           text() + R"(,"file_data":"data:application/pdf;base64,BB=="}}]})";
  }

  std::string step() {
    if (pick(2) == 0) { return R"({"role":"assistant","content":)" + text() + "},"; }
    const std::string id = "call_" + std::to_string(pick(1000));
    return R"({"role":"assistant","content":null,"thinking_blocks":[{"type":"thinking","thinking":)" +
           text() + R"(,"signature":"s"}],"tool_calls":[{"id":")" + id +
           R"(","type":"function","function":{"name":"f","arguments":"{\"a\":\"\\u00e9\"}"}}]},)" +
           R"({"role":"tool","tool_call_id":")" + id + R"(","content":)" + text() + "},";
  }

  std::mt19937 random_;
};

/// A step with a comma too many would be a mistake of the maker: it is closed here.
std::string well_formed(std::string body) {
  for (std::size_t at = body.find(",,"); at != std::string::npos; at = body.find(",,")) {
    body.erase(at, 1);
  }
  return body;
}

TEST(Chat, ThereAndBackKeepsMeaning) {
  Requests requests(20240607);
  for (int i = 0; i < 300; ++i) {
    const std::string body = well_formed(requests.next());
    const auto asked = chat_test::ask(body);
    ASSERT_EQ(asked->complaint, "") << body;
    const auto lost = losses(asked->conversation, kChatProvider, true);
    ASSERT_TRUE(lost) << lost.error().detail << '\n' << body;
    const Target target{.model = "m", .max_completion_tokens = false};
    const std::string once = chat_test::rewritten(body, target);
    ASSERT_EQ(chat_test::rewritten(once, target), once) << body;

    const auto again = chat_test::ask(once);
    ASSERT_EQ(again->complaint, "");
    EXPECT_EQ(again->conversation.used, asked->conversation.used) << body;
    ASSERT_EQ(again->conversation.turns.size(), asked->conversation.turns.size());
    for (std::size_t turn = 0; turn < again->conversation.turns.size(); ++turn) {
      EXPECT_TRUE(std::ranges::equal(
          again->conversation.turns[turn].parts, asked->conversation.turns[turn].parts,
          [](const Part& a, const Part& b) {
            return a.kind == b.kind && a.text == b.text && a.id == b.id && a.name == b.name &&
                   a.signature == b.signature && a.arguments == b.arguments &&
                   a.source.data == b.source.data && a.source.name == b.source.name;
          }))
          << once;
    }
  }
}

TEST(Chat, EachFeatureThatIsReadHasAField) {
  const auto asked = chat_test::ask(chat_test::request(
      R"("seed":1,"top_k":2,"store":true,"audio":{"a":1},"prompt_cache_key":"k","user":"u")"));
  for (std::size_t i = 0; i < kFeatures; ++i) {
    if (!asked->conversation.used[i]) { continue; }
    EXPECT_TRUE(std::ranges::find(kChatCaller.fields, static_cast<Feature>(i), &Meaning::feature) !=
                kChatCaller.fields.end())
        << to_string(static_cast<Feature>(i));
  }
}

}  // namespace
}  // namespace butter::dialect
