// Wherever the network cuts a chunked body, its bytes and its end are the same; and a reader that
// refuses extensions reads what it takes as the other one does.
#include <cstdint>
#include <string>
#include <tuple>

#include "fuzz/cuts.h"
#include "http/body.h"

namespace {

using butter::fuzz::require;
using butter::http::BodyReader;
using butter::http::ChunkExtensions;
using butter::http::Framing;

using Outcome = std::tuple<std::string, std::string, BodyReader::Step>;

Outcome read_all(const std::vector<std::string_view>& parts, ChunkExtensions extensions) {
  BodyReader reader({.kind = Framing::Kind::chunked, .length = 0}, extensions);
  std::string body;
  std::string left;
  BodyReader::Step step = BodyReader::Step::need_more;
  for (std::string_view bytes : parts) {
    std::string_view piece;
    while (step != BodyReader::Step::bad &&
           (step = reader.next(bytes, piece)) == BodyReader::Step::piece) {
      require(!piece.empty());
      body += piece;
    }
    require(step != BodyReader::Step::need_more || bytes.empty());
    if (step == BodyReader::Step::done) { left += bytes; }
  }
  require(reader.done() == (step == BodyReader::Step::done));
  require(reader.may_end_here() == reader.done());
  require(reader.remaining() == 0);
  return {body, left, step};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  for (const auto extensions : {ChunkExtensions::skipped, ChunkExtensions::refused}) {
    butter::fuzz::same_wherever_cut(
        input, [extensions](const auto& parts) { return read_all(parts, extensions); });
  }
  const Outcome strict = read_all({input}, ChunkExtensions::refused);
  require(std::get<BodyReader::Step>(strict) == BodyReader::Step::bad ||
          strict == read_all({input}, ChunkExtensions::skipped));
  return 0;
}
