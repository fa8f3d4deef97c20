#include "dialect/converse_block_reader.h"

#include <gtest/gtest.h>

#include <string_view>

#include "support/folded_answer.h"

namespace butter::dialect {
namespace {

using Read = void (ConverseBlockReader::*)(json::Cursor&, AnswerSink&);

/// Thread: any one at a time.
class ConverseBlockReading : public testing::Test {
 protected:
  void read(Read how, std::string_view object) {
    json::Cursor cursor(object);
    (reader_.*how)(cursor, told_);
    EXPECT_TRUE(cursor.ok()) << object;
    EXPECT_EQ(cursor.peek(), '\0') << object;
  }

  ConverseBlockReader reader_;
  test::FoldedAnswer told_;
};

TEST_F(ConverseBlockReading, WholeBlocks) {
  read(&ConverseBlockReader::whole,
       R"({"reasoningContent":{"reasoningText":{"signature":"S","text":"hm"}}})");
  read(&ConverseBlockReader::whole, R"({"text":"a\nb"})");
  read(&ConverseBlockReader::whole,
       R"({"toolUse":{"input":{"x":"\""},"name":"f","toolUseId":"1"}})");
  read(&ConverseBlockReader::whole, R"({"somethingNew":{}})");
  EXPECT_EQ(told_.message(),
            "choice 0\nthinking: hm signature=S\ntext: a\\nb\nrefusal: \n"
            "tool 0: 1 f {\\\"x\\\":\\\"\\\\\\\"\\\"}\ncitations: logprobs: ");
}

TEST_F(ConverseBlockReading, PiecesFindTheirBlock) {
  read(&ConverseBlockReader::start,
       R"({"start":{"toolUse":{"toolUseId":"1","name":"f"}},"contentBlockIndex":4})");
  read(&ConverseBlockReader::start,
       R"({"contentBlockIndex":5,"start":{"toolUse":{"toolUseId":"2","name":"g"}}})");
  read(&ConverseBlockReader::piece,
       R"({"contentBlockIndex":5,"delta":{"toolUse":{"input":"{\"a\":"}}})");
  read(&ConverseBlockReader::piece,
       R"({"contentBlockIndex":5,"delta":{"toolUse":{"input":"1}"}}})");
  read(&ConverseBlockReader::piece,
       R"({"contentBlockIndex":9,"delta":{"toolUse":{"input":"no"}}})");
  read(&ConverseBlockReader::stop, R"({"contentBlockIndex":5})");
  read(&ConverseBlockReader::stop, R"({"contentBlockIndex":4})");
  EXPECT_EQ(told_.message(),
            "choice 0\ntext: \nrefusal: \ntool 0: 1 f {}\ntool 1: 2 g {\\\"a\\\":1}\n"
            "citations: logprobs: ");
}

}  // namespace
}  // namespace butter::dialect
