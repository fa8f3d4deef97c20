#include "wasm/settings.h"

#include <gtest/gtest.h>

namespace butter::wasm {
namespace {

TEST(Manifest, Defaults) {
  EXPECT_EQ(
      manifest_of({.path = "a.wasm"}),
      R"({"wasm":[{"path":"a.wasm"}],"memory":{"max_pages":1024,)"
      R"("max_http_response_bytes":67108864},"timeout_ms":50,"allowed_hosts":[],"config":{}})");
}

TEST(Manifest, EverySetting) {
  EXPECT_EQ(manifest_of({.path = "a \"b\".wasm",
                         .config = {{"b", "2"}, {"a", "\n"}},
                         .allowed_hosts = {"example.com", "*.example.org"},
                         .memory_limit = 1 << 20,
                         .time_limit = 1500us}),
            R"({"wasm":[{"path":"a \"b\".wasm"}],"memory":{"max_pages":16,)"
            R"("max_http_response_bytes":1048576},"timeout_ms":2,)"
            R"("allowed_hosts":["example.com","*.example.org"],"config":{"a":"\n","b":"2"}})");
}

TEST(Manifest, LimitsAreNeverNone) {
  const std::string manifest = manifest_of({.memory_limit = 1, .time_limit = Duration(1)});
  EXPECT_NE(manifest.find("\"max_pages\":1,"), std::string::npos);
  EXPECT_NE(manifest.find("\"timeout_ms\":1,"), std::string::npos);
}

TEST(Fuel, IsMoreThanTheTimeLimitHasRoomFor) {
  EXPECT_EQ(fuel_of({.time_limit = 50ms}), 2'000'000'000u);
  EXPECT_EQ(fuel_of({.time_limit = 1s}), 10'000'000'000u);
  EXPECT_EQ(fuel_of({.fuel = 1000}), 1000u);
}

}  // namespace
}  // namespace butter::wasm
