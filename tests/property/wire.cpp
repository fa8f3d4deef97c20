#include "property/wire.h"

#include <string_view>

#include "dialect/dialects.h"
#include "json/text.h"
#include "support/event_stream.h"

namespace butter::property {

namespace {

using dialect::CallerDialect;
using dialect::Delta;
using dialect::Dialect;
using Reason = dialect::Finish::Reason;

std::string joined(const std::vector<std::string>& pieces) {
  std::string all;
  for (const std::string& piece : pieces) { all += piece; }
  return all;
}

std::string quoted(std::string_view text) {
  std::string out;
  json::append_string(out, text);
  return out;
}

std::string escaped(std::string_view text) {
  const std::string out = quoted(text);
  return out.substr(1, out.size() - 2);
}

// What callers speak too is written by the caller's side.

void tell(const Answer& answer, dialect::AnswerSink& sink) {
  using Kind = Delta::Kind;
  sink.start({.id = {"answer_1"}, .model = {"m-1"}, .created = 1700000000});
  for (const auto& piece : answer.thinking) {
    sink.delta({.kind = Kind::thinking, .text = {piece}});
  }
  if (!answer.signature.empty()) {
    sink.delta({.kind = Kind::signature, .text = {answer.signature}});
  }
  for (const auto& piece : answer.text) { sink.delta({.kind = Kind::text, .text = {piece}}); }
  unsigned tool = 0;
  for (const Answer::Call& call : answer.calls) {
    sink.delta({.kind = Kind::tool_begin, .tool = tool, .id = {call.id}, .name = {call.name}});
    for (const auto& piece : call.arguments) {
      const std::string text = escaped(piece);
      sink.delta({.kind = Kind::tool_arguments, .tool = tool, .text = {text}});
    }
    ++tool;
  }
  sink.usage(answer.usage);
  sink.finish({.reason = answer.reason});
  sink.end();
}

std::string spoken(const Answer& answer, const CallerDialect& caller, bool stream) {
  Buffer out;
  const auto writer = caller.make_writer(out, {.stream = stream, .stream_usage = true});
  tell(answer, *writer);
  return std::string(out.view());
}

// Gemini: each event is an answer of its own; calls come whole.

std::vector<std::string> gemini_parts(const Answer& answer) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < answer.thinking.size(); ++i) {
    const bool last = i + 1 == answer.thinking.size();
    parts.push_back(R"({"text":")" + answer.thinking[i] + R"(","thought":true)" +
                    (last ? R"(,"thoughtSignature":")" + answer.signature + "\"}" : "}"));
  }
  for (const auto& piece : answer.text) { parts.push_back(R"({"text":")" + piece + "\"}"); }
  for (const Answer::Call& call : answer.calls) {
    parts.push_back(R"({"functionCall":{"name":")" + call.name + R"(","args":)" +
                    joined(call.arguments) + "}}");
  }
  return parts;
}

std::string gemini_body(std::string_view parts, std::string_view finish, const Answer& answer) {
  const auto number = [](std::uint64_t value) { return std::to_string(value); };
  return R"({"candidates": [{"content": {"parts": [)" + std::string(parts) +
         R"(],"role": "model"},)" + std::string(finish) + R"("index": 0}],"usageMetadata": )" +
         R"({"promptTokenCount": )" + number(answer.usage.input) + R"(,"candidatesTokenCount": )" +
         number(answer.usage.output) + R"(},"modelVersion": "m-1","responseId": "answer_1"})";
}

std::string gemini_finish(const Answer& answer) {
  return answer.reason == Reason::length ? R"("finishReason": "MAX_TOKENS",)"
                                         : R"("finishReason": "STOP",)";
}

std::string gemini_whole(const Answer& answer) {
  std::string parts;
  for (const std::string& part : gemini_parts(answer)) {
    (parts += parts.empty() ? "" : ", ") += part;
  }
  return gemini_body(parts, gemini_finish(answer), answer);
}

