#include <cstdint>

#include "fuzz/dialect_answer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace butter;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  fuzz::read_answer(bytes, dialect::kChatProvider, dialect::kChatCaller);
  fuzz::read_answer(bytes, dialect::kChatProvider, dialect::kMessagesCaller);
  return 0;
}
