#include <utility>

#include "provider/mock_shapes.h"

namespace butter::provider::mock {

namespace {

/// One answer of the Responses API, whole or as its events.
/// \source https://platform.openai.com/docs/api-reference/responses and responses-streaming
class Response {
 public:
  explicit Response(const Request& request)
      : request_(request),
        tool_(!request.forced_tool.empty()),
        text_(tool_ ? request.forced_arguments : reply_text(request)),
        item_id_(quote((tool_ ? "fc_" : "msg_") + request.id)) {}

  [[nodiscard]] std::string object(std::string_view status) const {
    const bool done = status == "completed";
    return fill(
        R"({"id":@,"object":"response","created_at":@,"status":@,"background":false,"error":null,)"
        R"("incomplete_details":null,"instructions":null,"max_output_tokens":null,)"
        R"("max_tool_calls":null,"model":@,"output":[@],"parallel_tool_calls":true,)"
        R"("previous_response_id":null,"prompt_cache_key":null,)"
        R"("reasoning":{"effort":null,"summary":null},"safety_identifier":null,)"
        R"("service_tier":"default","store":false,"temperature":1.0,)"
        R"("text":{"format":{"type":"text"},"verbosity":"medium"},"tool_choice":"auto",)"
        R"("tools":[],"top_logprobs":0,"top_p":1.0,"truncation":"disabled","usage":@,)"
        R"("user":null,"metadata":{}})",
        {quote("resp_" + request_.id), std::to_string(request_.now), quote(status),
         quote(request_.model), done ? item(true) : "", done ? usage() : "null"});
  }

  [[nodiscard]] MockAnswer events() {
    add("response.created", R"("response":)" + object("in_progress"));
    add("response.in_progress", R"("response":)" + object("in_progress"));
    add("response.output_item.added", R"("output_index":0,"item":)" + item(false));
    if (tool_) {
      argument_events();
    } else {
      text_events();
    }
    add("response.output_item.done", R"("output_index":0,"item":)" + item(true));
    add("response.completed", R"("response":)" + object("completed"));
    return std::move(answer_);
  }

 private:
  [[nodiscard]] std::string usage() const {
    const std::size_t input = tokens(request_.prompt_bytes);
    const std::size_t output = tokens(text_.size());
    return fill(
        R"({"input_tokens":@,"input_tokens_details":{"cached_tokens":0,"cache_write_tokens":0},)"
        R"("output_tokens":@,"output_tokens_details":{"reasoning_tokens":0},)"
        R"("total_tokens":@})",
        {std::to_string(input), std::to_string(output), std::to_string(input + output)});
  }

  [[nodiscard]] static std::string part(std::string_view text) {
    return fill(R"({"type":"output_text","annotations":[],"logprobs":[],"text":@})", {quote(text)});
  }

  [[nodiscard]] std::string item(bool done) const {
    const std::string_view status = done ? R"("completed")" : R"("in_progress")";
    if (tool_) {
      return fill(
          R"({"id":@,"type":"function_call","status":@,"arguments":@,"call_id":@,"name":@})",
          {item_id_, status, quote(done ? text_ : ""), quote("call_" + request_.id),
           quote(request_.forced_tool)});
    }
    return fill(R"({"id":@,"type":"message","status":@,"content":[@],"role":"assistant"})",
                {item_id_, status, done ? part(text_) : ""});
  }

  void text_events() {
    const std::string at = fill(R"("item_id":@,"output_index":0,"content_index":0,)", {item_id_});
    add("response.content_part.added", at + R"("part":)" + part(""));
    for (const std::string_view word : words(text_)) {
      add("response.output_text.delta", at + R"("logprobs":[],"delta":)" + quote(word));
    }
    add("response.output_text.done", at + R"("logprobs":[],"text":)" + quote(text_));
    add("response.content_part.done", at + R"("part":)" + part(text_));
  }

  void argument_events() {
    const std::string at = fill(R"("item_id":@,"output_index":0,)", {item_id_});
    for (const std::string_view piece : words(text_)) {
      add("response.function_call_arguments.delta", at + R"("delta":)" + quote(piece));
    }
    add("response.function_call_arguments.done",
        at + fill(R"("name":@,"arguments":@)", {quote(request_.forced_tool), quote(text_)}));
  }

  /// \param members  of the event, but its type and number
  void add(std::string_view type, std::string_view members) {
    std::string event = "event: ";
    event.append(type).append("\ndata: ");
    event += fill(R"({"type":@,"sequence_number":@,@})",
                  {quote(type), std::to_string(answer_.pieces.size()), members});
    answer_.pieces.push_back(event + "\n\n");
  }

  const Request& request_;
  bool tool_;
  std::string text_;     ///< of the message, or the arguments of the tool's call
  std::string item_id_;  ///< as a JSON string
  MockAnswer answer_ = streamed();
};

}  // namespace

MockAnswer response_answer(const Request& request, bool stream) {
  Response response(request);
  return stream ? response.events() : whole(response.object("completed"));
}

}  // namespace butter::provider::mock
