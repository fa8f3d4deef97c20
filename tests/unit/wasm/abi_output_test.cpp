#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wasm/abi.h"

namespace butter::wasm {
namespace {

using testing::ElementsAre;
using testing::Pair;

HookOutput good(std::string_view json) {
  auto output = read_output(json);
  if (!output) {
    ADD_FAILURE() << output.error().detail;
    return {};
  }
  return *std::move(output);
}

std::string mistake(std::string_view json) {
  const auto output = read_output(json);
  return output ? "none" : output.error().detail;
}

TEST(Output, NothingIsNoChange) {
  for (const char* text : {"", "{}", "null", R"({"unknown":[1,{"body":2}]})",
                           R"({"metadata":null,"short_circuit":null,"headers":null})",
                           R"({"short_circuit":false,"short_circuit_body":{"a":1}})"}) {
    EXPECT_TRUE(good(text).changes_nothing()) << text;
  }
}

TEST(Output, BodyIsAsThePluginWroteIt) {
  EXPECT_EQ(good(R"({"body": {"model":"x", "z":"<b>"} })").body, R"({"model":"x", "z":"<b>"})");
  EXPECT_EQ(good(R"({"body":null})").body, "null");
  EXPECT_EQ(good(R"({"body":"text"})").body, R"("text")");
}

TEST(Output, MetadataByKey) {
  EXPECT_THAT(good(R"({"metadata":{"b":{"c":1},"a":true,"\u0061b":"x"}})").metadata,
              ElementsAre(Pair("a", "true"), Pair("ab", R"("x")"), Pair("b", R"({"c":1})")));
}

TEST(Output, TheLastOfEqualKeysCounts) {
  EXPECT_EQ(good(R"({"body":1,"body":2})").body, "2");
}

// Go matches the names of fields without regard to case.
TEST(Output, CaseOfKeys) {
  const HookOutput output =
      good(R"({"Body":1,"SHORT_CIRCUIT":true,"sh\u006frt_circuit_status":418})");
  EXPECT_EQ(output.body, "1");
  ASSERT_TRUE(output.short_circuit);
  EXPECT_EQ(output.short_circuit->status, 418);
}

// Cases 183 and 184.
TEST(Output, ShortCircuit) {
  const auto plain = good(R"({"short_circuit":true,"short_circuit_body":"plain string"})");
  ASSERT_TRUE(plain.short_circuit);
  EXPECT_EQ(plain.short_circuit->status, 400);
  EXPECT_EQ(plain.short_circuit->body, R"("plain string")");
  const auto bare = good(R"({"short_circuit":true,"short_circuit_status":0})");
  ASSERT_TRUE(bare.short_circuit);
  EXPECT_EQ(bare.short_circuit->status, 400);
  EXPECT_EQ(bare.short_circuit->body, "");
}

TEST(Output, HeadersMayBeSet) {
  EXPECT_THAT(good(R"({"headers":{"x-a":"1","x-b":"\u00fc"}})").headers,
              ElementsAre(Pair("x-a", "1"), Pair("x-b", "\u00fc")));
}

struct Row {
  std::string_view json;
  std::string_view mistake;
};

TEST(Output, MistakesAreTold) {
  constexpr Row kRows[] = {
      {"{", "not a JSON text"},
      {"{} x", "not a JSON text"},
      {R"({"body":})", "not a JSON text"},
      {"[]", "json: cannot unmarshal array into object"},
      {"5", "json: cannot unmarshal number into object"},
      {R"({"metadata":[1]})", "json: cannot unmarshal array into field metadata of type object"},
      {R"({"short_circuit":"yes"})",
       "json: cannot unmarshal string into field short_circuit of type bool"},
      {R"({"short_circuit_status":"400"})",
       "json: cannot unmarshal string into field short_circuit_status of type int"},
      {R"({"short_circuit_status":4.5})",
       "json: cannot unmarshal number into field short_circuit_status of type int"},
      {R"({"short_circuit_status":99})", "short_circuit_status is 99, not from 200 to 599"},
      {R"({"short_circuit_status":100})", "short_circuit_status is 100, not from 200 to 599"},
      {R"({"short_circuit_status":-1})", "short_circuit_status is -1, not from 200 to 599"},
      {R"({"headers":{"x":1}})", "json: cannot unmarshal number into field headers of type string"},
      {R"({"headers":{"Content-Length":"1"}})", "header \"Content-Length\" may not be set"},
      {R"({"headers":{"a b":"1"}})", "header \"a b\" may not be set"},
      {R"({"headers":{"x":"a\r\nb"}})", "header \"x\" has a control byte"},
  };
  for (const Row& row : kRows) {
    EXPECT_EQ(mistake(row.json), "unmarshal response: " + std::string(row.mistake)) << row.json;
  }
}

}  // namespace
}  // namespace butter::wasm
