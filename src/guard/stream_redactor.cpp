#include "guard/stream_redactor.h"

#include <algorithm>
#include <span>

#include "base/strings.h"
#include "guard/json_strings.h"
#include "guard/logprobs.h"
#include "guard/stream_event.h"
#include "http/sse.h"

namespace butter::guard {

namespace {

using Rest = Sensitive::Rest;

bool is_of(const Channel& channel, std::span<const Piece> pieces) {
  return std::ranges::any_of(pieces, [&](const Piece& piece) { return piece.channel == channel; });
}

}  // namespace

StreamRedactor::Text* StreamRedactor::find(const Channel& channel) {
  for (const auto& text : texts_) {
    if (text->channel == channel) { return text.get(); }
  }
  if (texts_.size() == kMostChannels) { return nullptr; }
  auto text = std::make_unique<Text>(Text{.channel = channel,
                                          .field = std::string(channel.field),
                                          .window = Window(content_of(channel))});
  text->channel.field = text->field;
  return texts_.emplace_back(std::move(text)).get();
}

void StreamRedactor::let_go(Text& text, Buffer& out) {
  if (text.window.held().empty()) { return; }
  const std::vector<Replacement> told =
      text.window.take(guard_->redactor().sensitive(), "", Rest::none);
  append_piece_event(out, text.channel, text.last, told.front().by);
  text.last.clear();
}

void StreamRedactor::change_piece(const Piece& piece, Rest rest, std::string_view block,
                                  Edits& edits) {
  const Sensitive& sensitive = guard_->redactor().sensitive();
  decoded_.assign(piece.raw);
  Text* const text = find(piece.channel);
  if (text == nullptr) {
    Window alone(content_of(piece.channel));
    return note_changes(alone.take(sensitive, decoded_.text(), Rest::none), decoded_, piece.raw,
                        block.data(), edits);
  }
  note_changes(text->window.take(sensitive, decoded_.text(), rest), decoded_, piece.raw,
               block.data(), edits);
  if (!text->window.held().empty()) { text->last.assign(block); }
}

void StreamRedactor::change_event(std::string_view block, std::string_view data, Buffer& out) {
  const Pieces told = read_pieces(data);
  for (const auto& text : texts_) {
    if (told.ends(text->channel) && !is_of(text->channel, told.pieces)) { let_go(*text, out); }
  }
  Edits edits;
  std::span<const Piece> pieces = told.pieces;
  each_string(data, [&](std::string_view key, std::string_view raw) {
    if (pieces.empty() || pieces.front().raw.data() != raw.data()) {
      return guard_->redactor().string(key, raw, block.data(), Body::answer, edits);
    }
    const Piece& piece = pieces.front();
    pieces = pieces.subspan(1);
    const bool last = told.ends(piece.channel) && !is_of(piece.channel, pieces);
    change_piece(piece, last ? Rest::none : Rest::follows, block, edits);
  });
  if (edits.empty()) {
    out.append(block);
  } else {
    drop_logprobs(data, block.data(), edits);
    edits.apply(block, out);
  }
  std::erase_if(texts_, [&](const auto& text) { return told.ends(text->channel); });
}

void StreamRedactor::feed(std::string_view block, Buffer& out) {
  const http::SseEvent event = http::parse_sse_event(block);
  if (!event.has_data) { return out.append(block); }
  if (trim(event.data) == "[DONE]") {
    end(out);
    return out.append(block);
  }
  // In several lines where it is: what follows the first belongs to it.
  change_event(block, {event.data.data(), block.data() + block.size()}, out);
}

void StreamRedactor::end(Buffer& out) {
  for (const auto& text : texts_) { let_go(*text, out); }
}

}  // namespace butter::guard
