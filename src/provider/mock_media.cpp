#include <cstdint>

#include "provider/mock_shapes.h"

namespace butter::provider::mock {

namespace {

/// One grey pixel.
constexpr std::string_view kPng =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==";

void append_little_endian(std::string& out, std::uint32_t value, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i) { out += static_cast<char>(value >> (8 * i) & 0xff); }
}

/// A tenth of a second of silence. \source RIFF WAVE, PCM, 8 kHz, 8 bits, one channel
std::string silence() {
  constexpr std::uint32_t kRate = 8000;
  constexpr std::uint32_t kSamples = kRate / 10;
  constexpr std::uint32_t kHeaderAfterSize = 36;
  std::string wav = "RIFF";
  append_little_endian(wav, kHeaderAfterSize + kSamples, 4);
  wav += "WAVEfmt ";
  append_little_endian(wav, 16, 4);     // size of this part
  append_little_endian(wav, 1, 2);      // PCM
  append_little_endian(wav, 1, 2);      // channels
  append_little_endian(wav, kRate, 4);  // samples a second
  append_little_endian(wav, kRate, 4);  // bytes a second
  append_little_endian(wav, 1, 2);      // bytes a sample
  append_little_endian(wav, 8, 2);      // bits a sample
  wav += "data";
  append_little_endian(wav, kSamples, 4);
  wav.append(kSamples, '\x80');
  return wav;
}

}  // namespace

MockAnswer speech_answer() {
  MockAnswer answer = whole(silence());
  answer.content_type = "audio/wav";
  return answer;
}

MockAnswer transcription_answer(const Request& request, bool stream) {
  constexpr std::string_view kText = "Hello from Butter's built-in provider, which hears nothing.";
  const std::size_t input = tokens(request.prompt_bytes);
  const std::size_t output = tokens(kText.size());
  const std::string usage =
      fill(R"({"type":"tokens","input_tokens":@,"output_tokens":@,"total_tokens":@})",
           {std::to_string(input), std::to_string(output), std::to_string(input + output)});
  if (!stream) { return whole(fill(R"({"text":@,"usage":@})", {quote(kText), usage})); }
  MockAnswer answer = streamed();
  for (const std::string_view word : words(kText)) {
    answer.pieces.push_back(
        fill("data: {\"type\":\"transcript.text.delta\",\"delta\":@}\n\n", {quote(word)}));
  }
  answer.pieces.push_back(
      fill("data: {\"type\":\"transcript.text.done\",\"text\":@,\"usage\":@}\n\n",
           {quote(kText), usage}));
  return answer;
}

MockAnswer image_answer(const Request& request) {
  const std::string image = request.as_url ? fill(R"({"url":"data:image/png;base64,@"})", {kPng})
                                           : fill(R"({"b64_json":"@"})", {kPng});
  std::string images = image;
  for (std::size_t i = 1; i < request.n; ++i) { images += "," + image; }
  return whole(fill(R"({"created":@,"data":[@]})", {std::to_string(request.now), images}));
}

}  // namespace butter::provider::mock
