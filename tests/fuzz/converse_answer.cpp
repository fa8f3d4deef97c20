// Whatever Bedrock answers, reading it ends well, and wherever the network cuts a stream it tells
// the same.
#include "dialect/converse_answer.h"

#include <cstdint>
#include <string>

#include "fuzz/cuts.h"
#include "unit/dialect/converse_support.h"

namespace {

using namespace butter::dialect;

std::string told(const std::vector<std::string_view>& parts) {
  test::Folded folded;
  const auto reader = make_converse_reader();
  for (const std::string_view part : parts) {
    if (!reader->feed(part, folded)) { return folded.text() + "!"; }
  }
  return folded.text() + (reader->close(folded) ? "" : "!");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  test::Folded folded;
  (void)make_converse_reader()->whole(input, folded);
  (void)make_converse_reader()->error(400, input);
  butter::fuzz::same_wherever_cut(input, told);
  return 0;
}
