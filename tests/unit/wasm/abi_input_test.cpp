#include <gtest/gtest.h>

#include "wasm/abi.h"

namespace butter::wasm {
namespace {

std::string written(const HookInput& input, const Disclosure& disclosure = {}) {
  InputWriter writer;
  const auto text = writer.write(input, disclosure);
  return text ? std::string(*text) : "refused: " + text.error().detail;
}

TEST(HookName, IsTheExport) {
  EXPECT_STREQ(to_string(Hook::pre_http), "pre_http");
  EXPECT_STREQ(to_string(Hook::stream_chunk), "stream_chunk");
  EXPECT_STREQ(to_string(Hook::on_trace), "on_trace");
}

TEST(Input, WhatIsEmptyIsLeftOut) {
  EXPECT_EQ(written({.hook = Hook::pre_http}), R"({"hook":"pre_http"})");
  const Metadata none;
  EXPECT_EQ(written({.hook = Hook::post_http, .metadata = &none}), R"({"hook":"post_http"})");
}

// Case 189: what the Go program told its plugins.
TEST(Input, PreHttpAsGoWritesIt) {
  const Header headers[] = {{"x-foo", "a, b"},
                            {"Host", "localhost"},
                            {"content-type", "a/b"},
                            {"X-FOO", "second"},
                            {"Transfer-Encoding", "chunked"},
                            {"user-agent", "<me>"}};
  const Metadata metadata{{"z", "[ 1 ]"}, {"a", "\"x\""}};
  EXPECT_EQ(written({.hook = Hook::pre_http,
                     .body = "{\"model\": \"m\",\n \"x\": \"<a> & \u2028\"}",
                     .headers = headers,
                     .metadata = &metadata}),
            R"({"hook":"pre_http","body":{"model":"m","x":"\u003ca\u003e \u0026 \u2028"},)"
            R"("headers":{"Content-Type":"a/b","User-Agent":"\u003cme\u003e","X-Foo":"a, b"},)"
            R"("metadata":{"a":"x","z":[1]}})");
}

TEST(Input, PostLlmNamesProviderAndModel) {
  EXPECT_EQ(written({.hook = Hook::post_llm,
                     .provider = "openai",
                     .model = "gpt \"4\"",
                     .body = R"({"id":1})"}),
            R"({"hook":"post_llm","provider":"openai","model":"gpt \"4\"","body":{"id":1}})");
}

// Case 190.
TEST(Input, NativeHasAProviderAndNoBody) {
  EXPECT_EQ(written({.hook = Hook::pre_http, .provider = "openai"}),
            R"({"hook":"pre_http","provider":"openai"})");
}

TEST(Input, PostHttpHasTheAnswerBehindWhatGoTells) {
  EXPECT_EQ(
      written({.hook = Hook::post_http, .body = "{}", .status = 200, .response = R"({ "a" : 1 })"}),
      R"({"hook":"post_http","body":{},"status":200,"response":{"a":1}})");
}

TEST(Input, TraceOfOnTrace) {
  const Trace trace{.status = 502,
                    .duration = 1500ms,
                    .streaming = true,
                    .method = "POST",
                    .path = "/v1/chat/completions",
                    .error = "cut"};
  EXPECT_EQ(written({.hook = Hook::on_trace, .provider = "p", .trace = &trace}),
            R"({"hook":"on_trace","provider":"p","trace":{"status":502,"duration_ms":1500,)"
            R"("streaming":true,"method":"POST","path":"/v1/chat/completions","error":"cut"}})");
}

TEST(Input, SecretsOnlyWhereTheyAreAskedFor) {
  const Header headers[] = {{"authorization", "Bearer sk-1"},
                            {"cookie", "c"},
                            {"x-ours", "k"},
                            {"x-butter-app-key", "btr_1"},
                            {"accept", "*/*"}};
  const Metadata metadata{{"app_key", "\"btr_1\""}, {"b", "1"}};
  const HookInput input{.hook = Hook::pre_http, .headers = headers, .metadata = &metadata};
  EXPECT_EQ(written(input, {.app_key_header = "X-Ours"}),
            R"({"hook":"pre_http","headers":{"Accept":"*/*"},"metadata":{"b":1}})");
  EXPECT_EQ(written(input, {.secrets = true}),
            R"({"hook":"pre_http","headers":{"Accept":"*/*","Authorization":"Bearer sk-1",)"
            R"("Cookie":"c","X-Butter-App-Key":"btr_1","X-Ours":"k"},)"
            R"("metadata":{"app_key":"btr_1","b":1}})");
}

TEST(Input, OnlySecretsIsNothing) {
  const Header headers[] = {{"authorization", "Bearer sk-1"}};
  const Metadata metadata{{"app_key", "\"btr_1\""}};
  EXPECT_EQ(written({.hook = Hook::pre_http, .headers = headers, .metadata = &metadata}),
            R"({"hook":"pre_http"})");
}

TEST(Input, WhatIsNoJsonIsRefused) {
  EXPECT_EQ(written({.body = "{bad"}), "refused: the body is not JSON");
  EXPECT_EQ(written({.response = "data: x"}), "refused: the answer is not JSON");
  const Metadata metadata{{"a", "x"}};
  EXPECT_EQ(written({.metadata = &metadata}), "refused: a value of the metadata is not JSON");
}

TEST(Input, OneWriterWritesMany) {
  InputWriter writer;
  const Header headers[] = {{"a", "1"}};
  const std::string first(*writer.write({.body = "{}", .headers = headers}, {}));
  EXPECT_FALSE(writer.write({.body = "{"}, {}));
  EXPECT_EQ(*writer.write({.body = "{}", .headers = headers}, {}), first);
}

}  // namespace
}  // namespace butter::wasm
