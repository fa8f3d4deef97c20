#include "provider/mock.h"

#include <new>

#include "base/strings.h"
#include "provider/mock_shapes.h"

namespace butter::provider {

namespace {

MockAnswer refusal(std::uint16_t status, std::string_view type, std::string_view code,
                   std::string_view message) {
  MockAnswer answer =
      mock::whole(mock::fill(R"({"error":{"message":@,"type":@,"param":null,"code":@}})",
                             {mock::quote(message), mock::quote(type), mock::quote(code)}));
  answer.status = status;
  return answer;
}

MockAnswer answer_for_path(std::string_view path, std::string_view body, bool stream,
                           std::string_view model, long long now) {
  const mock::Request request = mock::read_request(path, body, model, now);
  if (path == "/chat/completions") { return mock::chat_answer(request, stream); }
  if (path == "/completions") { return mock::completion_answer(request, stream); }
  if (path == "/responses") { return mock::response_answer(request, stream); }
  if (path == "/embeddings") { return mock::embedding_answer(request); }
  if (path == "/moderations") { return mock::moderation_answer(request); }
  if (path == "/audio/speech") { return mock::speech_answer(); }
  if (path == "/audio/transcriptions" || path == "/audio/translations") {
    return mock::transcription_answer(request, stream);
  }
  if (path == "/images/generations" || path == "/images/edits" || path == "/images/variations") {
    return mock::image_answer(request);
  }
  return refusal(404, "invalid_request_error", "not_found",
                 "the built-in provider has no " + quoted(path));
}

}  // namespace

MockAnswer mock_answer(std::string_view path, std::string_view body, bool stream,
                       std::string_view model, long long now) {
  try {
    return answer_for_path(path, body, stream, model, now);
  } catch (const std::bad_alloc&) {
    // A small request can ask for embeddings of 100 MB.
    return refusal(503, "overloaded_error", "overloaded", "no memory for the answer");
  }
}

}  // namespace butter::provider
