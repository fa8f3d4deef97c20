#include <gtest/gtest.h>

#include "http/head.h"

namespace butter::http {
namespace {

TEST(Status, ReasonPhrases) {
  EXPECT_EQ(reason_phrase(100), "Continue");
  EXPECT_EQ(reason_phrase(200), "OK");
  EXPECT_EQ(reason_phrase(404), "Not Found");
  EXPECT_EQ(reason_phrase(418), "I'm a teapot");
  EXPECT_EQ(reason_phrase(429), "Too Many Requests");
  EXPECT_EQ(reason_phrase(529), "Overloaded");
}

TEST(Status, UnknownHasAPhraseToo) {
  for (const std::uint16_t status : {0, 99, 299, 419, 530, 599, 65535}) {
    EXPECT_EQ(reason_phrase(status), "Unknown") << status;
  }
}

TEST(Status, OfEachHeadError) {
  EXPECT_EQ(status_of(HeadError::malformed), 400);
  EXPECT_EQ(status_of(HeadError::unsupported_version), 505);
  EXPECT_EQ(status_of(HeadError::too_many_fields), 431);
  EXPECT_EQ(status_of(HeadError::unsupported_coding), 501);
}

}  // namespace
}  // namespace butter::http
