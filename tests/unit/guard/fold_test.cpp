#include "guard/fold.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>

namespace butter::guard {
namespace {

const Fold& fold() {
  static const Fold one;
  return one;
}

std::string folded(std::string_view text) {
  Buffer out;
  fold().append(text, out);
  return std::string(out.view());
}

/// Of what stands between a string's quotes.
std::string folded_json(std::string_view raw) {
  Buffer out;
  const std::string rest = std::string(raw) + "\", \"more\"";
  EXPECT_EQ(fold().append_string(rest, out), raw.size() + 1);
  return std::string(out.view());
}

struct Row {
  const char* name;
  const char* text;
  const char* plain;
};

class Folded : public testing::TestWithParam<Row> {};

TEST_P(Folded, IsPlain) {
  EXPECT_EQ(folded(GetParam().text), GetParam().plain);
  EXPECT_EQ(folded_json(GetParam().text), GetParam().plain);
}

INSTANTIATE_TEST_SUITE_P(
    Fold, Folded,
    testing::Values(
        Row{"Empty", "", ""}, Row{"AsciiStays", "Ab 1,:~!", "Ab 1,:~!"},
        Row{"FullWidth", "ｊａｉｌＢＲＥＡＫ", "jailbreak"}, Row{"Circled", "ⓙⒶⓘⓛ", "jail"},
        Row{"Mathematical", "𝐣𝖆𝑖𝕃", "jail"}, Row{"Squared", "🅹🅐🄸🇱", "jail"},
        Row{"Units", "㎒", "mhz"}, Row{"Ligature", "ﬁﬀ", "fiff"}, Row{"SharpS", "ß", "ss"},
        Row{"Kelvin", "\u212a", "k"}, Row{"DottedCapitalI", "İ", "i"}, Row{"DotlessI", "ı", "i"},
        Row{"LongS", "ſ", "s"}, Row{"Accents", "ïgnörê", "ignore"},
        Row{"CombiningMarks", "i\u0301g\u0323n\u0338o", "igno"},
        Row{"ZeroWidth", "j\u200ba\u200ci\u200dl\ufeffb\u2060r\u00ade", "jailbre"},
        Row{"Bidirectional", "\u202ejail\u202c\u2066b\u2069", "jailb"},
        Row{"VariationSelectors", "a\ufe0fb\U000e0101", "ab"},
        Row{"HangulFiller", "a\u3164b", "ab"},
        Row{"Tags", "a\U000e0062\U000e0020\U000e0063", "ab c"},
        Row{"Blanks", "a\u00a0b\u2003c\u3000d\u2028e\u0085f\u1680g", "a b c d e f g"},
        Row{"Cyrillic", "іgnоrе", "ignore"}, Row{"CyrillicCapitals", "ІGΝОRЕ", "iGnoRe"},
        Row{"CyrillicCapitalsOfOtherShape", "ВКМНТ", "bkmht"}, Row{"Greek", "νοω", "voω"},
        Row{"Cherokee", "ᎪᏢ", "ap"}, Row{"SmallCapitals", "ɪɢɴᴏʀᴇ", "ignore"},
        Row{"CyrillicWordsGetSmall", "ЖЮЛ", "жюл"}, Row{"ChineseStays", "中文，", "中文,"},
        Row{"HangulStays", "한글", "한글"}, Row{"EmojiStay", "😀", "😀"},
        Row{"NoUtf8Stays", "a\xff\xc3\x28\xed\xa0\x80z", "a\xff\xc3(\xed\xa0\x80z"},
        Row{"CutOff", "ab\xe2\x80", "ab\xe2\x80"}),
    [](const auto& test) { return test.param.name; });

TEST(Fold, ControlCharactersAreBlanksOrNothing) {
  EXPECT_EQ(folded(std::string_view("a\tb\nc\rd\fe\vf", 11)), "a b c d e f");
  EXPECT_EQ(folded(std::string_view("a\0b\x01"
                                    "c\x7f"
                                    "d",
                                    7)),
            "abcd");
}

TEST(Fold, OfPlainTextABackslashIsAByte) {
  EXPECT_EQ(folded(R"(a\nb"c)"), R"(a\nb"c)");
}

TEST(Fold, EscapesOfStrings) {
  EXPECT_EQ(folded_json(R"(a\nb\tc\rd\fe)"), "a b c d e");
  EXPECT_EQ(folded_json(R"(a\bb)"), "ab");
  EXPECT_EQ(folded_json(R"(\"\\\/)"), R"("\/)");
  EXPECT_EQ(folded_json(R"(j\u0061il\u200bbreak)"), "jailbreak");
  EXPECT_EQ(folded_json(R"(\u0456gnore)"), "ignore");
  EXPECT_EQ(folded_json(R"(x\ud835\udc23y)"), "xjy");
  EXPECT_EQ(folded_json(R"(\u0041\ud835\udc23\u0042)"), "AjB");
  EXPECT_EQ(folded_json(R"(\ud835)"), "\xef\xbf\xbd");
}

TEST(Fold, AnEscapeMayFollowAnything) {
  for (const char* const before : {"é", "中", "\u200b", "\x7f", R"(\b)", R"(\u0041)", R"(\x)"}) {
    const std::string plain = folded_json(before);
    EXPECT_EQ(folded_json(std::string(before) + R"(\"x)"), plain + "\"x") << before;
    EXPECT_EQ(folded_json(std::string(before) + R"(\\x)"), plain + "\\x") << before;
    EXPECT_EQ(folded_json(std::string(before) + R"(\nx)"), plain + " x") << before;
    EXPECT_EQ(folded_json(std::string(before) + R"(\u0062x)"), plain + "bx") << before;
  }
}

TEST(Fold, OfAMalformedEscapeTheBackslashIsText) {
  EXPECT_EQ(folded_json(R"(a\xb)"), R"(a\xb)");
  EXPECT_EQ(folded_json(R"(a\u12)"), R"(a\u12)");
  EXPECT_EQ(folded_json(R"(\u00zz)"), R"(\u00zz)");
}

TEST(Fold, AStringWithoutAnEndHasNone) {
  for (const char* const text :
       {"", "abc", "abc\\", "abc\\\"", "\\u0041", "é", "0123456789abcdef"}) {
    Buffer out;
    EXPECT_EQ(fold().append_string(text, out), 0U) << text;
  }
}

TEST(Fold, AStringEndsAtItsQuote) {
  Buffer out;
  EXPECT_EQ(fold().append_string(R"(a\"b"c")", out), 5U);
  EXPECT_EQ(out.view(), R"(a"b)");
}

TEST(Fold, AddsToWhatIsThere) {
  Buffer out;
  fold().append("one ", out);
  fold().append("ﷺ and a text that is longer than a block of bytes", out);
  EXPECT_TRUE(out.view().starts_with("one "));
  EXPECT_TRUE(out.view().ends_with(" and a text that is longer than a block of bytes"));
}

// Blocks of sixteen bytes are an optimisation: wherever something stands, it is seen.
TEST(Fold, EveryPlaceInABlockIsSeen) {
  for (std::size_t size = 0; size < 40; ++size) {
    for (std::size_t at = 0; at <= size; ++at) {
      std::string text(size, 'x'), plain(size, 'x');
      text.insert(at, "é\u200b");
      plain.insert(at, "e");
      ASSERT_EQ(folded(text), plain) << size << ' ' << at;
      text.insert(at, "\\n");
      plain.insert(at, " ");
      ASSERT_EQ(folded_json(text), plain) << size << ' ' << at;
      text.insert(at, "é\\\"");
      plain.insert(at, "e\"");
      ASSERT_EQ(folded_json(text), plain) << size << ' ' << at;
    }
  }
}

TEST(Fold, FoldingTwiceIsFoldingOnce) {
  std::mt19937 random(3);
  for (char32_t c = 0x80; c < 0x10000; c += 1 + random() % 7) {
    if (c >= 0xd800 && c < 0xe000) { continue; }
    std::string text;
    if (c < 0x800) {
      text = {static_cast<char>(0xc0 | c >> 6), static_cast<char>(0x80 | (c & 0x3f))};
    } else {
      text = {static_cast<char>(0xe0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3f)),
              static_cast<char>(0x80 | (c & 0x3f))};
    }
    // Letters that look like others become them at the second time only where they were not small.
    std::string once = folded(text);
    for (char& letter : once) { letter = letter >= 'A' && letter <= 'Z' ? 'x' : letter; }
    ASSERT_EQ(folded(once), once) << std::hex << static_cast<unsigned>(c);
  }
}

}  // namespace
}  // namespace butter::guard
