#include "config/field.h"

#include "unit/config/support.h"

namespace butter::config {
namespace {

enum class Colour : std::uint8_t { red, green };
constexpr Choice<Colour> kColours[] = {
    {"red", Colour::red}, {"green", Colour::green}, {"verde", Colour::green}};

/// Sets a field of the named kind; "ok <value>" or the refusal.
std::string set(std::string_view kind, std::string_view text, bool plain) {
  const Scalar scalar{.text = text, .plain = plain, .shown = text};
  const auto result = [](const Refusal& refusal, const std::string& value) {
    return refusal ? *refusal : "ok " + value;
  };
  if (kind == "boolean") {
    bool value = false;
    const Refusal refusal = boolean(value).set(scalar);
    return result(refusal, value ? "true" : "false");
  }
  if (kind == "integer") {
    int value = -1;
    const Refusal refusal = integer(value, {.min = 0, .max = 5000}).set(scalar);
    return result(refusal, std::to_string(value));
  }
  if (kind == "number") {
    double value = -1;
    const Refusal refusal = number(value, {.min = 0, .max = 10}).set(scalar);
    return result(refusal, std::to_string(value).substr(0, 4));
  }
  if (kind == "duration") {
    Duration value{-1};
    const Refusal refusal = duration(value, {.min = 0s, .max = 1h}).set(scalar);
    return result(refusal, std::to_string(value.count()));
  }
  if (kind == "size") {
    std::uint64_t value = 1;
    const Refusal refusal = size(value, {.min = 10, .max = 1 << 20}).set(scalar);
    return result(refusal, std::to_string(value));
  }
  Colour value = Colour::red;
  const Refusal refusal = choice(value, kColours).set(scalar);
  return result(refusal, value == Colour::red ? "red" : "green");
}

struct Case {
  const char* name;
  std::string_view kind;
  std::string_view text;
  bool plain;
  std::string_view expected;
  friend std::ostream& operator<<(std::ostream& os, const Case& c) { return os << c.name; }
};

constexpr Case kCases[] = {
    {"true_word", "boolean", "true", true, "ok true"},
    {"true_upper", "boolean", "TRUE", true, "ok true"},
    {"on_is_true", "boolean", "on", true, "ok true"},
    {"no_is_false", "boolean", "no", true, "ok false"},
    {"one_is_no_boolean", "boolean", "1", true, "expected true or false, got \"1\""},
    {"text_is_no_boolean", "boolean", "true", false, "expected true or false, got \"true\""},

    {"integer", "integer", "42", true, "ok 42"},
    {"integer_plus", "integer", "+42", true, "ok 42"},
    {"integer_hex", "integer", "0x10", true, "ok 16"},
    {"integer_octal", "integer", "0o10", true, "ok 8"},
    {"integer_with_zero_fraction", "integer", "3.0", true, "ok 3"},
    {"integer_with_exponent", "integer", "1e3", true, "ok 1000"},
    {"integer_fraction", "integer", "3.5", true, "expected an integer from 0 to 5000, got \"3.5\""},
    {"integer_word", "integer", "three", true, "expected an integer from 0 to 5000, got \"three\""},
    {"integer_empty", "integer", "", true, "expected an integer from 0 to 5000, got \"\""},
    {"integer_text", "integer", "3", false, "expected an integer from 0 to 5000, got \"3\""},
    {"integer_low", "integer", "-1", true, "expected an integer from 0 to 5000, got \"-1\""},
    {"integer_high", "integer", "5001", true, "expected an integer from 0 to 5000, got \"5001\""},
    {"integer_huge", "integer", "99999999999999999999", true,
     "expected an integer from 0 to 5000, got \"99999999999999999999\""},
    {"integer_trailing", "integer", "3x", true, "expected an integer from 0 to 5000, got \"3x\""},

    {"number", "number", "2.5", true, "ok 2.50"},
    {"number_without_point", "number", "2", true, "ok 2.00"},
    {"number_negative", "number", "-1", true, "expected a number from 0 to 10, got \"-1\""},
    {"number_nan", "number", "nan", true, "expected a number from 0 to 10, got \"nan\""},
    {"number_infinite", "number", "inf", true, "expected a number from 0 to 10, got \"inf\""},

    {"duration", "duration", "1m30s", true, "ok 90000000000"},
    {"duration_quoted", "duration", "30s", false, "ok 30000000000"},
    {"duration_zero", "duration", "0", true, "ok 0"},
    {"duration_bare", "duration", "30", true,
     "cannot unmarshal !!int `30` into a duration; write \"30s\""},
    {"duration_bare_float", "duration", "1.5", true,
     "cannot unmarshal !!float `1.5` into a duration"},
    {"duration_quoted_bare", "duration", "30", false,
     "a duration needs a unit: ns, us, ms, s, m, h, got \"30\""},
    {"duration_negative", "duration", "-1s", true,
     "expected a duration from 0s to 1h, got \"-1s\""},
    {"duration_long", "duration", "2h", true, "expected a duration from 0s to 1h, got \"2h\""},

    {"size", "size", "64KiB", true, "ok 65536"},
    {"size_number", "size", "100", true, "ok 100"},
    {"size_small", "size", "9", true, "expected a size from 10 to 1MiB, got \"9\""},
    {"size_word", "size", "big", true,
     "not a size such as 65536, \"64KiB\" or \"1MB\", got \"big\""},

    {"choice", "choice", "green", true, "ok green"},
    {"choice_synonym", "choice", "verde", true, "ok green"},
    {"choice_near", "choice", "gren", true,
     "expected one of red, green, verde, got \"gren\"; did you mean \"green\"?"},
    {"choice_far", "choice", "blueish", true, "expected one of red, green, verde, got \"blueish\""},
};

class FieldSet : public testing::TestWithParam<Case> {};

TEST_P(FieldSet, TakesOrRefuses) {
  EXPECT_EQ(set(GetParam().kind, GetParam().text, GetParam().plain), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Table, FieldSet, testing::ValuesIn(kCases), test::by_name);

TEST(Field, FallbackIsTheVariablesValue) {
  bool flag = true;
  int count = 3;
  double share = 0.1;
  std::string word = "w";
  Duration wait = 90s;
  std::uint64_t bytes = 64 * 1024;
  Colour colour = Colour::green;
  Secret key("never shown");
  EXPECT_EQ(boolean(flag).fallback, "true");
  EXPECT_EQ(integer(count, {}).fallback, "3");
  EXPECT_EQ(number(share, {}).fallback, "0.1");
  EXPECT_EQ(text(word).fallback, "w");
  EXPECT_EQ(duration(wait, {}).fallback, "1m30s");
  EXPECT_EQ(size(bytes, {}).fallback, "64KiB");
  EXPECT_EQ(choice(colour, kColours).fallback, "green");
  EXPECT_EQ(secret(key).fallback, "");
}

TEST(Field, TextTakesAnyScalarThatItsCheckAccepts) {
  std::string value = "before";
  const Check no_x = [](std::string_view t) {
    return t.contains('x') ? Refusal("has an x") : std::nullopt;
  };
  EXPECT_EQ(text(value).set({.text = "8080", .shown = "8080"}), std::nullopt);
  EXPECT_EQ(value, "8080");
  EXPECT_EQ(text(value, no_x).set({.text = "fox", .shown = "fox"}), "has an x, got \"fox\"");
  EXPECT_EQ(text(value, no_x).set({.text = "secret-x", .shown = "${V}"}), "has an x, got \"${V}\"");
  EXPECT_EQ(text(value, no_x).set({.text = "u:pw@x", .shown = "u:pw@x"}), "has an x");
  EXPECT_EQ(value, "8080");
}

TEST(Field, SecretRefusesWhatCannotBeAHeaderAndNeverShowsIt) {
  Secret value;
  EXPECT_EQ(secret(value).set({.text = "sk-1", .shown = "sk-1"}), std::nullopt);
  EXPECT_EQ(value.reveal(), "sk-1");
  const Refusal refusal = secret(value).set({.text = "sk-2\n", .shown = "sk-2\n"});
  ASSERT_TRUE(refusal.has_value());
  EXPECT_FALSE(refusal->contains("sk-2"));
}

TEST(Values, ReplaceTheDefault) {
  std::vector<int> numbers = {429, 500};
  const Values values = values_of(numbers, [](int& n) { return integer(n, {}); });
  EXPECT_EQ(values.fallback, "[429, 500]");
  values.clear();
  EXPECT_EQ(values.add().set({.text = "7"}), std::nullopt);
  EXPECT_EQ(values.add().set({.text = "8"}), std::nullopt);
  EXPECT_THAT(numbers, testing::ElementsAre(7, 8));
}

TEST(Values, NoDefaultWithoutItems) {
  std::vector<std::string> names;
  EXPECT_EQ(values_of(names, [](std::string& n) { return text(n); }).fallback, "");
}

}  // namespace
}  // namespace butter::config
