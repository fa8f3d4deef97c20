#include "dialect/codec.h"

#include <gtest/gtest.h>

namespace butter::dialect {
namespace {

constexpr Dialect kAll[] = {Dialect::chat, Dialect::responses, Dialect::messages, Dialect::gemini,
                            Dialect::converse};

TEST(Codec, WhatIsFoundIsWhatWasAskedFor) {
  for (const Dialect dialect : kAll) {
    EXPECT_FALSE(to_string(dialect).empty());
    if (const CallerDialect* const caller = caller_dialect(dialect)) {
      EXPECT_EQ(caller->dialect, dialect);
      EXPECT_FALSE(caller->fields.empty());
    }
    if (const ProviderDialect* const provider = provider_dialect(dialect)) {
      EXPECT_EQ(provider->dialect, dialect);
      EXPECT_FALSE(provider->support.empty());
    }
  }
}

TEST(Codec, NobodyCallsInAProvidersOwnDialect) {
  EXPECT_EQ(caller_dialect(Dialect::gemini), nullptr);
  EXPECT_EQ(caller_dialect(Dialect::converse), nullptr);
  EXPECT_EQ(provider_dialect(Dialect::responses), nullptr);
}

}  // namespace
}  // namespace butter::dialect
