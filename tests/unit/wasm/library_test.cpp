#include "wasm/library.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace butter::wasm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string refusal(const LibraryPlaces& places) {
  const auto opened = Library::open(places);
  return opened ? "none" : opened.error().detail;
}

class Folder : public testing::Test {
 protected:
  Folder() {
    EXPECT_NE(::mkdtemp(name_.data()), nullptr);
    keep_no_cache_by_default();
  }
  ~Folder() override {
    ::unlink((name_ + "/cache/cache.toml").c_str());
    ::rmdir((name_ + "/cache").c_str());
    ::rmdir(name_.c_str());
    ::unsetenv("BUTTER_EXTISM_LIBRARY");
    keep_no_cache_by_default();
  }
  std::string name_ = testing::TempDir() + "libraryXXXXXX";
};
using LibraryTest = Folder;

TEST_F(LibraryTest, MissingIsToldWithAllPlaces) {
  EXPECT_THAT(
      refusal({.path = "/nowhere/libextism.so", .cache_dir = ""}),
      testing::AllOf(HasSubstr("scripts/fetch_extism.sh"), HasSubstr("/nowhere/libextism.so")));
}

TEST_F(LibraryTest, AnotherLibraryIsRefused) {
  EXPECT_EQ(refusal({.path = "libm.so.6", .cache_dir = ""}),
            "libm.so.6: has no extism_version; libextism 1.41 or newer is needed");
}

TEST_F(LibraryTest, TheVariableAloneCounts) {
  ::setenv("BUTTER_EXTISM_LIBRARY", "/named/by/variable.so", 1);
  EXPECT_THAT(library_candidates(), ElementsAre("/named/by/variable.so"));
  EXPECT_THAT(refusal({}), HasSubstr("/named/by/variable.so"));
}

TEST_F(LibraryTest, BesideTheProgramFirstAndTheSystemLast) {
  const auto candidates = library_candidates();
  ASSERT_GE(candidates.size(), 3u);
  EXPECT_THAT(candidates.front(), testing::EndsWith("/libextism.so"));
  EXPECT_EQ(candidates.front().front(), '/');
  EXPECT_EQ(candidates.back(), "libextism.so");
}

TEST_F(LibraryTest, WithoutACacheNoneIsKept) {
  ::unsetenv("EXTISM_CACHE_CONFIG");
  static_cast<void>(refusal({.path = "/nowhere", .cache_dir = ""}));
  ASSERT_NE(::getenv("EXTISM_CACHE_CONFIG"), nullptr);
  EXPECT_STREQ(::getenv("EXTISM_CACHE_CONFIG"), "");
}

TEST_F(LibraryTest, TheCacheIsAFolderOfOurs) {
  static_cast<void>(refusal({.path = "/nowhere", .cache_dir = name_ + "/cache"}));
  const std::string file = name_ + "/cache/cache.toml";
  EXPECT_EQ(::getenv("EXTISM_CACHE_CONFIG"), file);
  std::ifstream in(file);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}),
            "[cache]\ndirectory = \"" + name_ + "/cache/native\"\n");
  struct stat facts{};
  ASSERT_EQ(::stat((name_ + "/cache").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0700u);
}

TEST_F(LibraryTest, ACacheThatOthersMayWriteToIsRefused) {
  ASSERT_EQ(::chmod(name_.c_str(), 0777), 0);
  EXPECT_THAT(refusal({.path = "/nowhere", .cache_dir = name_}),
              HasSubstr("others may write to it"));
}

TEST_F(LibraryTest, ACacheThatCannotBeMadeIsRefused) {
  EXPECT_THAT(refusal({.path = "/nowhere", .cache_dir = "/proc/none/cache"}),
              HasSubstr("cache_dir \"/proc/none/cache\": "));
  EXPECT_THAT(refusal({.path = "/nowhere", .cache_dir = "/proc/self/exe"}),
              HasSubstr("cache_dir \"/proc/self/exe\": "));
}

}  // namespace
}  // namespace butter::wasm
