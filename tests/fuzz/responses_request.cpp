// Whatever a caller sends as a responses request: every text lies in the body or in what the
// conversation made of it, and the answer that repeats parts of it keeps each event on its lines.
#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>

#include "dialect/dialects.h"
#include "fuzz/cuts.h"

namespace {

using butter::fuzz::require;
using namespace butter;
using namespace butter::dialect;

/// Requires of each text that its memory outlives the reading.
struct Held {
  std::string_view body;
  const Conversation& conversation;

  void check(std::string_view view) const {
    const auto inside = [view](std::string_view whole) {
      return std::less_equal<>()(whole.data(), view.data()) &&
             std::less_equal<>()(view.data() + view.size(), whole.data() + whole.size());
    };
    require(view.empty() || view == "{}" || view == "application/pdf" || inside(body) ||
            std::ranges::any_of(conversation.made, inside));
  }
  void check(const Part& part) const {
    for (const std::string_view view :
         {part.text.escaped, part.id.escaped, part.name.escaped, part.detail.escaped,
          part.signature.escaped, part.arguments.json, part.source.url.escaped,
          part.source.data.escaped, part.source.file_id.escaped, part.source.media_type.escaped}) {
      check(view);
    }
    for (const Part& inner : part.content) { check(inner); }
  }
  void check() const {
    for (const Part& part : conversation.system) { check(part); }
    for (const Turn& turn : conversation.turns) {
      for (const Part& part : turn.parts) { check(part); }
    }
    for (const Tool& tool : conversation.tools) {
      require(tool.name.empty() != tool.server.empty());
      check(tool.name.escaped);
      check(tool.parameters.json);
      check(tool.server.json);
    }
  }
};

void answer(const Conversation& asked, bool stream) {
  Buffer out;
  const auto writer = kResponsesCaller.make_writer(
      out, {.stream = stream, .id = "f", .model = asked.model.escaped, .asked = &asked});
  writer->start({});
  writer->delta({.kind = Delta::Kind::text, .text = asked.model});
  writer->finish({});
  writer->end();
  require(!out.empty());
  // "event:", "data:" and an empty line for each event.
  if (stream) { require(std::ranges::count(out.view(), '\n') % 3 == 0); }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string body(reinterpret_cast<const char*>(data), size);
  Conversation asked;
  if (const auto read = kResponsesCaller.read_request(body, asked); !read) {
    require(read.error().code == Errc::bad_request && !read.error().detail.empty());
    return 0;
  }
  Held{body, asked}.check();
  // A caller's body has no line end inside a string: json::RequestScanner refused it before.
  const bool line_end_in_model = asked.model.escaped.find_first_of("\r\n") != std::string::npos;
  if (!line_end_in_model) {
    answer(asked, false);
    answer(asked, true);
  }
  return 0;
}
