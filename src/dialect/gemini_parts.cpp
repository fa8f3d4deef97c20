#include "dialect/gemini_parts.h"

#include <charconv>
#include <cstdint>

#include "dialect/google_signature.h"

namespace butter::dialect::gemini {

/// A part of an answer, as written.
struct PartTeller::Part {
  std::string_view text;
  bool has_text = false;
  bool thought = false;
  std::string_view signature;
  bool called = false;
  std::string_view call_id, call_name, call_arguments;
  std::string_view media_type, media;
  std::string_view code, language, outcome;
};

namespace {

/// Appends a JSON value as the inside of a JSON string, without the white space between its
/// tokens: an answer that does not stream comes in many lines.
void append_escaped(std::string& out, std::string_view json) {
  bool inside = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (inside && c == '\\' && i + 1 < json.size()) {
      out += "\\\\";
      ++i;
      if (json[i] == '\\' || json[i] == '"') { out += '\\'; }
      out += json[i];
      continue;
    }
    if (c == '"') {
      inside = !inside;
      out += "\\\"";
    } else if (inside || (c != ' ' && c != '\n' && c != '\r' && c != '\t')) {
      out += c;
    } else if (c == '\n' && json.substr(i + 1).starts_with("data:")) {
      i += std::string_view("data:").size();  // of an event of several lines
    }
  }
}

std::uint64_t mixed(std::uint64_t hash, std::string_view text) {
  for (const char c : text) { hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3; }
  return hash;
}

/// "call_" and 16 digits that depend on nothing but the call, so that a stream and a whole answer
/// name it alike.
void make_id(std::string& out, std::string_view name, std::string_view arguments, unsigned choice,
             unsigned tool) {
  constexpr std::size_t kDigits = 16;
  std::uint64_t hash = mixed(0xcbf29ce484222325, name);  // FNV-1a
  hash = mixed(hash ^ (std::uint64_t{choice} << 32 | tool), arguments);
  char digits[kDigits];
  const auto [end, error] = std::to_chars(digits, digits + kDigits, hash, 16);
  out.assign("call_");
  out.append(kDigits - static_cast<std::size_t>(end - digits), '0').append(digits, end);
}

}  // namespace

PartTeller::Part PartTeller::read(json::Cursor& at) {
  Part part;
  const auto strings = [&at](std::string_view first, std::string_view& first_into,
                             std::string_view second, std::string_view& second_into) {
    at.object([&](json::Key key) {
      if (key == first) {
        first_into = at.string();
      } else if (key == second) {
        second_into = at.string();
      } else {
        at.skip_value();
      }
    });
  };
  const auto call = [&at, &part](json::Key key) {
    if (key == "id") {
      part.call_id = at.string();
    } else if (key == "name") {
      part.call_name = at.string();
    } else {
      const std::string_view value = at.value();
      if (key == "args") { part.call_arguments = value; }
    }
  };
  at.object([&](json::Key key) {
    if (key == "text") {
      part.has_text = at.peek() == '"';
      part.text = at.string();
    } else if (key == "thought") {
      part.thought = at.value() == "true";
    } else if (key == "thoughtSignature") {
      part.signature = at.string();
    } else if (key == "functionCall") {
      part.called = at.peek() == '{';
      at.object(call);
    } else if (key == "inlineData") {
      strings("mimeType", part.media_type, "data", part.media);
    } else if (key == "executableCode") {
      strings("language", part.language, "code", part.code);
    } else if (key == "codeExecutionResult") {
      strings("outcome", part.outcome, "output", part.code);
    } else {
      at.skip_value();
    }
  });
  return part;
}

void PartTeller::tell(json::Cursor& at, unsigned choice, unsigned& tools, AnswerSink& sink) {
  const Part part = read(at);
  if (!at.ok()) { return; }
  if (part.called) {
    tell_call(part, choice, tools, sink);
    ++tools;
    return;
  }
  tell_markdown(part, choice, sink);
  tell_text(part, choice, sink);
}

void PartTeller::tell_call(const Part& part, unsigned choice, unsigned tool, AnswerSink& sink) {
  arguments_.clear();
  append_escaped(arguments_, part.call_arguments.empty() ? "{}" : part.call_arguments);
  std::string_view id = part.call_id;
  if (id.empty()) {
    make_id(id_, part.call_name, arguments_, choice, tool);
    id = id_;
  }
  sink.delta({.kind = Delta::Kind::tool_begin,
              .choice = choice,
              .tool = tool,
              .id = {id},
              .name = {part.call_name},
              .signature = {part.signature}});
  sink.delta(
      {.kind = Delta::Kind::tool_arguments, .choice = choice, .tool = tool, .text = {arguments_}});
}

void PartTeller::tell_text(const Part& part, unsigned choice, AnswerSink& sink) {
  using Kind = Delta::Kind;
  if (!part.text.empty()) {
    sink.delta({.kind = part.thought ? Kind::thinking : Kind::text,
                .choice = choice,
                .text = {part.text}});
  }
  if (part.signature.empty()) { return; }
  if (!part.thought) { sink.delta({.kind = Kind::thinking, .choice = choice}); }
  text_.assign(kGoogleSigned).append(part.signature);
  sink.delta({.kind = Kind::signature, .choice = choice, .text = {text_}});
}

void PartTeller::tell_markdown(const Part& part, unsigned choice, AnswerSink& sink) {
  text_.clear();
  if (!part.media.empty()) {
    text_.append("![](data:").append(part.media_type).append(";base64,").append(part.media);
    text_.append(")");
  }
  if (!part.code.empty()) {
    const bool python = part.language == "PYTHON";
    text_.append("```").append(python ? "python" : "").append("\\n").append(part.code);
    text_.append("\\n```\\n");
  }
  if (text_.empty()) { return; }
  sink.delta({.kind = Delta::Kind::text, .choice = choice, .text = {text_}});
}

}  // namespace butter::dialect::gemini
