#include "wasm/failure.h"

#include <gtest/gtest.h>

namespace butter::wasm {
namespace {

TEST(Failure, IsToldAsTheGoProgramDoes) {
  const Failure failure{.fault = Fault::refused,
                        .hook = Hook::pre_llm,
                        .plugin = "guard",
                        .detail = "non-zero exit code 7"};
  EXPECT_EQ(failure.text(), "wasm plugin \"guard\" pre_llm: non-zero exit code 7");
}

TEST(Failure, EveryFaultHasAName) {
  EXPECT_STREQ(to_string(Fault::timeout), "timeout");
  EXPECT_STREQ(to_string(Fault::cancelled), "cancelled");
  EXPECT_STREQ(to_string(Fault::out_of_memory), "out_of_memory");
  EXPECT_STREQ(to_string(Fault::out_of_fuel), "out_of_fuel");
  EXPECT_STREQ(to_string(Fault::trap), "trap");
  EXPECT_STREQ(to_string(Fault::refused), "refused");
  EXPECT_STREQ(to_string(Fault::bad_input), "bad_input");
  EXPECT_STREQ(to_string(Fault::bad_output), "bad_output");
  EXPECT_STREQ(to_string(Fault::no_instance), "no_instance");
}

}  // namespace
}  // namespace butter::wasm
