#pragma once

#include <cstdlib>
#include <string>
#include <string_view>

#include "dialect/dialects.h"

namespace butter::fuzz {

/// What a caller gets of a stream that comes in two pieces.
inline std::string streamed(std::string_view bytes, std::size_t cut,
                            const dialect::ProviderDialect& provider,
                            const dialect::CallerDialect& caller) {
  Buffer out;
  const auto writer = caller.make_writer(
      out, {.stream = true, .stream_usage = true, .id = "r", .model = "m", .now = 1});
  const auto reader = provider.make_reader();
  bool ok = reader->feed(bytes.substr(0, cut), *writer).has_value();
  ok = ok && reader->feed(bytes.substr(cut), *writer).has_value();
  ok = ok && reader->close(*writer).has_value();
  return std::string(out.view()) + (ok ? "ok" : "bad");
}

/// Whatever an upstream sends is an answer or an error, the same wherever its stream is cut.
inline void read_answer(std::string_view bytes, const dialect::ProviderDialect& provider,
                        const dialect::CallerDialect& caller) {
  const std::size_t size = bytes.size();
  const std::string all = streamed(bytes, size, provider, caller);
  for (const std::size_t cut : {size / 3, size / 2, size - size / 5}) {
    if (streamed(bytes, cut, provider, caller) != all) { std::abort(); }
  }
  Buffer out;
  const auto writer = caller.make_writer(out, {});
  (void)provider.make_reader()->whole(bytes, *writer);
  (void)provider.make_reader()->error(400, bytes);
}

}  // namespace butter::fuzz
