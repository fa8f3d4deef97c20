#include "dialect/messages_turns.h"

#include "unit/dialect/messages_support.h"

namespace butter::dialect {
namespace {

using Kind = Part::Kind;

std::string turns_of(std::vector<Turn> turns) {
  Conversation asked;
  asked.turns = std::move(turns);
  Buffer out;
  json::Writer writer(out);
  const auto done = write_messages_turns(asked, writer);
  return done ? std::string(out.view()) : done.error().detail;
}

Part text(std::string_view said) {
  return {.text = {said}};
}

std::string system_of(std::vector<Part> parts, std::string_view also = {}) {
  Conversation asked;
  asked.system = std::move(parts);
  Buffer out;
  json::Writer writer(out);
  write_messages_system(asked, also, writer);
  return std::string(out.view());
}

TEST(MessagesTurns, RolesAlternate) {
  EXPECT_EQ(turns_of({{.role = Role::user, .parts = {text("a")}},
                      {.role = Role::assistant, .parts = {text("")}},
                      {.role = Role::user, .parts = {text("b")}},
                      {.role = Role::assistant, .parts = {text("c")}},
                      {.role = Role::assistant, .parts = {text("d")}}}),
            R"([{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},)"
            R"({"role":"assistant","content":[{"type":"text","text":"c"},)"
            R"({"type":"text","text":"d"}]}])");
}

TEST(MessagesTurns, AnAssistantMayBegin) {
  EXPECT_EQ(turns_of({{.role = Role::assistant, .parts = {text("a")}},
                      {.role = Role::user, .parts = {text("b")}}}),
            R"([{"role":"assistant","content":"a"},{"role":"user","content":"b"}])");
}

TEST(MessagesTurns, NothingSaidIsTheApisToRefuse) {
  EXPECT_EQ(turns_of({}), "[]");
  EXPECT_EQ(turns_of({{.role = Role::user, .parts = {text("")}}}),
            R"([{"role":"user","content":""}])");
}

TEST(MessagesTurns, ResultsOfToolsComeFirst) {
  const Part result{.kind = Kind::tool_result, .id = {"t"}, .content = {text("r")}};
  EXPECT_EQ(turns_of({{.role = Role::user, .parts = {text("a")}},
                      {.role = Role::tool, .parts = {result}}}),
            R"([{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"r"},)"
            R"({"type":"text","text":"a"}]}])");
}

TEST(MessagesTurns, AResultSaysWhatItHolds) {
  const Part image{.kind = Kind::image, .source = {.url = {"https://e"}}};
  EXPECT_EQ(turns_of({{.role = Role::tool,
                       .parts = {{.kind = Kind::tool_result, .id = {"t"}},
                                 {.kind = Kind::tool_result,
                                  .id = {"u"},
                                  .content = {text("r"), image},
                                  .is_error = true}}}}),
            R"([{"role":"user","content":[{"type":"tool_result","tool_use_id":"t"},)"
            R"({"type":"tool_result","tool_use_id":"u","content":[{"type":"text","text":"r"},)"
            R"({"type":"image","source":{"type":"url","url":"https://e"}}],"is_error":true}]}])");
}

TEST(MessagesTurns, ThinkingNeedsItsSignature) {
  EXPECT_EQ(turns_of({{.role = Role::assistant,
                       .parts = {{.kind = Kind::thinking, .text = {"a"}},
                                 {.kind = Kind::thinking, .text = {"b"}, .signature = {"s"}},
                                 {.kind = Kind::redacted_thinking, .signature = {"d"}},
                                 {.kind = Kind::tool_call, .id = {"t"}, .name = {"f"}}}}}),
            R"([{"role":"assistant","content":[{"type":"thinking","thinking":"b","signature":"s"},)"
            R"({"type":"redacted_thinking","data":"d"},)"
            R"({"type":"tool_use","id":"t","name":"f","input":{}}]}])");
}

TEST(MessagesTurns, BlocksOfItsOwnKeepTheirPlace) {
  const Part kept{.text = {"x"}, .messages_own = {R"({"type":"search_result"})"}};
  EXPECT_EQ(turns_of({{.role = Role::assistant,
                       .parts = {text("a"), kept},
                       .messages_own = {{.before = 1, .block = {R"({"type":"server_tool_use"})"}},
                                        {.before = 2, .block = {"{}"}}}}}),
            R"([{"role":"assistant","content":[{"type":"text","text":"a"},)"
            R"({"type":"server_tool_use"},{"type":"search_result"},{}]}])");
}

TEST(MessagesTurns, ASoundIsRefused) {
  EXPECT_THAT(turns_of({{.role = Role::user, .parts = {{.kind = Kind::audio}}}}),
              testing::HasSubstr("sound"));
}

TEST(MessagesTurns, TheSystemIsAStringOrMarkedBlocks) {
  EXPECT_EQ(system_of({}), "");
  EXPECT_EQ(system_of({text("")}), "");
  EXPECT_EQ(system_of({text("a"), text(""), text("b")}, "c"), R"("system":"a\nb\nc")");
  Part marked = text("a");
  marked.cache_control = {R"({"type":"ephemeral"})"};
  EXPECT_EQ(system_of({marked, text("")}, "c"),
            R"("system":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}},)"
            R"({"type":"text","text":"c"}])");
}

}  // namespace
}  // namespace butter::dialect
