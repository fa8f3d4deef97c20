#include "config/load.h"

#include <filesystem>

#include "unit/config/support.h"

namespace butter::config {
namespace {

using test::environment;
using test::good;
using test::mistakes;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(LoadFile, MissingHasExactlyTheKnownWords) {
  const Loaded loaded = load_file("/nonexist.yaml", environment({}));
  EXPECT_FALSE(loaded.config.has_value());
  EXPECT_EQ(loaded.error_text(),
            "reading config file: open /nonexist.yaml: no such file or directory");
}

TEST(LoadFile, Folder) {
  EXPECT_EQ(load_file("/", environment({})).error_text(),
            "reading config file: read /: is a directory");
}

TEST(LoadFile, NamesTheFileInComplaints) {
  const std::string path = testing::TempDir() + "butter_load_test.yaml";
  std::ofstream(path) << "sever: {}\n";
  EXPECT_THAT(load_file(path, environment({})).error_text(), testing::StartsWith(path + ":1:1: "));
  std::filesystem::remove(path);
}

TEST(LoadFile, TheExampleNeedsNoVariables) {
  const std::string path = BUTTER_SOURCE_DIR "/config.example.yaml";
  const Loaded loaded = load_file(path, environment({}));
  ASSERT_TRUE(loaded.config.has_value()) << loaded.error_text();
  const Config& config = *loaded.config;
  EXPECT_EQ(config.path, path);
  EXPECT_EQ(config.server.address, ":8080");
  EXPECT_EQ(config.routing.default_provider, "openai");
  EXPECT_TRUE(config.metrics.enabled);
  for (const Provider& provider : config.providers) {
    EXPECT_EQ(provider.off.empty(), provider.type == ProviderType::mock) << provider.name;
  }
}

TEST(LoadFile, TheExamplesProvidersAreOnWithTheirVariables) {
  const Loaded loaded = load_file(BUTTER_SOURCE_DIR "/config.example.yaml",
                                  [](std::string_view name) -> std::optional<std::string> {
                                    if (name.ends_with("_API_KEY")) { return "sk-1"; }
                                    return std::nullopt;
                                  });
  ASSERT_TRUE(loaded.config.has_value()) << loaded.error_text();
  for (const Provider& provider : loaded.config->providers) { EXPECT_EQ(provider.off, ""); }
  EXPECT_TRUE(loaded.config->warnings.empty());
}

TEST(LoadText, AllMistakesAtOnce) {
  const std::string folder = BUTTER_SOURCE_DIR "/tests/golden/";
  const std::string yaml = test::file_text(folder + "config_mistakes.yaml");
  test::expect_golden("tests/golden/config_mistakes.txt",
                      load_text(yaml, "config.yaml", environment({})).error_text() + '\n');
}

TEST(LoadText, EmptyFileIsRefused) {
  EXPECT_EQ(mistakes(""), "c.yaml: the file is empty");
}

TEST(LoadText, DuplicateKeyAndBareDuration) {
  EXPECT_THAT(mistakes("server: {address: ':1', address: ':2'}"),
              HasSubstr("mapping key \"address\" already defined"));
  EXPECT_THAT(mistakes("server: {read_timeout: 30}"), HasSubstr("cannot unmarshal !!int"));
}

TEST(LoadText, KeyFromAVariable) {
  const Config config =
      good("providers: {openai: {keys: [{key: \"${K}\"}]}}", {{"K", "sk-from-env"}});
  EXPECT_EQ(config.providers[0].keys.at(0).key.reveal(), "sk-from-env");
}

TEST(LoadText, VariableWithYamlInItStaysOneValue) {
  const Config config = good("providers: {openai: {headers: {A: \"${V}\"}}}", {{"V", "a: [b # c"}});
  EXPECT_EQ(config.providers[0].headers.at(0).second, "a: [b # c");
}

TEST(LoadText, VariablesInComments) {
  good("server: # ${NONE}\n");
}

TEST(Unset, TurnsAnUnusedProviderOff) {
  const Config config = good(
      "providers:\n  openai: {keys: [{key: \"${K1}\"}, {key: \"${K2}\"}]}\n"
      "  groq:\n");
  EXPECT_EQ(config.providers[0].off, "variable K1 is not set");
  EXPECT_EQ(config.providers[1].off, "");
  EXPECT_THAT(config.warnings,
              ElementsAre("c.yaml:2:25: providers.openai.keys[0].key: variable K1 is not set; "
                          "provider \"openai\" is off",
                          "c.yaml:2:41: providers.openai.keys[1].key: variable K2 is not set; "
                          "provider \"openai\" is off"));
}

TEST(Unset, IsAMistakeWhereItIsNeeded) {
  const std::string provider = "providers: {openai: {keys: [{key: \"${K}\"}]}}\n";
  const std::string expected = "c.yaml:1:35: providers.openai.keys[0].key: variable K is not set";
  EXPECT_EQ(mistakes(provider + "routing: {default_provider: openai}"), expected);
  EXPECT_EQ(mistakes(provider + "routing: {models: {m: {providers: [openai]}}}"), expected);
  EXPECT_EQ(mistakes("server: {address: \"${A}\"}"),
            "c.yaml:1:19: server.address: variable A is not set");
  EXPECT_EQ(mistakes("routing: {default_provider: \"${P}\"}"),
            "c.yaml:1:29: routing.default_provider: variable P is not set");
}

TEST(Unset, BelongsToTheProviderWithTheLongestName) {
  const Config config = good(
      "providers:\n"
      "  a: {type: mock}\n"
      "  a.b: {type: mock, region: \"${R}\"}\n");
  EXPECT_EQ(config.providers[0].off, "");
  EXPECT_EQ(config.providers[1].off, "variable R is not set");
}

TEST(Unset, OfAnUrlIsNotReportedTwice) {
  const Config config = good("providers: {local: {type: openai, base_url: \"${URL}\"}}");
  EXPECT_EQ(config.providers[0].off, "variable URL is not set");
  EXPECT_EQ(config.warnings.size(), 1u);
}

}  // namespace
}  // namespace butter::config
