#include "http/media_type.h"

#include <gtest/gtest.h>

namespace butter::http {
namespace {

TEST(MediaType, EndsBeforeParameters) {
  EXPECT_EQ(media_type("text/html"), "text/html");
  EXPECT_EQ(media_type(" text/html ; charset=utf-8"), "text/html");
  EXPECT_EQ(media_type(""), "");
  EXPECT_EQ(media_type("; a=b"), "");
}

TEST(MediaType, JsonInEitherCase) {
  for (const char* type : {"application/json", "Application/JSON; charset=utf-8", "text/json",
                           "application/problem+json"}) {
    EXPECT_TRUE(is_json(type)) << type;
  }
  for (const char* type : {"", "text/plain", "text/plain; name=\"a.json\"", "application/jso"}) {
    EXPECT_FALSE(is_json(type)) << type;
  }
}

TEST(MediaType, EventStreamInEitherCase) {
  EXPECT_TRUE(is_event_stream("text/event-stream"));
  EXPECT_TRUE(is_event_stream("Text/Event-Stream;charset=utf-8"));
  EXPECT_FALSE(is_event_stream("text/event-streams"));
  EXPECT_FALSE(is_event_stream(""));
}

}  // namespace
}  // namespace butter::http
