#include "property/generated.h"

#include <utility>

namespace butter::property {

namespace {

using dialect::Conversation;
using dialect::Part;
using dialect::Role;
using dialect::Turn;

constexpr std::string_view kPieces[] = {"word",
                                        " and ",
                                        R"(\n)",
                                        R"(\n\n)",
                                        R"(\"quoted\")",
                                        R"(back\\slash)",
                                        R"(\u00e9\ud83d\ude00)",
                                        "é😀",
                                        "data: [DONE]",
                                        R"(\nevent: error\ndata: {)",
                                        "}]{[",
                                        R"(\\\")",
                                        R"(tab\tbell\u0007)",
                                        "https://a.test/?b=c&d"};

constexpr std::string_view kValues[] = {"1",         "-2.50e3",       "null",   "true",
                                        R"("text")", R"("q\"\\")",    R"("é")", R"([1,{"a":"]"}])",
                                        "{}",        R"("line\nend")"};

}  // namespace

std::string Generator::text() {
  std::string text = "t" + std::to_string(below(100));
  for (std::size_t more = below(3); more > 0; --more) {
    text += kPieces[below(std::size(kPieces))];
  }
  return text;
}

std::vector<std::string> Generator::pieces() {
  std::vector<std::string> pieces;
  for (std::size_t more = 1 + below(4); more > 0; --more) { pieces.push_back(text()); }
  return pieces;
}

std::vector<std::string> Generator::object_pieces() {
  std::vector<std::string> pieces{"{"};
  const std::size_t members = below(4);
  for (std::size_t i = 0; i < members; ++i) {
    pieces.push_back(std::string(i > 0 ? "," : "") + "\"m" + std::to_string(i) + "\":");
    pieces.emplace_back(kValues[below(std::size(kValues))]);
  }
  pieces.emplace_back("}");
  return pieces;
}

std::string Generator::object() {
  std::string object;
  for (const std::string& piece : object_pieces()) { object += piece; }
  return object;
}

Part Generator::said(Conversation& conversation) {
  if (below(4) != 0) { return {.text = {conversation.keep(text())}}; }
  Part image{.kind = Part::Kind::image};
  if (maybe()) {
    image.source.url = {"https://a.test/x.png?s=1"};
  } else {
    image.source.media_type = {"image/png"};
    image.source.data = {"iVBORw0KGgo="};
  }
  return image;
}

void Generator::user_turn(Conversation& conversation) {
  Turn turn;
  for (std::size_t more = 1 + below(3); more > 0; --more) {
    turn.parts.push_back(said(conversation));
  }
  conversation.turns.push_back(std::move(turn));
}

void Generator::assistant_turn(Conversation& conversation) {
  Turn turn{.role = Role::assistant};
  if (maybe()) {
    turn.parts.push_back({.kind = Part::Kind::thinking,
                          .text = {conversation.keep(text())},
                          .signature = {"EqQBCgIYAhIM"}});
  }
  if (maybe()) { turn.parts.push_back({.text = {conversation.keep(text())}}); }
  Turn results{.role = Role::tool};
  for (std::size_t more = below(3); more > 0; --more) {
    const std::string_view id = conversation.keep("call_" + std::to_string(++calls_));
    turn.parts.push_back({.kind = Part::Kind::tool_call,
                          .id = {id},
                          .name = {"look"},
                          .arguments = {conversation.keep(object())}});
    results.parts.push_back({.kind = Part::Kind::tool_result,
                             .id = {id},
                             .content = {{.text = {conversation.keep(text())}}}});
  }
  if (turn.parts.empty()) { turn.parts.push_back({.text = {"nothing"}}); }
  conversation.turns.push_back(std::move(turn));
  if (!results.parts.empty()) { conversation.turns.push_back(std::move(results)); }
}

void Generator::settings(Conversation& conversation) {
  conversation.max_tokens = 1 + below(5000);
  conversation.stream = maybe();
  if (maybe()) { conversation.temperature = {"0.70"}; }
  if (maybe()) { conversation.top_p = {"9e-1"}; }
  for (std::size_t more = below(3); more > 0; --more) {
    conversation.stop.push_back({conversation.keep(text())});
  }
  if (maybe()) { conversation.user = {conversation.keep(text())}; }
  if (maybe()) {
    conversation.format = {.kind = dialect::ResponseFormat::Kind::json_schema,
                           .schema = {R"({"type":"object","properties":{}})"}};
  }
}

void Generator::tools(Conversation& conversation) {
  using Kind = dialect::ToolChoice::Kind;
  conversation.tools.push_back({.name = {"look"},
                                .description = {conversation.keep(text())},
                                .parameters = {R"({"type":"object","properties":{"a":{}}})"}});
  if (maybe()) {
    conversation.tools.push_back({.name = {"act"}, .parameters = {R"({"type":"object"})"}});
  }
  constexpr Kind kKinds[] = {Kind::unset, Kind::automatic, Kind::none, Kind::any, Kind::named};
  conversation.tool_choice.kind = kKinds[below(std::size(kKinds))];
  if (conversation.tool_choice.kind == Kind::named) { conversation.tool_choice.name = {"look"}; }
}

void Generator::fill(Conversation& conversation) {
  conversation.model = {"m"};
  for (std::size_t more = below(3); more > 0; --more) {
    conversation.system.push_back({.text = {conversation.keep(text())}});
  }
  tools(conversation);
  for (std::size_t rounds = 1 + below(4); rounds > 0; --rounds) {
    user_turn(conversation);
    assistant_turn(conversation);
  }
  user_turn(conversation);
  settings(conversation);
}

Answer Generator::answer() {
  using Reason = dialect::Finish::Reason;
  Answer answer;
  if (maybe()) {
    answer.thinking = pieces();
    answer.signature = "EqQBCgIYAhIM";
  }
  if (maybe()) { answer.text = pieces(); }
  for (std::size_t more = below(3); more > 0; --more) {
    answer.calls.push_back(
        {"call_" + std::to_string(++calls_), maybe() ? "look" : "act", object_pieces()});
  }
  if (answer.text.empty() && answer.calls.empty()) { answer.text = pieces(); }
  answer.reason = !answer.calls.empty() ? Reason::tool_calls
                  : maybe()             ? Reason::stop
                                        : Reason::length;
  answer.usage = {.input = 10 + below(1000), .cached = below(10), .output = 1 + below(1000)};
  return answer;
}

}  // namespace butter::property
