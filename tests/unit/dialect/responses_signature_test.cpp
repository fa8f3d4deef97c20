#include "dialect/responses_signature.h"

#include <gtest/gtest.h>

#include <string>

namespace butter::dialect {
namespace {

using Kind = CarriedSignature::Kind;

TEST(ResponsesSignature, ComesBackAsItWasSent) {
  for (const Kind kind : {Kind::thinking, Kind::redacted, Kind::call}) {
    for (const std::string_view text : {"ErUBCkYIB+/==", "", "butter.call.x"}) {
      const std::string sent = std::string(signature_prefix(kind)) + std::string(text);
      const auto back = carried_signature({sent});
      ASSERT_TRUE(back) << sent;
      EXPECT_EQ(back->kind, kind);
      EXPECT_EQ(back->text.escaped, text);
    }
  }
}

TEST(ResponsesSignature, AnothersReasoningIsNotOurs) {
  EXPECT_FALSE(carried_signature({"gAAAAABn"}));
  EXPECT_FALSE(carried_signature({""}));
  EXPECT_FALSE(carried_signature({"butter.thinking"}));
}

}  // namespace
}  // namespace butter::dialect
