#include "json/scan.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

namespace butter::json {
namespace {

constexpr std::string_view kPrefix = "invalid request body: ";

/// What was found, in one line: the names of what is set, with the values as they stand in the
/// body.
std::string summary(std::string_view body, const RequestScan& scan) {
  std::string out;
  const auto member = [&](std::string_view name, const Member& m) {
    if (!m) { return; }
    EXPECT_EQ(body[m.key_begin], '"');
    out += std::string(name) + "=" +
           std::string(body.substr(m.value_begin, m.value_end - m.value_begin)) + " ";
  };
  member("model", scan.model);
  member("provider", scan.provider);
  member("stream", scan.stream);
  member("options", scan.stream_options);
  if (!scan.model_name.empty()) { out += "<" + std::string(scan.model_name) + "> "; }
  if (!scan.provider_name.empty()) { out += "[" + std::string(scan.provider_name) + "] "; }
  if (scan.provider_is_object) { out += "object "; }
  if (scan.stream_on) { out += "on "; }
  if (scan.include_usage) { out += "usage "; }
  if (scan.empty_object) { out += "empty "; }
  if (scan.object_end > 0) { EXPECT_EQ(body[scan.object_end], '}'); }
  return out + "}" + std::to_string(scan.object_end);
}

/// The summary, or "error: " and the text behind "invalid request body: ".
std::string scanned(RequestScanner& scanner, std::string_view text) {
  // In memory of just its size: the address sanitizer sees a read behind it.
  const std::vector<char> bytes(text.begin(), text.end());
  const std::string_view body(bytes.data(), bytes.size());
  const auto scan = scanner.scan(body);
  if (scan) { return summary(body, *scan); }
  EXPECT_EQ(scan.error().code, Errc::bad_request);
  EXPECT_TRUE(scan.error().detail.starts_with(kPrefix)) << scan.error().detail;
  return "error: " + scan.error().detail.substr(kPrefix.size());
}

struct Case {
  const char* name;
  std::string_view body;
  std::string_view expected;
  friend std::ostream& operator<<(std::ostream& os, const Case& c) { return os << c.name; }
};

class Scan : public testing::TestWithParam<Case> {};

TEST_P(Scan, Finds) {
  RequestScanner scanner;
  EXPECT_EQ(scanned(scanner, GetParam().body), GetParam().expected);
}

constexpr Case kFields[] = {
    {"empty_object", "{}", "empty }1"},
    {"null_body", " null\n", "empty }0"},
    {"others_only", R"({"a":{"model":"x"},"b":[{"stream":true}]})", "}40"},
    {"all", R"({"model":"m","provider":"p","stream":true,"stream_options":{"include_usage":true}})",
     R"(model="m" provider="p" stream=true options={"include_usage":true} <m> [p] on usage }81)"},
    {"white_space", " {\n\t\"model\" : \"m\" \r\n, \"stream\":false\t} \n",
     "model=\"m\" stream=false <m> }37"},
    {"model_null", R"({"model":null})", "model=null }13"},
    {"model_empty", R"({"model":""})", R"(model="" }11)"},
    {"model_escaped", R"({"model":"a\/b\u00e4\"c"})",
     "model=\"a\\/b\\u00e4\\\"c\" <a/b\xc3\xa4\"c> }24"},
    {"model_lone_surrogate", R"({"model":"\ud800"})", "model=\"\\ud800\" <\xef\xbf\xbd> }17"},
    {"provider_null", R"({"provider":null})", "provider=null }16"},
    {"provider_escaped", R"({"provider":"\u0070"})", R"(provider="\u0070" [p] }20)"},
    {"provider_object", R"({"provider":{"order":["a"]} })",
     R"(provider={"order":["a"]} object }28)"},
    {"stream_null", R"({"stream":null})", "stream=null }14"},
    {"stream_spaced", R"({"stream"  :   true})", "stream=true on }19"},
    {"key_with_escape", R"({"mod\u0065l":"m"})", R"(model="m" <m> }17)"},
    {"key_all_escaped", R"({"\u006d\u006f\u0064\u0065\u006c":"m"})", R"(model="m" <m> }37)"},
    {"key_bad_escape_is_no_key", R"({"mod\qel":"m"})", "}14"},
    {"key_in_other_case", R"({"MODEL":"m","Stream":true})", R"(model="m" stream=true <m> on }26)"},
    {"exact_options_preferred", R"({"Stream_options":5,"stream_options":{},"STREAM_OPTIONS":6})",
     "options={} }58"},
    {"key_is_prefix", R"({"mode":"a","models":"b","model ":"c"})", "}37"},
    {"other_duplicates_pass", R"({"a":1,"a":2,"model":"m"})", R"(model="m" <m> }24)"},
    {"options_null", R"({"stream_options":null})", "options=null }22"},
    {"options_number", R"({"stream_options":5})", "options=5 }19"},
    {"options_array", R"({"stream_options":[true] })", "options=[true] }25"},
    {"options_empty", R"({"stream_options":{ }})", "options={ } }21"},
    {"usage_false", R"({"stream_options":{"include_usage":false}})",
     R"(options={"include_usage":false} }41)"},
    {"usage_escaped", R"({"stream_options":{"a":1,"include_usag\u0065" : true }})",
     R"(options={"a":1,"include_usag\u0065" : true } usage }54)"},
    {"usage_of_other_type", R"({"stream_options":{"include_usage":"true"}})",
     R"(options={"include_usage":"true"} }42)"},
    {"usage_too_deep", R"({"stream_options":{"a":{"include_usage":true}}})",
     R"(options={"a":{"include_usage":true}} }46)"},
    {"options_last_counts", R"({"stream_options":{"include_usage":true},"stream_options":{}})",
     "options={} }60"},
    {"skipped_values_are_not_judged", R"({"a":truu,"b":"\q","model":"m"})", R"(model="m" <m> }30)"},
    {"structure_in_strings", R"({"a":"\"model\":\"x\",{[","model":"m"})", R"(model="m" <m> }37)"},
};
INSTANTIATE_TEST_SUITE_P(Fields, Scan, testing::ValuesIn(kFields),
                         [](const auto& row) { return std::string(row.param.name); });

