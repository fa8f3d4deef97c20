#include "guard/kinds.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace butter::guard {
namespace {

using Kind = std::size_t (*)(Lookahead&, std::size_t) noexcept;

/// What is taken from the front of a text.
std::string taken(Kind kind, std::string_view text) {
  Lookahead ahead(text);
  return std::string(text.substr(0, kind(ahead, 0)));
}

struct Row {
  const char* name;
  Kind kind;
  std::string text;
  std::string taken;
};

class EachKind : public testing::TestWithParam<Row> {};

TEST_P(EachKind, TakesWhatIsOfIt) {
  EXPECT_EQ(taken(GetParam().kind, GetParam().text), GetParam().taken);
}

std::string many(std::size_t count, char c) {
  return std::string(count, c);
}

INSTANTIATE_TEST_SUITE_P(
    Email, EachKind,
    testing::Values(Row{"Plain", email_at, "bob@example.com", "bob@example.com"},
                    Row{"Tagged", email_at, "b.o-b+x%y_1@mail.example.co.uk!",
                        "b.o-b+x%y_1@mail.example.co.uk"},
                    Row{"EndOfSentence", email_at, "bob@example.com. Then", "bob@example.com"},
                    Row{"DashBehind", email_at, "bob@example.com- x", "bob@example.com"},
                    Row{"NoAt", email_at, "bob", ""}, Row{"NoLocal", email_at, "@example.com", ""},
                    Row{"OneLabel", email_at, "bob@localhost", ""},
                    Row{"Version", email_at, "react@18.2.0", ""},
                    Row{"ShortTop", email_at, "a@b.c", ""},
                    Row{"VersionBehindName", email_at, "bob@example.com.5", "bob@example.com"},
                    Row{"EmptyLabel", email_at, "bob@example..com", ""},
                    Row{"Repository", email_at, "git@github.com:a/b.git", ""},
                    Row{"LongLocal", email_at, many(64, 'a') + "@b.de", many(64, 'a') + "@b.de"},
                    Row{"TooLongLocal", email_at, many(65, 'a') + "@b.de", ""},
                    Row{"LongDomain", email_at, "a@" + many(250, 'b') + ".de",
                        "a@" + many(250, 'b') + ".de"},
                    Row{"TooLongDomain", email_at, "a@" + many(260, 'b') + ".de", ""}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Card, EachKind,
    testing::Values(Row{"Visa", card_at, "4111111111111111", "4111111111111111"},
                    Row{"VisaShort", card_at, "4222222222222", "4222222222222"},
                    Row{"Mastercard", card_at, "5555555555554444 x", "5555555555554444"},
                    Row{"MastercardOfTwo", card_at, "2223003122003222", "2223003122003222"},
                    Row{"Amex", card_at, "378282246310005", "378282246310005"},
                    Row{"AmexPrinted", card_at, "3782 822463 10005", "3782 822463 10005"},
                    Row{"DinersPrinted", card_at, "3056-930902-5904", "3056-930902-5904"},
                    Row{"Printed", card_at, "4111 1111 1111 1111", "4111 1111 1111 1111"},
                    Row{"Dashes", card_at, "4111-1111-1111-1111.", "4111-1111-1111-1111"},
                    Row{"Nineteen", card_at, "6304000000000000000", "6304000000000000000"},
                    Row{"NineteenPrinted", card_at, "6304 0000 0000 0000 000",
                        "6304 0000 0000 0000 000"},
                    Row{"NumberBehind", card_at, "4111 1111 1111 1111 25", "4111 1111 1111 1111"},
                    Row{"YearBehind", card_at, "4111 1111 1111 1111 2027", "4111 1111 1111 1111"},
                    Row{"WrongDigit", card_at, "4111111111111112", ""},
                    Row{"WrongDigitPrinted", card_at, "4111 1111 1111 1112", ""},
                    Row{"MixedSeparators", card_at, "4111 1111-1111 1111", ""},
                    Row{"TwoBlanks", card_at, "4111  1111 1111 1111", ""},
                    Row{"OtherGroups", card_at, "41 11111111 111111", ""},
                    Row{"WrongFirst", card_at, "1111111111111117", ""},
                    Row{"TooShort", card_at, "411111111111", ""},
                    Row{"TooLong", card_at, many(20, '4'), ""},
                    Row{"PartOfAWord", card_at, "4111111111111111a", ""},
                    Row{"PartOfAWordPrinted", card_at, "4111 1111 1111 1111a", ""}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Iban, EachKind,
    testing::Values(
        Row{"German", iban_at, "DE89370400440532013000", "DE89370400440532013000"},
        Row{"Printed", iban_at, "DE89 3704 0044 0532 0130 00,", "DE89 3704 0044 0532 0130 00"},
        Row{"Small", iban_at, "de89 3704 0044 0532 0130 00", "de89 3704 0044 0532 0130 00"},
        Row{"British", iban_at, "GB82WEST12345698765432", "GB82WEST12345698765432"},
        Row{"Norwegian", iban_at, "NO9386011117947", "NO9386011117947"},
        Row{"Maltese", iban_at, "MT84MALT011000012345MTLCAST001S",
            "MT84MALT011000012345MTLCAST001S"},
        Row{"WrongCheck", iban_at, "DE88370400440532013000", ""},
        Row{"TooShort", iban_at, "DE8937040044053201300", ""},
        Row{"TooLong", iban_at, "DE893704004405320130001", ""},
        Row{"NoCountry", iban_at, "XX89370400440532013000", ""},
        Row{"NoDigits", iban_at, "DEAD", ""},
        Row{"OtherGroups", iban_at, "DE89 370400440532013000 1", "DE89 370400440532013000"},
        Row{"TwoBlanks", iban_at, "DE89  3704 0044 0532 0130 00", ""}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Key, EachKind,
    testing::Values(
        Row{"OpenAi", key_at, "sk-" + many(47, 'a') + "1", "sk-" + many(47, 'a') + "1"},
        Row{"OpenAiProject", key_at, "sk-proj-ab_c-" + many(40, '7') + ".",
            "sk-proj-ab_c-" + many(40, '7')},
        Row{"Anthropic", key_at, "sk-ant-api03-" + many(90, 'x'), "sk-ant-api03-" + many(90, 'x')},
        Row{"KebabCase", key_at, "sk-estimator-html-doc-link-icon", ""},
        Row{"ShortSk", key_at, "sk-1234567890", ""},
        Row{"Aws", key_at, "AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"},
        Row{"AwsSession", key_at, "ASIAIOSFODNN7EXAMPLE ", "ASIAIOSFODNN7EXAMPLE"},
        Row{"AwsLonger", key_at, "AKIAIOSFODNN7EXAMPLES", ""},
        Row{"AwsSmall", key_at, "AKIAiosfodnn7example", ""},
        Row{"GitHub", key_at, "ghp_" + many(36, 'Z'), "ghp_" + many(36, 'Z')},
        Row{"GitHubShort", key_at, "ghp_" + many(35, 'Z'), ""},
        Row{"GitHubFine", key_at, "github_pat_" + many(22, 'A') + "_" + many(59, 'b'),
            "github_pat_" + many(22, 'A') + "_" + many(59, 'b')},
        Row{"Google", key_at, "AIza" + many(35, 'c'), "AIza" + many(35, 'c')},
        Row{"Slack", key_at, "xoxb-123456789012-abcdefghij", "xoxb-123456789012-abcdefghij"},
        Row{"VeryLong", key_at, "sk-" + many(600, '1'), "sk-" + many(512, '1')},
        Row{"Word", key_at, "skirt", ""}),
    [](const auto& test) { return test.param.name; });

TEST(Lookahead, KnowsWhetherSomebodyLookedBehindTheEnd) {
  Lookahead text("ab");
  EXPECT_EQ(text[1], 'b');
  EXPECT_FALSE(text.ran_out());
  EXPECT_EQ(text[2], '\0');
  EXPECT_TRUE(text.ran_out());
}

TEST(Lookahead, NoKindLooksTooFar) {
  for (const Kind kind : {email_at, card_at, iban_at, key_at}) {
    for (const std::string& text :
         {many(kFarthest, '4'), many(kFarthest, 'a'), "a@" + many(kFarthest, 'b'),
          "sk-" + many(kFarthest, '1'), many(64, 'a') + "@" + many(kFarthest, 'b'),
          "github_pat_" + many(kFarthest, '_')}) {
      Lookahead ahead(text);
      (void)kind(ahead, 0);
      EXPECT_FALSE(ahead.ran_out()) << text;
    }
  }
}

}  // namespace
}  // namespace butter::guard
