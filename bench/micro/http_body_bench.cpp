// Question: what does taking a chunked answer apart cost per chunk and per byte?
// Budget: 30 ns per chunk, whatever its size: the bytes are never looked at.
#include <benchmark/benchmark.h>

#include <array>
#include <string>

#include "http/body.h"
#include "http/head_writer.h"

namespace {

using namespace butter;

constexpr std::size_t kChunks = 200;

std::string chunked_stream(std::size_t chunk_size) {
  std::array<char, http::kMostChunkHead> head{};
  std::string stream;
  for (std::size_t i = 0; i < kChunks; ++i) {
    stream.append(head.data(), http::write_chunk_head(head.data(), chunk_size));
    stream.append(chunk_size, 'x').append("\r\n");
  }
  return stream.append(http::kLastChunk);
}

void body_chunked(benchmark::State& state) {
  const auto chunk_size = static_cast<std::size_t>(state.range(0));
  const auto read_size = static_cast<std::size_t>(state.range(1));
  const std::string stream = chunked_stream(chunk_size);
  for (auto _ : state) {
    http::BodyReader reader({.kind = http::Framing::Kind::chunked, .length = 0});
    std::size_t bytes = 0;
    for (std::string_view rest = stream; !rest.empty();) {
      std::string_view part = rest.substr(0, read_size);
      rest.remove_prefix(part.size());
      std::string_view piece;
      while (reader.next(part, piece) == http::BodyReader::Step::piece) { bytes += piece.size(); }
    }
    if (!reader.done() || bytes != kChunks * chunk_size) { state.SkipWithError("wrong body"); }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kChunks));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(stream.size()));
}
// Chunks of one event and of a page; reads of one byte (the worst), a TCP segment, a TLS record.
BENCHMARK(body_chunked)->ArgsProduct({{200, 4096}, {1, 1448, 16384}});

}  // namespace