constexpr Case kWrongTypes[] = {
    {"model_number", R"({"model":5})",
     "error: json: cannot unmarshal number into field model of type string"},
    {"model_negative", R"({"model":-5})",
     "error: json: cannot unmarshal number into field model of type string"},
    {"model_array", R"({"model":["m"]})",
     "error: json: cannot unmarshal array into field model of type string"},
    {"model_object", R"({"model":{}})",
     "error: json: cannot unmarshal object into field model of type string"},
    {"model_bool", R"({"model":true})",
     "error: json: cannot unmarshal bool into field model of type string"},
    {"stream_string", R"({"stream":"true"})",
     "error: json: cannot unmarshal string into field stream of type bool"},
    {"stream_number", R"({"stream":1})",
     "error: json: cannot unmarshal number into field stream of type bool"},
    {"provider_number", R"({"provider":1})",
     "error: json: cannot unmarshal number into field provider of type string"},
    {"provider_array", R"({"provider":["a"]})",
     "error: json: cannot unmarshal array into field provider of type string"},
    {"body_array", "[]", "error: json: cannot unmarshal array into value of type object"},
    {"body_string", R"("model")", "error: json: cannot unmarshal string into value of type object"},
    {"body_number", " 17 ", "error: json: cannot unmarshal number into value of type object"},
    {"body_bool", "false", "error: json: cannot unmarshal bool into value of type object"},
    {"two_models", R"({"model":"a","model":"a"})", "error: duplicate field model"},
    {"two_models_one_escaped", R"({"model":"a","\u006dodel":"b"})", "error: duplicate field model"},
    {"two_models_neither_exact", R"({"Model":"a","MODEL":"b"})", "error: duplicate field model"},
    {"two_models_in_other_case", R"({"model":"a","MODEL":"b"})", "error: duplicate field model"},
    {"two_models_the_exact_one_last", R"({"Model":5,"model":"b"})", "error: duplicate field model"},
    {"two_streams_in_other_case", R"({"stream":true,"Stream":false})",
     "error: duplicate field stream"},
    {"two_providers_in_other_case", R"({"Provider":"a","provider":{}})",
     "error: duplicate field provider"},
    {"two_streams", R"({"stream":true,"stream":false})", "error: duplicate field stream"},
    {"two_providers", R"({"provider":{},"provider":{}})", "error: duplicate field provider"},
    {"two_nulls", R"({"model":null,"model":null})", "error: duplicate field model"},
};
INSTANTIATE_TEST_SUITE_P(WrongTypes, Scan, testing::ValuesIn(kWrongTypes),
                         [](const auto& row) { return std::string(row.param.name); });

