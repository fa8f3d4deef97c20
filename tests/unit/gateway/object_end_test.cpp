#include "gateway/object_end.h"

#include <gtest/gtest.h>

#include <vector>

namespace butter::gateway {
namespace {

bool may_be_whole(ObjectEnd::Wanted wanted, const std::vector<std::string_view>& pieces) {
  ObjectEnd end;
  end.start(wanted);
  for (const std::string_view piece : pieces) { end.feed(piece); }
  return end.may_be_whole();
}

TEST(ObjectEnd, LastByteThatIsNoWhiteSpaceDecides) {
  const std::pair<std::vector<std::string_view>, bool> cases[] = {
      {{"{}"}, true},
      {{"{\"a\":1", "}"}, true},
      {{"{}", " \r\n\t"}, true},
      {{"{}", ""}, true},
      {{"{\"a\":"}, false},
      {{"{}", "{\"a\""}, false},
      {{""}, false},
      {{}, false},
      {{"  "}, false},
      {{"{\"a\":\"}\""}, false},
  };
  for (const auto& [pieces, whole] : cases) {
    EXPECT_EQ(may_be_whole(ObjectEnd::Wanted::yes, pieces), whole)
        << testing::PrintToString(pieces);
  }
}

TEST(ObjectEnd, AnythingIsWholeWhereNoObjectIsWanted) {
  EXPECT_TRUE(may_be_whole(ObjectEnd::Wanted::no, {"{\"a\":"}));
  EXPECT_TRUE(may_be_whole(ObjectEnd::Wanted::no, {}));
}

TEST(ObjectEnd, StartForgetsTheLastAnswer) {
  ObjectEnd end;
  end.start(ObjectEnd::Wanted::yes);
  end.feed("{}");
  end.start(ObjectEnd::Wanted::yes);
  EXPECT_FALSE(end.may_be_whole());
}

}  // namespace
}  // namespace butter::gateway
