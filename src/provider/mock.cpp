#include "provider/mock.h"

#include "base/strings.h"
#include "provider/mock_shapes.h"

namespace butter::provider {

namespace {

MockAnswer unknown(std::string_view path) {
  const std::string message = "the built-in provider has no " + quoted(path);
  MockAnswer answer =
      mock::whole(mock::fill(R"({"error":{"message":@,"type":"invalid_request_error",)"
                             R"("param":null,"code":"not_found"}})",
                             {mock::quote(message)}));
  answer.status = 404;
  return answer;
}

}  // namespace

MockAnswer mock_answer(std::string_view path, std::string_view body, bool stream,
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
  return unknown(path);
}

}  // namespace butter::provider