constexpr Case kMalformed[] = {
    {"empty", "", "error: unexpected end of JSON input"},
    {"white_space", " \n", "error: unexpected end of JSON input"},
    {"cut_object", R"({"model":"m")", "error: unexpected end of JSON input"},
    {"cut_string", R"({"model":"m)", "error: unexpected end of JSON input"},
    {"cut_array", R"({"a":[[1,2])", "error: unexpected end of JSON input"},
    {"byte_order_mark", "\xef\xbb\xbf{}", "error: byte order mark at offset 0"},
    {"bad_utf8", "{\"a\":\"\xc3\"}", "error: invalid UTF-8 at offset 6"},
    {"bad_utf8_in_model", "{\"model\":\"\xff\"}", "error: invalid UTF-8 at offset 10"},
    {"control_byte", "{\"a\":\"\x01\"}",
     "error: unescaped control character in a string at offset 6"},
    {"trailing_text", "{}x", "error: unexpected byte \"x\" at offset 2"},
    {"trailing_object", "{} {}", "error: unexpected byte \"{\" at offset 3"},
    {"trailing_brace", "{}}", "error: unexpected byte \"}\" at offset 2"},
    {"trailing_nul", std::string_view("{}\0", 3), "error: unexpected byte \"\\x00\" at offset 2"},
    {"trailing_after_null", "null,", "error: unexpected byte \",\" at offset 4"},
    {"not_json", "nope", "error: unexpected byte \"n\" at offset 0"},
    {"form", "model=gpt", "error: unexpected byte \"m\" at offset 0"},
    {"only_a_comma", ",", "error: unexpected byte \",\" at offset 0"},
    {"trailing_comma", R"({"model":"m",})", "error: unexpected byte \"}\" at offset 13"},
    {"single_quotes", "{'model':1}", "error: unexpected byte \"'\" at offset 1"},
    {"comment", "{/* */}", "error: unexpected byte \"/\" at offset 1"},
    {"misspelt_stream", R"({"stream":truee})", "error: unexpected byte \"t\" at offset 10"},
    {"misspelt_model", R"({"model":nul})", "error: unexpected byte \"n\" at offset 9"},
    {"model_not_a_value", R"({"model":+1})", "error: unexpected byte \"+\" at offset 9"},
    {"model_bad_escape", R"({"model":"\x"})", "error: invalid escape in the string at offset 9"},
    {"broken_options", R"({"stream_options":{"a"}})", "error: unexpected byte \"}\" at offset 22"},
    {"value_closes_the_object", R"({"model":"m","a":})",
     "error: unexpected byte \"}\" at offset 17"},
};
INSTANTIATE_TEST_SUITE_P(Malformed, Scan, testing::ValuesIn(kMalformed),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Scan, ModelWithoutEscapesStaysInTheBody) {
  RequestScanner scanner;
  const std::string body = R"({"model":"gpt-4o"})";
  const auto scan = scanner.scan(body);
  ASSERT_TRUE(scan);
  EXPECT_EQ(scan->model_name.data(), body.data() + scan->model.value_begin + 1);
}

TEST(Scan, OffsetsOfTheKey) {
  RequestScanner scanner;
  const auto scan = scanner.scan(R"({ "a":1, "model" : "m" })");
  ASSERT_TRUE(scan);
  EXPECT_EQ(scan->model.key_begin, 9u);
  EXPECT_EQ(scan->model.value_begin, 19u);
  EXPECT_EQ(scan->model.value_end, 22u);
  EXPECT_EQ(scan->model.count, 1u);
}

TEST(Scan, WhatFollowsTheBodyIsNotRead) {
  // The next request of the connection stands there: it must not close what the body leaves open.
  RequestScanner scanner;
  const std::string bytes = R"({"model":"m","a":}}},"stream":true})";
  for (std::size_t size = 0; size < 19; ++size) {
    EXPECT_FALSE(scanner.scan(std::string_view(bytes).substr(0, size)).has_value()) << size;
  }
}

TEST(Scan, DeepNestingIsSkipped) {
  RequestScanner scanner;
  const std::size_t depth = 1'000'000;
  const std::string open(depth, '[');
  const std::string closed = R"({"a":)" + open + std::string(depth, ']') + R"(,"model":"m"})";
  EXPECT_EQ(scanned(scanner, closed), R"(model="m" <m> })" + std::to_string(closed.size() - 1));
  EXPECT_EQ(scanned(scanner, R"({"a":)" + open), "error: unexpected end of JSON input");
  EXPECT_EQ(scanned(scanner, open), "error: unexpected end of JSON input");
}

TEST(Scan, ScannerWorksOnAfterLargeBodiesAndErrors) {
  RequestScanner scanner;
  const std::string large = R"({"model":"\u006d","pad":")" + std::string(9u << 20, 'x') + "\"}";
  for (int round = 0; round < 2; ++round) {
    const auto scan = scanner.scan(large);
    ASSERT_TRUE(scan);
    EXPECT_EQ(scan->model_name, "m");
    EXPECT_EQ(scanned(scanner, "{"), "error: unexpected end of JSON input");
    EXPECT_EQ(scanned(scanner, R"({"model":"\u006d"})"), R"(model="\u006d" <m> }17)");
  }
}

TEST(Scan, NamesAreBounded) {
  RequestScanner scanner;
  for (const std::string field : {"model", "provider"}) {
    const std::string begin = "{\"" + field + "\":\"";
    EXPECT_TRUE(scanner.scan(begin + std::string(4096, 'a') + "\"}"));
    const auto longer = scanner.scan(begin + std::string(4097, 'a') + "\"}");
    ASSERT_FALSE(longer);
    EXPECT_EQ(longer.error().code, Errc::bad_request);
    EXPECT_EQ(longer.error().detail,
              std::string(kPrefix) + "field " + field + " is longer than 4096 bytes");
  }
}

}  // namespace
}  // namespace butter::json
