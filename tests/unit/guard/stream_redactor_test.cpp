#include "guard/stream_redactor.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "http/sse.h"
#include "json/text.h"

namespace butter::guard {
namespace {

using Events = std::vector<std::string>;

const std::shared_ptr<const Guard>& guard() {
  static const std::shared_ptr<const Guard> one =
      Guard::make({.redaction = {.email = true, .card = true, .iban = true, .key = true}}).value();
  return one;
}

/// What comes out for each event, and at last for the end.
Events redacted(const Events& events) {
  StreamRedactor redactor(guard());
  Events out;
  Buffer buffer;
  for (const std::string& event : events) {
    redactor.feed(event, buffer);
    out.emplace_back(buffer.view());
    buffer.clear();
  }
  redactor.end(buffer);
  out.emplace_back(buffer.view());
  return out;
}

std::string joined(const Events& events) {
  std::string all;
  for (const std::string& event : events) { all += event; }
  return all;
}

std::string chat(std::string_view delta, std::string_view finish = "null") {
  return R"(data: {"id":"c","choices":[{"index":0,"delta":)" + std::string(delta) +
         R"(,"finish_reason":)" + std::string(finish) + "}]}\n\n";
}

std::string content(std::string_view text) {
  return chat(R"({"content":")" + std::string(text) + "\"}");
}

const std::string kStop = chat("{}", R"("stop")");
const std::string kDone = "data: [DONE]\n\n";

TEST(StreamRedactor, WhatHoldsNothingKeepsItsBytes) {
  const Events events = {
      ": comment\n\n",
      "data:  {\"choices\" : [ {\"delta\":{\"content\":\"One, \\u00e9 \"}}] }\r\n\r\n",
      "event: ping\ndata: {\"type\": \"ping\"}\n\n", "data: [DONE]\n\n", "\n"};
  Events expected = events;
  expected.emplace_back();
  EXPECT_EQ(redacted(events), expected);
}

TEST(StreamRedactor, HoldsAWordUntilTheNext) {
  EXPECT_EQ(redacted({content("Hello"), content(" world"), kStop, kDone}),
            (Events{content(""), content("Hello "), content("world") + kStop, kDone, ""}));
}

TEST(StreamRedactor, FindsWhatIsCut) {
  EXPECT_EQ(redacted({content("to bob"), content("\\u0040exam"), content("ple.com!\\n"), kStop}),
            (Events{content("to "), content(""), content("[EMAIL]!\\n"), kStop, ""}));
  EXPECT_EQ(redacted({content("4111 1111 1111"), content(" 1111"), kStop}),
            (Events{content(""), content(""), content("[CARD]") + kStop, ""}));
}

TEST(StreamRedactor, TextOfTheEventThatEndsIsDecided) {
  const std::string last = chat(R"({"content":" world"})", R"("stop")");
  EXPECT_EQ(redacted({content("Hello"), last}),
            (Events{content(""), chat(R"({"content":"Hello world"})", R"("stop")"), ""}));
}

TEST(StreamRedactor, EscapesOfWhatIsNotHeldStay) {
  EXPECT_EQ(redacted({content("word"), content(" \\ud83d"), content("\\ude00\\/ ")}),
            (Events{content(""), content("word \\ud83d"), content("\\ude00\\/ "), ""}));
}

TEST(StreamRedactor, WhatIsHeldComesAtTheEndWhateverItIs) {
  EXPECT_EQ(redacted({content("Hello")}).back(), content("Hello"));
  EXPECT_EQ(redacted({content("Hello"), kDone})[1], content("Hello") + kDone);
  const std::string error = "data: {\"error\":{\"message\":\"broken\"}}\n\n";
  EXPECT_EQ(redacted({content("Hello"), error})[1], content("Hello") + error);
}

TEST(StreamRedactor, TextsAreApart) {
  const auto both = [](std::string_view a, std::string_view b) {
    return R"(data: {"choices":[{"index":0,"delta":{"content":")" + std::string(a) +
           R"("}},{"index":1,"delta":{"content":")" + std::string(b) + "\"}}]}\n\n";
  };
  EXPECT_EQ(redacted({both("a@", "c@"), both("b.de ", "d.de ")}),
            (Events{both("", ""), both("[EMAIL] ", "[EMAIL] "), ""}));
  const auto call = [](int index, std::string_view arguments) {
    return chat(R"({"tool_calls":[{"index":)" + std::to_string(index) +
                R"(,"function":{"arguments":")" + std::string(arguments) + "\"}}]}");
  };
  EXPECT_EQ(redacted({call(0, "{\\\"a\\\":4111"), call(1, "{\\\"a\\\":4111"),
                      call(0, "111111111111}"), call(1, "1}")}),
            (Events{call(0, "{\\\"a\\\":"), call(1, "{\\\"a\\\":"), call(0, "\\\"[CARD]\\\"}"),
                    call(1, "41111}"), ""}));
}

