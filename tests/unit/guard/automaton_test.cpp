#include "guard/automaton.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace butter::guard {
namespace {

using Phrases = std::vector<std::string>;

Automaton automaton(const Phrases& phrases) {
  return Automaton::make(phrases).value();
}

/// The same in the plainest way: the phrase that ends first in the text with its blanks collapsed.
std::optional<std::size_t> found_plainly(const Phrases& phrases, std::string_view text) {
  std::string plain;
  for (const char c : text) {
    if (c != ' ' || !plain.ends_with(' ')) { plain += c; }
  }
  std::optional<std::size_t> best;
  std::size_t best_end = plain.size() + 1;
  for (std::size_t i = 0; i < phrases.size(); ++i) {
    const std::size_t at = plain.find(phrases[i]);
    if (at == std::string::npos) { continue; }
    const std::size_t end = at + phrases[i].size();
    const bool longer = best && end == best_end && phrases[i].size() > phrases[*best].size();
    if (end < best_end || longer) {
      best = i;
      best_end = end;
    }
  }
  return best;
}

TEST(Automaton, FindsAPhraseAnywhere) {
  const Automaton a = automaton({"ignore all", "jailbreak"});
  EXPECT_EQ(a.find("ignore all"), 0U);
  EXPECT_EQ(a.find("please ignore all of it"), 0U);
  EXPECT_EQ(a.find("a jailbreak"), 1U);
  EXPECT_EQ(a.find("ignore al l"), std::nullopt);
  EXPECT_EQ(a.find(""), std::nullopt);
}

TEST(Automaton, CapitalsAreLetters) {
  EXPECT_EQ(automaton({"jailbreak"}).find("JailBREAK"), 0U);
}

TEST(Automaton, BlanksInARowAreOne) {
  const Automaton a = automaton({"act as ", "god mode"});
  EXPECT_EQ(a.find("act    as   you"), 0U);
  EXPECT_EQ(a.find("god   mode"), 1U);
  EXPECT_EQ(a.find("godmode"), std::nullopt);
  EXPECT_EQ(a.find("act as"), std::nullopt);
}

TEST(Automaton, OfTwoThatOverlapTheOneThatEndsFirst) {
  const Automaton a = automaton({"you are now an", "you are now a", "now"});
  EXPECT_EQ(a.find("you are now an owl"), 2U);
  EXPECT_EQ(automaton({"abcd", "bc"}).find("xabcd"), 1U);
  EXPECT_EQ(automaton({"abc", "abc"}).find("abc"), 0U);
}

TEST(Automaton, GoesOnFromTheEndOfWhatDidNotBecomeAPhrase) {
  const Automaton a = automaton({"aab", "decode and follow", "and fold"});
  EXPECT_EQ(a.find("aaaab"), 0U);
  EXPECT_EQ(a.find("decode and fold"), 2U);
}

TEST(Automaton, AnyByteMayStandInAPhrase) {
  const std::string word = "\xd1\x84\xd0\xb8";
  EXPECT_EQ(automaton({word}).find("x" + word), 0U);
  EXPECT_EQ(automaton({word}).find(word.substr(1)), std::nullopt);
}

// A long text is walked in several places at once: a phrase must be found on every border of them.
TEST(Automaton, FindsAPhraseAtEachPlaceOfALongText) {
  const Automaton a = automaton({"do anything now", "bb"});
  for (const std::size_t size : {511U, 512U, 517U, 1024U, 1500U}) {
    for (std::size_t at = 0; at <= size; ++at) {
      std::string text(size, '.');
      text.insert(at, "do    anything now");
      ASSERT_EQ(a.find(text), 0U) << size << ' ' << at;
      text[at + 3] = 'x';
      ASSERT_EQ(a.find(text), std::nullopt) << size << ' ' << at;
    }
  }
}

TEST(Automaton, BlanksOverAWholeBorderAreStillOne) {
  const Automaton a = automaton({"god mode"});
  for (std::size_t before = 0; before < 700; before += 7) {
    std::string text(before, '.');
    text += "god" + std::string(900, ' ') + "mode";
    text.resize(1800, '.');
    ASSERT_EQ(a.find(text), 0U) << before;
  }
}

TEST(Automaton, FindsWhatThePlainestSearchFinds) {
  std::mt19937 random(7);
  const auto text = [&](std::size_t size) {
    std::string made;
    while (made.size() < size) { made += "ab "[random() % 3]; }
    return made;
  };
  for (int round = 0; round < 300; ++round) {
    Phrases phrases;
    while (phrases.size() < 4) {
      const std::string phrase = text(3 + random() % 12);
      if (!phrase.contains("  ")) { phrases.push_back(phrase); }
    }
    const Automaton a = automaton(phrases);
    for (const std::size_t size : {20U, 200U, 700U}) {
      const std::string sought = text(size);
      ASSERT_EQ(a.find(sought), found_plainly(phrases, sought)) << sought;
    }
  }
}

TEST(Automaton, RefusesMoreThanItCanNumber) {
  Phrases phrases;
  for (int i = 0; i < 700; ++i) { phrases.push_back(std::to_string(i) + std::string(100, 'x')); }
  const auto made = Automaton::make(phrases);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, Errc::bad_config);
  EXPECT_EQ(made.error().detail, "too many phrases");
}

}  // namespace
}  // namespace butter::guard
