// OpenAI's requests for embeddings and Google's answers to them, whatever they hold: what is read
// can be written.
#include <cstdint>
#include <string>
#include <vector>

#include "dialect/embeddings.h"
#include "fuzz/cuts.h"

namespace {

using butter::Buffer;
using butter::fuzz::require;
using namespace butter::dialect;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<char> bytes(data, data + size);
  const std::string_view input(bytes.data(), bytes.size());
  const auto request = read_embeddings_request(input);
  if (request) {
    require(!request->inputs.empty());
    Buffer out;
    require(kGeminiEmbeddings.write_request(*request, "m", out).has_value());
  } else {
    require(request.error().code == butter::Errc::bad_request && !request.error().detail.empty());
  }
  EmbeddingsRequest asked{.inputs = {{"a"}}};
  const auto answer = kGeminiEmbeddings.read_answer(input, asked);
  if (!answer) { return 0; }
  require(answer->vectors.size() == 1);
  for (const auto encoding :
       {EmbeddingsRequest::Encoding::numbers, EmbeddingsRequest::Encoding::base64}) {
    asked.encoding = encoding;
    Buffer out;
    require(write_embeddings_answer(*answer, asked, "m", out) ||
            encoding == EmbeddingsRequest::Encoding::base64);
  }
  return 0;
}
