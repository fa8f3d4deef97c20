#include "guard/window.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace butter::guard {
namespace {

using Rest = Sensitive::Rest;

const Sensitive kEverything({.email = true, .card = true, .iban = true, .key = true});

std::string applied(std::string_view piece, const std::vector<Replacement>& changes) {
  std::string out;
  std::size_t done = 0;
  for (const Replacement& change : changes) {
    EXPECT_LE(done, change.begin);
    EXPECT_LE(change.begin, change.end);
    EXPECT_LE(change.end, piece.size());
    out += piece.substr(done, change.begin - done);
    out += change.by;
    done = change.end;
  }
  return out += piece.substr(done);
}

/// What comes out for each piece, and at last for the end.
std::vector<std::string> told(const std::vector<std::string_view>& pieces,
                              Content content = Content::prose) {
  Window window(content);
  std::vector<std::string> out;
  for (const std::string_view piece : pieces) {
    out.push_back(applied(piece, window.take(kEverything, piece, Rest::follows)));
    EXPECT_LE(window.held().size(), Sensitive::kMostUndecided);
  }
  out.push_back(applied("", window.take(kEverything, "", Rest::none)));
  EXPECT_EQ(window.held(), "");
  return out;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string all;
  for (const std::string& part : parts) { all += part; }
  return all;
}

std::string whole(std::string_view text, Content content = Content::prose) {
  Window window(content);
  return applied(text, window.take(kEverything, text, Rest::none));
}

using Strings = std::vector<std::string>;

TEST(Window, HoldsWhatIsNotDecided) {
  EXPECT_EQ(told({"Hello", " world", ". Bye"}), (Strings{"", "Hello ", "world. ", "Bye"}));
  EXPECT_EQ(told({"Hello ", "- ", "!"}), (Strings{"Hello ", "- ", "!", ""}));
}

TEST(Window, NothingChangesWhereNothingIsHeld) {
  Window window;
  EXPECT_TRUE(window.take(kEverything, "One, two: ", Rest::follows).empty());
  EXPECT_TRUE(window.take(kEverything, "three!", Rest::none).empty());
}

TEST(Window, FindsWhatIsCut) {
  EXPECT_EQ(told({"to bo", "b@exam", "ple.com", ", you"}),
            (Strings{"to ", "", "", "[EMAIL], ", "you"}));
  EXPECT_EQ(told({"4111 1111", " 1111 11", "11"}), (Strings{"", "", "", "[CARD]"}));
}

TEST(Window, ChangesOfOnePieceComeInTheirOrder) {
  EXPECT_EQ(told({"a@b", ".de c@d.de e@f.de g"}), (Strings{"", "[EMAIL] [EMAIL] [EMAIL] ", "g"}));
}

TEST(Window, TheByteBeforeCounts) {
  EXPECT_EQ(joined(told({"x", "4111111111111111"})), "x4111111111111111");
  EXPECT_EQ(joined(told({"0.", "4111111111111111"})), "0.4111111111111111");
  EXPECT_EQ(joined(told({"no. ", "4111111111111111"})), "no. [CARD]");
}

TEST(Window, InJsonANumberBecomesAString) {
  EXPECT_EQ(whole(R"({"n":4111111111111111,"s":"4111111111111111"})", Content::json),
            R"({"n":"[CARD]","s":"[CARD]"})");
  EXPECT_EQ(
      joined(told({R"({"q":"\")", R"(",)", R"("n": 41111111)", "11111111", "}"}, Content::json)),
      R"({"q":"\"","n": "[CARD]"})");
  EXPECT_EQ(whole(R"({"n":4111111111111111})"), R"({"n":[CARD]})");
}

// However a text is cut, the same comes out.
TEST(Window, CutsDoNotMatter) {
  constexpr std::string_view kText =
      "Write to bob.b@mail.example.com or pay 4111 1111 1111 1111, DE89 3704 0044 0532 0130 00; "
      "key sk-proj-0123456789abcdefghijkl. é a@b.de";
  const std::string expected = whole(kText);
  EXPECT_EQ(expected, "Write to [EMAIL] or pay [CARD], [IBAN]; key [KEY]. é [EMAIL]");
  for (std::size_t cut = 0; cut <= kText.size(); ++cut) {
    ASSERT_EQ(joined(told({kText.substr(0, cut), kText.substr(cut)})), expected) << cut;
  }
  for (std::size_t size = 1; size < 9; ++size) {
    std::vector<std::string_view> pieces;
    for (std::size_t at = 0; at < kText.size(); at += size) {
      pieces.push_back(kText.substr(at, size));
    }
    ASSERT_EQ(joined(told(pieces)), expected) << size;
  }
}

TEST(Window, CutsDoNotMatterInRandomTexts) {
  constexpr std::string_view kParts[] = {"a",    "b@",   "c.de", " ",   ".",  "4111", "1111 ",
                                         "1111", "DE89", "-",    "sk-", "\"", "_",    "x1x1x1x1x1"};
  std::mt19937 random(5);
  for (int round = 0; round < 500; ++round) {
    std::string text;
    for (int i = 0; i < 20; ++i) { text += kParts[random() % std::size(kParts)]; }
    std::vector<std::string_view> pieces;
    for (std::string_view rest = text; !rest.empty();) {
      const std::string_view piece = rest.substr(0, 1 + random() % 12);
      pieces.push_back(piece);
      rest.remove_prefix(piece.size());
    }
    for (const Content content : {Content::prose, Content::json}) {
      ASSERT_EQ(joined(told(pieces, content)), whole(text, content)) << text;
    }
  }
}

}  // namespace
}  // namespace butter::guard
