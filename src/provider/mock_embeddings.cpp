#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>

#include "base/random.h"
#include "crypto/base64.h"
#include "provider/mock_shapes.h"

namespace butter::provider::mock {

namespace {

constexpr std::size_t kUsualDimensions = 1536;
constexpr std::size_t kMostDimensions = 4096;

/// A unit vector that depends on nothing but the text.
std::vector<float> vector_of(std::string_view text, std::size_t dimensions) {
  std::uint64_t seed = 0xcbf29ce484222325;  // FNV-1a
  for (const char c : text) { seed = (seed ^ static_cast<unsigned char>(c)) * 0x100000001b3; }
  Random random(seed);
  std::vector<float> values(dimensions);
  double squares = 0;
  for (float& value : values) {
    value = static_cast<float>(random.uniform() - 0.5);
    squares += static_cast<double>(value) * value;
  }
  for (float& value : values) { value = static_cast<float>(value / std::sqrt(squares)); }
  return values;
}

std::string as_numbers(const std::vector<float>& values) {
  std::string out = "[";
  for (const float value : values) {
    char text[32];
    const auto [end, error] = std::to_chars(text, text + sizeof text, value);
    if (out.size() > 1) { out += ','; }
    out.append(text, end);
  }
  return out + "]";
}

/// 32-bit floats, little-endian: what OpenAI's Python SDK asks for by default.
std::string as_base64(const std::vector<float>& values) {
  std::string bytes;
  for (const float value : values) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    for (unsigned shift = 0; shift < 32; shift += 8) {
      bytes += static_cast<char>(bits >> shift & 0xff);
    }
  }
  return quote(crypto::base64(bytes));
}

}  // namespace

MockAnswer embedding_answer(const Request& request) {
  const std::size_t dimensions =
      request.dimensions == 0 ? kUsualDimensions : std::min(request.dimensions, kMostDimensions);
  std::string data;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < request.inputs.size(); ++i) {
    const std::vector<float> values = vector_of(request.inputs[i], dimensions);
    bytes += request.inputs[i].size();
    if (i > 0) { data += ','; }
    data += fill(R"({"object":"embedding","index":@,"embedding":@})",
                 {std::to_string(i), request.base64 ? as_base64(values) : as_numbers(values)});
  }
  const std::string count = std::to_string(tokens(bytes));
  return whole(fill(R"({"object":"list","data":[@],"model":@,)"
                    R"("usage":{"prompt_tokens":@,"total_tokens":@}})",
                    {data, quote(request.model), count, count}));
}

}  // namespace butter::provider::mock
