#include "http/chars.h"

#include <gtest/gtest.h>

#include <string>

namespace butter::http {
namespace {

std::string all_of_class(CharClass wanted) {
  std::string chars;
  for (unsigned c = 0; c < 256; ++c) {
    if (is_char(static_cast<char>(c), wanted)) { chars += static_cast<char>(c); }
  }
  return chars;
}

TEST(Chars, ClassesAreWhatTheGrammarsSay) {
  EXPECT_EQ(all_of_class(kTokenChar),
            "!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`"
            "abcdefghijklmnopqrstuvwxyz|~");
  EXPECT_EQ(all_of_class(kHexDigit), "0123456789ABCDEFabcdef");
  EXPECT_EQ(all_of_class(kTargetChar).size(), 93U);  // 94 visible, '#' left out
  EXPECT_EQ(all_of_class(kHostChar),
            "!$%&'()*+-.0123456789;=ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
            "abcdefghijklmnopqrstuvwxyz~");
}

TEST(Chars, AllCharsWantsAtLeastOne) {
  EXPECT_FALSE(all_chars("", kTokenChar));
  EXPECT_TRUE(all_chars("a", kTokenChar));
  EXPECT_FALSE(all_chars("a b", kTokenChar));
}

TEST(Chars, SkipPrintableStopsAtEachByteAtEachPlace) {
  for (unsigned byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    for (std::size_t at = 0; at < 20; ++at) {
      // ' ' and '~' stand at the borders of what is printable.
      std::string text(24, at % 2 == 0 ? ' ' : '~');
      text[at] = c;
      const char* const end = text.data() + text.size();
      const char* const expected = is_printable(c) ? end : text.data() + at;
      EXPECT_EQ(skip_printable(text.data(), end), expected) << byte << " at " << at;
    }
  }
}

TEST(Chars, SkipPrintableStopsAtTheFirstOfTwo) {
  for (unsigned first = 0; first < 256; ++first) {
    for (unsigned second = 0; second < 256; ++second) {
      std::string text = "ab??cdefgh";
      text[2] = static_cast<char>(first);
      text[3] = static_cast<char>(second);
      std::size_t expected = 0;
      while (expected < text.size() && is_printable(text[expected])) { ++expected; }
      EXPECT_EQ(skip_printable(text.data(), text.data() + text.size()), text.data() + expected);
    }
  }
}

TEST(Chars, SkipNameStopsWhereTokensDo) {
  for (unsigned byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    for (std::size_t at = 0; at < 40; ++at) {
      std::string text = "X-Some-Name_with.1234567890-and-More~abcdefghijk";
      text[at] = c;
      const char* const end = text.data() + text.size();
      EXPECT_EQ(skip_name(text.data(), end), skip_chars(text.data(), end, kTokenChar));
      EXPECT_EQ(skip_name(text.data(), end) == end, is_char(c, kTokenChar)) << byte << " at " << at;
    }
  }
}

TEST(Chars, FieldValues) {
  EXPECT_TRUE(is_field_value(""));
  EXPECT_TRUE(is_field_value("a b\tc\xc3\xa4"));
  for (const char bad : {'\0', '\r', '\n', '\x1f', '\x7f'}) {
    EXPECT_FALSE(is_field_value(std::string("abcdefgh") + bad + "x")) << int{bad};
  }
}

}  // namespace
}  // namespace butter::http
