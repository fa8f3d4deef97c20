#include "provider/mock.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "provider/stream_contract.h"
#include "unit/provider/json_at.h"

namespace butter::provider {
namespace {

using test::json_at;

const std::map<std::string, std::string> kBodies{
    {"/chat/completions", R"({"model":"m","messages":[{"role":"user","content":"Hi"}]})"},
    {"/completions", R"({"model":"m","prompt":"Hi"})"},
    {"/responses", R"({"model":"m","input":"Hi"})"},
};

TEST(Mock, EveryStreamKeepsTheContractOfItsDialect) {
  for (const auto& [path, body] : kBodies) {
    StreamContract contract(operation_of(path));
    const MockAnswer answer = mock_answer(path, body, true, "m", 1);
    EXPECT_EQ(answer.content_type, "text/event-stream");
    EXPECT_GT(answer.between, 0ns);
    bool begun = false;
    for (const std::string& piece : answer.pieces) {
      const EventKind kind = contract.on_event(piece);
      EXPECT_NE(kind, EventKind::error) << piece;
      EXPECT_EQ(contract.ended(), &piece == &answer.pieces.back()) << piece;
      begun = begun || kind == EventKind::content;
    }
    EXPECT_TRUE(begun) << path;
    EXPECT_TRUE(contract.ended()) << path;
  }
}

TEST(Mock, AnythingIsAnsweredInJson) {
  for (const auto& [path, good] : kBodies) {
    for (const std::string_view body : {"", "null", "[]", "{", R"({"messages":5,"input":{"a":1}})",
                                        R"({"messages":[1,null,{"role":"user"}],"tools":[7]})"}) {
      const MockAnswer answer = mock_answer(path, body, false, "m", 1);
      EXPECT_EQ(answer.status, 200);
      ASSERT_EQ(answer.pieces.size(), 1U);
      EXPECT_EQ(json_at(answer.pieces[0], "/model"), "m") << path << body;
    }
  }
}

TEST(Mock, TheSameRequestGivesTheSameAnswer) {
  for (const auto& [path, body] : kBodies) {
    EXPECT_EQ(mock_answer(path, body, true, "m", 1).pieces,
              mock_answer(path, body, true, "m", 1).pieces);
    EXPECT_NE(mock_answer(path, body, true, "m", 1).pieces,
              mock_answer(path, body, true, "m", 2).pieces);
  }
}

TEST(Mock, AnUnknownPathIsAnErrorOfOpenAisShape) {
  const MockAnswer answer = mock_answer("/batches\"", "{}", false, "m", 1);
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.content_type, "application/json");
  EXPECT_EQ(json_at(answer.pieces.at(0), "/error/message"),
            R"(the built-in provider has no "/batches\"")");
  EXPECT_EQ(json_at(answer.pieces.at(0), "/error/code"), "not_found");
}

TEST(Mock, EveryKnownPathAnswers) {
  for (const char* path :
       {"/chat/completions", "/completions", "/responses", "/embeddings", "/moderations",
        "/audio/speech", "/audio/transcriptions", "/audio/translations", "/images/generations",
        "/images/edits", "/images/variations"}) {
    EXPECT_EQ(mock_answer(path, R"({"input":"x"})", false, "m", 1).status, 200) << path;
  }
}

}  // namespace
}  // namespace butter::provider
