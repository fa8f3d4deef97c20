#include <utility>

#include "provider/mock_shapes.h"

namespace butter::provider::mock {

namespace {

/// \source https://platform.openai.com/docs/api-reference/chat
std::string usage_of(const Request& request, std::size_t answer_bytes) {
  const std::size_t prompt = tokens(request.prompt_bytes);
  const std::size_t completion = tokens(answer_bytes) * request.n;
  return fill(
      R"({"prompt_tokens":@,"completion_tokens":@,"total_tokens":@,)"
      R"("prompt_tokens_details":{"cached_tokens":0,"cache_write_tokens":0,"audio_tokens":0},)"
      R"("completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,)"
      R"("accepted_prediction_tokens":0,"rejected_prediction_tokens":0}})",
      {std::to_string(prompt), std::to_string(completion), std::to_string(prompt + completion)});
}

/// What begins every object of an answer, up to and with `"choices":`.
std::string opening(const Request& request, std::string_view object) {
  const bool chat = object.starts_with("chat");
  return fill(R"({"id":@,"object":@,"created":@,"model":@,"service_tier":"default",)"
              R"("system_fingerprint":"fp_butter","choices":)",
              {quote((chat ? "chatcmpl-" : "cmpl-") + request.id), quote(object),
               std::to_string(request.now), quote(request.model)});
}

std::string call_id(const Request& request, std::size_t index) {
  return quote("call_" + request.id + std::to_string(index));
}

/// The choices of an answer, one text for each.
template <class Choice>
std::string choices(const Request& request, Choice&& choice) {
  std::string out = "[";
  for (std::size_t i = 0; i < request.n; ++i) {
    if (i > 0) { out += ','; }
    out += choice(i);
  }
  return out + "]";
}

std::string chat_message(const Request& request, std::size_t index) {
  if (request.forced_tool.empty()) {
    return fill(R"({"role":"assistant","content":@,"refusal":null,"annotations":[]})",
                {quote(reply_text(request))});
  }
  return fill(
      R"({"role":"assistant","content":null,"refusal":null,"annotations":[],)"
      R"("tool_calls":[{"id":@,"type":"function","function":{"name":@,"arguments":@}}]})",
      {call_id(request, index), quote(request.forced_tool), quote(request.forced_arguments)});
}

/// The events of one stream of chunks.
class Chunks {
 public:
  Chunks(const Request& request, std::string_view object)
      : request_(request), opening_(opening(request, object)) {}

  /// One chunk with one choice. \param delta  the choice's members but its index and reason
  void add(std::size_t index, std::string_view delta, std::string_view finish_reason = "null") {
    std::string choice = fill(R"([{"index":@,@,"logprobs":null,"finish_reason":@}])",
                              {std::to_string(index), delta, finish_reason});
    push(choice, request_.include_usage ? R"(,"usage":null})" : "}");
  }

  MockAnswer finish(std::size_t answer_bytes) {
    if (request_.include_usage) {
      push("[]", R"(,"usage":)" + usage_of(request_, answer_bytes) + "}");
    }
    answer_.pieces.emplace_back("data: [DONE]\n\n");
    return std::move(answer_);
  }

 private:
  void push(std::string_view choices_text, std::string_view rest) {
    std::string event = "data: ";
    event.append(opening_).append(choices_text).append(rest).append("\n\n");
    answer_.pieces.push_back(std::move(event));
  }

  const Request& request_;
  std::string opening_;
  MockAnswer answer_ = streamed();
};

void stream_tool_call(const Request& request, std::size_t index, Chunks& chunks) {
  chunks.add(index,
             fill(R"("delta":{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":@,)"
                  R"("type":"function","function":{"name":@,"arguments":""}}]})",
                  {call_id(request, index), quote(request.forced_tool)}));
  for (const std::string_view piece : words(request.forced_arguments)) {
    chunks.add(index, fill(R"("delta":{"tool_calls":[{"index":0,"function":{"arguments":@}}]})",
                           {quote(piece)}));
  }
  chunks.add(index, R"("delta":{})", R"("tool_calls")");
}

MockAnswer chat_stream(const Request& request) {
  Chunks chunks(request, "chat.completion.chunk");
  if (!request.forced_tool.empty()) {
    for (std::size_t i = 0; i < request.n; ++i) { stream_tool_call(request, i, chunks); }
    return chunks.finish(request.forced_arguments.size());
  }
  const std::string text = reply_text(request);
  for (std::size_t i = 0; i < request.n; ++i) {
    chunks.add(i, R"("delta":{"role":"assistant","content":"","refusal":null})");
    for (const std::string_view word : words(text)) {
      chunks.add(i, fill(R"("delta":{"content":@})", {quote(word)}));
    }
    chunks.add(i, R"("delta":{})", R"("stop")");
  }
  return chunks.finish(text.size());
}

}  // namespace

MockAnswer chat_answer(const Request& request, bool stream) {
  if (stream) { return chat_stream(request); }
  const bool tool = !request.forced_tool.empty();
  const std::string made = choices(request, [&](std::size_t index) {
    return fill(R"({"index":@,"message":@,"logprobs":null,"finish_reason":@})",
                {std::to_string(index), chat_message(request, index),
                 tool ? R"("tool_calls")" : R"("stop")"});
  });
  const std::size_t bytes = tool ? request.forced_arguments.size() : reply_text(request).size();
  return whole(opening(request, "chat.completion") + made + R"(,"usage":)" +
               usage_of(request, bytes) + "}");
}

MockAnswer completion_answer(const Request& request, bool stream) {
  const std::string text = reply_text(request);
  if (stream) {
    Chunks chunks(request, "text_completion");
    for (std::size_t i = 0; i < request.n; ++i) {
      for (const std::string_view word : words(text)) {
        chunks.add(i, fill(R"("text":@)", {quote(word)}));
      }
      chunks.add(i, R"("text":"")", R"("stop")");
    }
    return chunks.finish(text.size());
  }
  const std::string made = choices(request, [&](std::size_t index) {
    return fill(R"({"text":@,"index":@,"logprobs":null,"finish_reason":"stop"})",
                {quote(text), std::to_string(index)});
  });
  return whole(opening(request, "text_completion") + made + R"(,"usage":)" +
               usage_of(request, text.size()) + "}");
}

}  // namespace butter::provider::mock
