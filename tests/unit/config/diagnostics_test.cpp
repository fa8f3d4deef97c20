#include "config/diagnostics.h"

#include "unit/config/support.h"

namespace butter::config {
namespace {

using testing::ElementsAre;

TEST(Complaint, Text) {
  EXPECT_EQ(
      (Complaint{.file = "a.yaml", .line = 31, .column = 18, .path = "a.b", .what = "no"}.text()),
      "a.yaml:31:18: a.b: no");
  EXPECT_EQ((Complaint{.file = "a.yaml", .line = 1, .column = 2, .what = "no"}.text()),
            "a.yaml:1:2: no");
  EXPECT_EQ((Complaint{.file = "a.yaml", .what = "no"}.text()), "a.yaml: no");
  EXPECT_EQ((Complaint{.what = "no"}.text()), "no");
}

TEST(Loaded, ErrorTextHasALineForEach) {
  Loaded loaded;
  EXPECT_EQ(loaded.error_text(), "");
  loaded.complaints = {{.what = "one"}, {.what = "two"}};
  EXPECT_EQ(loaded.error_text(), "one\ntwo");
}

TEST(JoinPath, DotsBetween) {
  EXPECT_EQ(join_path("", "a"), "a");
  EXPECT_EQ(join_path("a.b", "c"), "a.b.c");
}

TEST(DidYouMean, NearestOrNothing) {
  const std::vector<std::string> known = {"initial", "multiplier", "max"};
  EXPECT_EQ(did_you_mean("inital", known), "; did you mean \"initial\"?");
  EXPECT_EQ(did_you_mean("something", known), "");
  EXPECT_EQ(did_you_mean("x", {}), "");
}

TEST(Diagnostics, ComplaintsAreInTheFilesOrder) {
  Diagnostics diagnostics("f");
  EXPECT_TRUE(diagnostics.clean());
  diagnostics.refuse({3, 1}, "c", "third");
  diagnostics.refuse({1, 9}, "b", "second");
  diagnostics.refuse({1, 2}, "a", "first");
  EXPECT_FALSE(diagnostics.clean());
  const std::vector<Complaint> all = diagnostics.take_complaints();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].text(), "f:1:2: a: first");
  EXPECT_EQ(all[1].text(), "f:1:9: b: second");
  EXPECT_EQ(all[2].text(), "f:3:1: c: third");
}

TEST(Diagnostics, ManyComplaintsAreCut) {
  Diagnostics diagnostics("f");
  for (int i = 1; i <= 250; ++i) { diagnostics.refuse({i, 1}, "", "x"); }
  const std::vector<Complaint> all = diagnostics.take_complaints();
  ASSERT_EQ(all.size(), 101u);
  EXPECT_EQ(all.back().text(), "f: 150 more mistakes");
}

TEST(Diagnostics, WarningsAreNoMistakes) {
  Diagnostics diagnostics("f");
  diagnostics.warn({2, 1}, "b", "later");
  diagnostics.warn({1, 1}, "a", "sooner");
  EXPECT_TRUE(diagnostics.clean());
  EXPECT_THAT(diagnostics.take_warnings(), ElementsAre("f:1:1: a: sooner", "f:2:1: b: later"));
}

TEST(Diagnostics, UnsetWaitsForAJudgement) {
  Diagnostics diagnostics("f");
  diagnostics.unset({2, 1}, "b", "NAME");
  EXPECT_TRUE(diagnostics.clean());
  ASSERT_EQ(diagnostics.unset().size(), 1u);
  EXPECT_EQ(diagnostics.unset()[0].variable, "NAME");
  EXPECT_EQ(diagnostics.unset()[0].complaint.text(), "f:2:1: b: variable NAME is not set");
}

}  // namespace
}  // namespace butter::config
