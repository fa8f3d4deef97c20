#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "provider/mock.h"
#include "provider/mock_request.h"

namespace butter::provider::mock {

// One maker for each shape of answer, each with its file; mock.cpp has the list.
[[nodiscard]] MockAnswer chat_answer(const Request& request, bool stream);
[[nodiscard]] MockAnswer completion_answer(const Request& request, bool stream);
[[nodiscard]] MockAnswer response_answer(const Request& request, bool stream);
[[nodiscard]] MockAnswer embedding_answer(const Request& request);
[[nodiscard]] MockAnswer moderation_answer(const Request& request);
[[nodiscard]] MockAnswer speech_answer();
[[nodiscard]] MockAnswer transcription_answer(const Request& request, bool stream);
[[nodiscard]] MockAnswer image_answer(const Request& request);

/// `shape` with each '@' replaced by the next of `values`, which are JSON already.
[[nodiscard]] std::string fill(std::string_view shape,
                               std::initializer_list<std::string_view> values);
/// `text` as a JSON string.
[[nodiscard]] std::string quote(std::string_view text);

/// What the answer says: that it is ours, and what it was sent; or the JSON that was asked for.
[[nodiscard]] std::string reply_text(const Request& request);
/// `text` in pieces that end before a blank: words, or some words each when it is long.
[[nodiscard]] std::vector<std::string_view> words(std::string_view text);
/// A guess: four bytes a token, at least one.
[[nodiscard]] std::size_t tokens(std::size_t bytes);

/// An answer of one JSON body.
[[nodiscard]] MockAnswer whole(std::string body);
/// An answer that streams events; begin with none and append them.
[[nodiscard]] MockAnswer streamed();

}  // namespace butter::provider::mock