TEST(StreamRedactor, ACallsNameIsToldOnce) {
  const std::string begin =
      chat(R"({"tool_calls":[{"index":0,"id":"i","function":{"name":"f","arguments":"x"}}]})");
  EXPECT_EQ(redacted({begin, kStop})[1],
            chat(R"({"tool_calls":[{"index":0,"function":{"arguments":"x"}}]})") + kStop);
}

TEST(StreamRedactor, WholeTextsOfEventsAreRedacted) {
  EXPECT_EQ(redacted({"event: response.output_text.done\ndata: "
                      "{\"type\":\"response.output_text.done\",\"text\":\"a@b.de\"}\n\n"})[0],
            "event: response.output_text.done\ndata: "
            "{\"type\":\"response.output_text.done\",\"text\":\"[EMAIL]\"}\n\n");
  EXPECT_EQ(redacted({"data: {\"some\":{\"thing\":\"a@b.de\"}}\n\n"})[0],
            "data: {\"some\":{\"thing\":\"[EMAIL]\"}}\n\n");
}

TEST(StreamRedactor, TokensOfATextThatChangesGo) {
  const auto chunk = [](std::string_view text, std::string_view logprobs) {
    return R"(data: {"choices":[{"index":0,"delta":{"content":")" + std::string(text) +
           R"("},"logprobs":)" + std::string(logprobs) + "}]}\n\n";
  };
  const std::string_view tokens = R"({"content":[{"token":"a@b.de","bytes":[97]}]})";
  const std::string_view harmless = R"({"content":[{"token":"!"}]})";
  EXPECT_EQ(redacted({chunk("! ", harmless), chunk("a@", tokens), chunk("b.de ", tokens)}),
            (Events{chunk("! ", harmless), chunk("", "null"), chunk("[EMAIL] ", "null"), ""}));
}

TEST(StreamRedactor, AnEventInSeveralLinesIsOne) {
  EXPECT_EQ(redacted({"data: {\"choices\":[{\ndata: \"delta\":{\"content\":\"a@b.de \"}}]\ndata: "
                      "}\n\n"})[0],
            "data: {\"choices\":[{\ndata: \"delta\":{\"content\":\"[EMAIL] \"}}]\ndata: }\n\n");
}

TEST(StreamRedactor, OfVeryManyTextsEachPieceIsTakenAlone) {
  StreamRedactor redactor(guard());
  Buffer out;
  for (unsigned i = 0; i < 2 * StreamRedactor::kMostChannels; ++i) {
    redactor.feed(
        "data: {\"type\":\"response.t" + std::to_string(i) + ".delta\",\"delta\":\"a@b.de\"}\n\n",
        out);
  }
  redactor.end(out);
  EXPECT_FALSE(out.view().contains('@'));
  std::size_t found = 0;
  for (std::size_t at = 0; (at = out.view().find("[EMAIL]", at)) != std::string_view::npos; ++at) {
    ++found;
  }
  EXPECT_EQ(found, 2 * StreamRedactor::kMostChannels);
}

TEST(StreamRedactor, WhatIsMalformedPasses) {
  for (const char* const data : {"data: {\"choices\":[{\"delta\":{\"content\":\"a\n\n",
                                 "data: {\n\n", "data: nonsense\n\n", "data\n\n", "event: x\n\n"}) {
    EXPECT_EQ(joined(redacted({data})), data);
  }
}

// ---- however a text is cut, the same comes out, in the shape of each API
// ---------------------------

/// How an API tells a text in pieces.
struct Api {
  const char* name;
  std::string (*event)(std::string_view text);  ///< `text` escaped
  std::string end;
  std::string key;  ///< of the text
};

