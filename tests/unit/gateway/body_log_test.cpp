#include "gateway/body_log.h"

#include <gtest/gtest.h>

#include <string>

#include "json/utf8.h"
#include "unit/gateway/setup.h"

namespace butter::gateway {
namespace {

constexpr std::size_t kMost = 10;
constexpr std::string_view kKey = "sk-test-key-0001";

BodyRedaction redaction() {
  config::Provider up = test::provider("up");
  up.keys.emplace_back().key = Secret(std::string(kKey));
  return BodyRedaction(test::config_of({up}));
}

class BodyLogTest : public testing::Test {
 protected:
  LoggedBody told(std::initializer_list<std::string_view> pieces, std::size_t most = kMost,
                  std::string_view type = "application/json") {
    log_.start(most, redaction_, type);
    for (const std::string_view piece : pieces) { log_.add(piece); }
    return log_.told("btr_app-key-0002");
  }

  BodyRedaction redaction_ = redaction();
  BodyLog log_;
};

TEST_F(BodyLogTest, TellsAShortBodyAsItCame) {
  const LoggedBody body = told({"{\"a\"", ":1}"});
  EXPECT_EQ(body.text, "{\"a\":1}");
  EXPECT_FALSE(body.truncated);
}

TEST_F(BodyLogTest, TellsNothingOfNone) {
  EXPECT_EQ(told({}).text, "");
  EXPECT_EQ(told({""}).text, "");
  EXPECT_FALSE(told({}, 0).truncated);
}

TEST_F(BodyLogTest, CutsALongOne) {
  const LoggedBody exact = told({"01234", "56789"});
  EXPECT_EQ(exact.text, "0123456789");
  EXPECT_FALSE(exact.truncated);
  const LoggedBody longer = told({"01234", "56789a"});
  EXPECT_EQ(longer.text, "0123456789");
  EXPECT_TRUE(longer.truncated);
  const std::string much(5000, 'x');
  const LoggedBody long_one = told({much, much});
  EXPECT_EQ(long_one.text, std::string(kMost, 'x'));
  EXPECT_TRUE(long_one.truncated);
}

TEST_F(BodyLogTest, OfALimitOf0OnlyTheMarkIsLeft) {
  const LoggedBody body = told({"text"}, 0);
  EXPECT_EQ(body.text, "");
  EXPECT_TRUE(body.truncated);
}

TEST_F(BodyLogTest, NeverCutsACharacter) {
  const std::string text = "123456789\xF0\x9F\x98\x80 and more";
  for (std::size_t most = 0; most < text.size(); ++most) {
    const LoggedBody body = told({text}, most);
    EXPECT_EQ(json::utf8_fault(body.text), body.text.size()) << most;
    EXPECT_LE(body.text.size(), most);
  }
}

TEST_F(BodyLogTest, ACharacterThatWasCutByItsLimitIsNoBinary) {
  std::string text;
  while (text.size() < 2000) { text += "\xE2\x82\xAC"; }
  for (std::size_t most = 0; most < 8; ++most) {
    const LoggedBody body = told({text}, most);
    EXPECT_EQ(body.text, text.substr(0, most / 3 * 3)) << most;
  }
}

TEST_F(BodyLogTest, OfWhatIsNoTextOnlyItsSizeIsTold) {
  EXPECT_EQ(told({"\x1f\x8b\x08", "gzip"}).text, "[7 bytes, no text]");
  EXPECT_EQ(told({std::string(9000, '\xff')}).text, "[9000 bytes, no text]");
  // A whole body that ends within a character.
  EXPECT_EQ(told({"ab\xE2\x82"}).text, "[4 bytes, no text]");
}

TEST_F(BodyLogTest, OfAFormOnlyItsSizeAndTypeAreTold) {
  const LoggedBody body =
      told({"--b\r\n", "a form"}, kMost, "Multipart/Form-Data ; boundary=secret");
  EXPECT_EQ(body.text, "[11 bytes of Multipart/Form-Data]");
  EXPECT_FALSE(body.truncated);
}

TEST_F(BodyLogTest, NoKeyIsToldEvenWhereTheCutGoesThroughIt) {
  const std::string key(kKey);
  for (const std::string& text : {key + "-", "12345678" + key, key + std::string(4000, '.'),
                                  std::string(100, '.') + key + std::string(4000, '.')}) {
    for (std::size_t most = 0; most < 300; ++most) {
      const LoggedBody body = told({text}, most);
      EXPECT_EQ(body.text.find("sk-test"), std::string::npos) << most << ' ' << body.text;
      EXPECT_EQ(body.text.find("sk-"), std::string::npos) << most << ' ' << body.text;
    }
  }
}

TEST_F(BodyLogTest, NoKeyIsToldThatIsCutByWhatIsKept) {
  const std::string key(kKey);
  const std::size_t kept = kMost + redaction_.longest_secret();
  for (std::size_t before = kept - 2 * key.size(); before < kept + 2; ++before) {
    const LoggedBody body = told({std::string(before, '.') + key + std::string(4000, '.')});
    EXPECT_EQ(body.text.find_first_not_of('.'), std::string::npos) << before << ' ' << body.text;
    EXPECT_TRUE(body.truncated);
  }
  // What was hidden before it makes the text shorter, so that the limit lies behind the cut.
  std::string keys;
  while (keys.size() < 64 * key.size()) { keys += key; }
  for (std::size_t most = 100; most < 300; ++most) {
    EXPECT_EQ(told({keys}, most).text.find("sk-"), std::string::npos) << most;
  }
}

TEST_F(BodyLogTest, HidesTheCallersAppKey) {
  EXPECT_EQ(told({"btr_app-key-0002"}, 100).text, "...0002");
}

TEST_F(BodyLogTest, ForgetsTheBodyBefore) {
  EXPECT_EQ(told({"first"}, kMost, "multipart/form-data").text, "[5 bytes of multipart/form-data]");
  EXPECT_EQ(told({"second"}).text, "second");
}

}  // namespace
}  // namespace butter::gateway