std::string gemini_stream(const Answer& answer) {
  std::string stream;
  for (const std::string& part : gemini_parts(answer)) {
    stream += "data: " + gemini_body(part, "", answer) + "\r\n\r\n";
  }
  return stream + "data: " + gemini_body("", gemini_finish(answer), answer) + "\r\n\r\n";
}

// Converse: a binary stream.

std::string converse_end(const Answer& answer) {
  const std::string_view reason = answer.reason == Reason::length       ? "max_tokens"
                                  : answer.reason == Reason::tool_calls ? "tool_use"
                                                                        : "end_turn";
  return R"("stopReason":")" + std::string(reason) + "\"";
}

std::string converse_usage(const Answer& answer) {
  return R"("usage":{"inputTokens":)" + std::to_string(answer.usage.input) + R"(,"outputTokens":)" +
         std::to_string(answer.usage.output) + "}";
}

std::string converse_whole(const Answer& answer) {
  std::string blocks;
  const auto add = [&](const std::string& block) {
    (blocks += blocks.empty() ? "" : ",") += block;
  };
  if (!answer.thinking.empty()) {
    add(R"({"reasoningContent":{"reasoningText":{"text":")" + joined(answer.thinking) +
        R"(","signature":")" + answer.signature + R"("}}})");
  }
  if (!answer.text.empty()) { add(R"({"text":")" + joined(answer.text) + "\"}"); }
  for (const Answer::Call& call : answer.calls) {
    add(R"({"toolUse":{"toolUseId":")" + call.id + R"(","name":")" + call.name + R"(","input":)" +
        joined(call.arguments) + "}}");
  }
  return R"({"output":{"message":{"role":"assistant","content":[)" + blocks + "]}}," +
         converse_end(answer) + ',' + converse_usage(answer) + "}";
}

/// Thread: any one at a time.
class ConverseStream {
 public:
  std::string write(const Answer& answer) {
    event("messageStart", R"({"role":"assistant"})");
    for (const auto& piece : answer.thinking) {
      delta(R"({"reasoningContent":{"text":")" + piece + R"("}})");
    }
    if (!answer.signature.empty()) {
      delta(R"({"reasoningContent":{"signature":")" + answer.signature + R"("}})");
      stop();
    }
    for (const auto& piece : answer.text) { delta(R"({"text":")" + piece + "\"}"); }
    if (!answer.text.empty()) { stop(); }
    for (const Answer::Call& call : answer.calls) {
      event("contentBlockStart", at() + R"("start":{"toolUse":{"toolUseId":")" + call.id +
                                     R"(","name":")" + call.name + R"("}}})");
      for (const auto& piece : call.arguments) {
        delta(R"({"toolUse":{"input":)" + quoted(piece) + "}}");
      }
      stop();
    }
    event("messageStop", "{" + converse_end(answer) + "}");
    event("metadata", "{" + converse_usage(answer) + "}");
    return out_;
  }

 private:
  void event(std::string_view type, const std::string& payload) {
    out_ += test::event_stream_event(type, payload);
  }
  [[nodiscard]] std::string at() const {
    return R"({"contentBlockIndex":)" + std::to_string(block_) + ',';
  }
  void delta(const std::string& json) {
    event("contentBlockDelta", at() + R"("delta":)" + json + "}");
  }
  void stop() {
    event("contentBlockStop", R"({"contentBlockIndex":)" + std::to_string(block_++) + "}");
  }

  std::string out_;
  unsigned block_ = 0;
};

}  // namespace

std::string whole_of(const Answer& answer, Dialect dialect) {
  if (dialect == Dialect::gemini) { return gemini_whole(answer); }
  if (dialect == Dialect::converse) { return converse_whole(answer); }
  return spoken(answer, *dialect::caller_dialect(dialect), false);
}

std::string stream_of(const Answer& answer, Dialect dialect) {
  if (dialect == Dialect::gemini) { return gemini_stream(answer); }
  if (dialect == Dialect::converse) { return ConverseStream().write(answer); }
  return spoken(answer, *dialect::caller_dialect(dialect), true);
}

}  // namespace butter::property
