#include "redis/command.h"

#include <gtest/gtest.h>

namespace butter::redis {
namespace {

using namespace std::string_view_literals;

TEST(Command, WordsMayHoldAnyBytes) {
  Buffer out;
  append_command(out, 3);
  append_word(out, "SET");
  append_word(out, "");
  append_word(out, "a\r\n\0b"sv);
  EXPECT_EQ(out.view(), "*3\r\n$3\r\nSET\r\n$0\r\n\r\n$5\r\na\r\n\0b\r\n"sv);
}

TEST(Script, IsNamedByItsHash) {
  // The server's own words: SCRIPT LOAD "return 1".
  EXPECT_EQ(Script("return 1").hash(), "e0e1f9fabfc9d4800c877a703b823ac0578ff8db");
}

}  // namespace
}  // namespace butter::redis