const std::vector<Api>& apis() {
  static const std::vector<Api> all = {
      {"Chat", content, kStop + kDone, "content"},
      {"Completions",
       [](std::string_view text) {
         return R"(data: {"choices":[{"index":0,"text":")" + std::string(text) + "\"}]}\n\n";
       },
       kDone, "text"},
      {"Arguments",
       [](std::string_view text) {
         return chat(R"({"tool_calls":[{"index":1,"function":{"arguments":")" + std::string(text) +
                     "\"}}]}");
       },
       chat("{}", R"("tool_calls")") + kDone, "arguments"},
      {"Messages",
       [](std::string_view text) {
         return "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
                "\"delta\":{\"type\":\"text_delta\",\"text\":\"" +
                std::string(text) + "\"}}\n\n";
       },
       "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n",
       "text"},
      {"Responses",
       [](std::string_view text) {
         return "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\","
                "\"output_index\":1,\"content_index\":0,\"delta\":\"" +
                std::string(text) + "\"}\n\n";
       },
       "event: response.output_text.done\ndata: {\"type\":\"response.output_text.done\","
       "\"output_index\":1}\n\n",
       "delta"},
      {"Gemini",
       [](std::string_view text) {
         return "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"" + std::string(text) +
                "\"}],\"role\":\"model\"},\"index\":0}]}\r\n\r\n";
       },
       "", "text"}};
  return all;
}

/// The text that a stream tells; each of its events must be one that the API could have sent.
std::string text_of(std::string_view stream, const std::string& key) {
  std::string all;
  http::SseScanner scanner;
  while (const std::size_t size = scanner.next_end(stream)) {
    const http::SseEvent event = http::parse_sse_event(stream.substr(0, size));
    stream.remove_prefix(size);
    const std::string mark = '"' + key + "\":\"";
    const std::size_t begin = event.data.find(mark);
    if (begin == std::string_view::npos) { continue; }
    std::size_t end = begin + mark.size();
    while (event.data[end] != '"') { end += event.data[end] == '\\' ? 2 : 1; }
    std::string text;
    EXPECT_TRUE(
        json::unescape(event.data.substr(begin + mark.size(), end - begin - mark.size()), text));
    all += text;
  }
  EXPECT_EQ(stream, "") << "an unfinished event";
  return all;
}

class EachApi : public testing::TestWithParam<std::size_t> {
 protected:
  [[nodiscard]] const Api& api() const { return apis()[GetParam()]; }
  [[nodiscard]] std::string told(const std::vector<std::string_view>& pieces) const {
    Events events;
    for (const std::string_view piece : pieces) {
      std::string escaped;
      json::append_string(escaped, piece);
      events.push_back(api().event(std::string_view(escaped).substr(1, escaped.size() - 2)));
    }
    events.push_back(api().end);
    return text_of(joined(redacted(events)), api().key);
  }
};

constexpr std::string_view kText =
    "{\"to\": \"bob.b@mail.example.com\", \"card\": \"4111-1111-1111-1111\", \"n\": \"4111\",\n"
    "\"iban\": \"DE89 3704 0044 0532 0130 00\", \"key\": \"AKIAIOSFODNN7EXAMPLE\", \"x\": \"é "
    "a@b.de\"}";
constexpr std::string_view kRedacted =
    "{\"to\": \"[EMAIL]\", \"card\": \"[CARD]\", \"n\": \"4111\",\n"
    "\"iban\": \"[IBAN]\", \"key\": \"[KEY]\", \"x\": \"é [EMAIL]\"}";

TEST_P(EachApi, CutInTwoAnywhere) {
  const std::string expected = told({kText});
  EXPECT_EQ(expected, kRedacted);
  for (std::size_t cut = 0; cut <= kText.size(); ++cut) {
    if ((static_cast<unsigned char>(kText[std::min(cut, kText.size() - 1)]) & 0xc0) == 0x80) {
      continue;  // inside a character
    }
    ASSERT_EQ(told({kText.substr(0, cut), kText.substr(cut)}), expected) << cut;
  }
}

TEST_P(EachApi, CutIntoSmallPieces) {
  constexpr std::string_view kAscii = kText.substr(0, kText.find("é"));
  const std::string expected = told({kAscii});
  for (std::size_t size = 1; size < 12; ++size) {
    std::vector<std::string_view> pieces;
    for (std::size_t at = 0; at < kAscii.size(); at += size) {
      pieces.push_back(kAscii.substr(at, size));
    }
    ASSERT_EQ(told(pieces), expected) << size;
  }
}

TEST_P(EachApi, TextWithoutAnythingIsTheSame) {
  const std::vector<std::string_view> pieces = {"The ",        "qu",      "ick",     " brown",
                                                " fox\n\"jum", "ps\" ov", "er 13 l", "azy d",
                                                "ogs — 42",    " é"};
  std::string text;
  for (const std::string_view piece : pieces) { text += piece; }
  EXPECT_EQ(told(pieces), text);
}

INSTANTIATE_TEST_SUITE_P(StreamRedactor, EachApi, testing::Range<std::size_t>(0, 6),
                         [](const auto& test) { return apis()[test.param].name; });

}  // namespace
}  // namespace butter::guard
