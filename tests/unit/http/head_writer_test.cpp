#include "http/head_writer.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <string>

#include "http/body.h"
#include "http/head.h"

namespace butter::http {
namespace {

TEST(HeadWriter, RequestLineFromPieces) {
  Buffer out;
  write_request_line(out, "GET", "/");
  write_request_line(out, "POST", std::string("/v1"), std::string_view("/chat"), "?", "a=b");
  EXPECT_EQ(out.view(), "GET / HTTP/1.1\r\nPOST /v1/chat?a=b HTTP/1.1\r\n");
}

TEST(HeadWriter, StatusLine) {
  Buffer out;
  write_status_line(out, 200, "OK");
  write_status_line(out, 599, "");
  EXPECT_EQ(out.view(), "HTTP/1.1 200 OK\r\nHTTP/1.1 599 \r\n");
}

TEST(HeadWriter, Fields) {
  Buffer out;
  write_field(out, "A", "b c");
  write_field(out, "Empty", "");
  write_field(out, "Zero", std::uint64_t{0});
  write_field(out, "Most", std::numeric_limits<std::uint64_t>::max());
  write_field(out, "Int", 42);
  end_head(out);
  EXPECT_EQ(out.view(),
            "A: b c\r\nEmpty: \r\nZero: 0\r\nMost: 18446744073709551615\r\nInt: 42\r\n\r\n");
}

TEST(HeadWriter, WhatIsWrittenIsRead) {
  Buffer out;
  write_request_line(out, "POST", "/v1", "/x?y");
  write_field(out, "Host", "a");
  write_field(out, "Content-Length", std::uint64_t{12});
  end_head(out);
  RequestHead request;
  ASSERT_TRUE(parse_request_head(out.view(), request).has_value());
  EXPECT_EQ(request.path, "/v1/x");
  EXPECT_EQ(request.framing.length, 12U);

  out.clear();
  write_status_line(out, 429, reason_phrase(429));
  write_field(out, "Transfer-Encoding", "chunked");
  end_head(out);
  ResponseHead response;
  ASSERT_TRUE(parse_response_head(out.view(), false, response).has_value());
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(response.reason, "Too Many Requests");
  EXPECT_EQ(response.framing.kind, Framing::Kind::chunked);
}

struct ChunkCase {
  std::size_t size;
  std::string_view expected;
};

TEST(HeadWriter, ChunkHeads) {
  constexpr ChunkCase kCases[] = {
      {1, "1\r\n"},
      {9, "9\r\n"},
      {10, "a\r\n"},
      {255, "ff\r\n"},
      {4096, "1000\r\n"},
      {0xdeadbeef, "deadbeef\r\n"},
      {std::numeric_limits<std::size_t>::max(), "ffffffffffffffff\r\n"},
  };
  for (const ChunkCase& c : kCases) {
    std::array<char, kMostChunkHead> out{};
    const std::size_t n = write_chunk_head(out.data(), c.size);
    EXPECT_EQ(std::string_view(out.data(), n), c.expected);
  }
}

TEST(HeadWriter, ChunksAreReadBack) {
  std::array<char, kMostChunkHead> head{};
  std::string stream;
  for (const std::string_view chunk : {"hello ", "world"}) {
    stream.append(head.data(), write_chunk_head(head.data(), chunk.size()));
    stream.append(chunk).append("\r\n");
  }
  stream += kLastChunk;
  BodyReader reader({.kind = Framing::Kind::chunked, .length = 0});
  std::string_view bytes = stream;
  std::string_view piece;
  std::string body;
  while (reader.next(bytes, piece) == BodyReader::Step::piece) { body += piece; }
  EXPECT_TRUE(reader.done());
  EXPECT_EQ(body, "hello world");
}

}  // namespace
}  // namespace butter::http
