#include "provider/mock_request.h"

#include <simdjson.h>

#include <algorithm>
#include <cstdint>

#include "provider/mock_schema.h"

namespace butter::provider::mock {

namespace {

namespace dom = simdjson::dom;
using simdjson::SUCCESS;

constexpr std::size_t kMostText = 4096;    // what is said again
constexpr std::size_t kMostInputs = 2048;  // as with OpenAI
constexpr std::uint64_t kMostChoices = 16;

std::string_view string_at(dom::element object, const char* key) {
  std::string_view text;
  return object[key].get(text) == SUCCESS ? text : std::string_view();
}

/// Cut to kMostText bytes, not inside a character.
std::string shortened(std::string_view text) {
  if (text.size() <= kMostText) { return std::string(text); }
  std::size_t end = kMostText;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) { --end; }
  return std::string(text.substr(0, end)) + "...";
}

/// The text of a message's content: a string, or the text parts of an array.
std::string text_of(dom::element content) {
  std::string_view whole;
  if (content.get(whole) == SUCCESS) { return shortened(whole); }
  dom::array parts;
  std::string text;
  if (content.get(parts) != SUCCESS) { return text; }
  for (const dom::element part : parts) {
    const std::string_view piece = string_at(part, "text");
    if (!text.empty() && !piece.empty()) { text += ' '; }
    text += piece;
  }
  return shortened(text);
}

/// What the last message of the user says. \param messages  of chat, or the items of a response
std::string last_user_text(dom::array messages) {
  std::string text;
  for (const dom::element message : messages) {
    dom::element content;
    if (string_at(message, "role") != "user") { continue; }
    if (message["content"].get(content) == SUCCESS) { text = text_of(content); }
  }
  return text;
}

/// Texts one by one; lists of token numbers as they are written.
std::vector<std::string> inputs_of(dom::element input) {
  std::string_view text;
  if (input.get(text) == SUCCESS) { return {std::string(text)}; }
  dom::array items;
  if (input.get(items) != SUCCESS) { return {}; }
  std::int64_t token = 0;
  if (items.at(0).get(token) == SUCCESS) { return {simdjson::minify(input)}; }
  std::vector<std::string> inputs;
  for (const dom::element item : items) {
    if (inputs.size() == kMostInputs) { break; }
    inputs.push_back(item.get(text) == SUCCESS ? std::string(text) : simdjson::minify(item));
  }
  return inputs;
}

void read_text(dom::element root, Request& out) {
  dom::array messages;
  dom::element value;
  if (root["messages"].get(messages) == SUCCESS) {
    out.text = last_user_text(messages);
  } else if (root["prompt"].get(value) == SUCCESS) {
    const std::vector<std::string> prompts = inputs_of(value);
    if (!prompts.empty()) { out.text = shortened(prompts.front()); }
  } else if (root["input"].get(value) == SUCCESS) {
    out.inputs = inputs_of(value);
    if (root["input"].get(messages) == SUCCESS) {
      out.text = last_user_text(messages);
    } else if (!out.inputs.empty()) {
      out.text = shortened(out.inputs.front());
    }
  }
}

/// A tool's description: below `function` in chat, the tool itself in responses.
dom::element description_of(dom::element tool) {
  dom::element function;
  return tool["function"].get(function) == SUCCESS ? function : tool;
}

void read_forced_tool(dom::element root, Request& out) {
  dom::array tools;
  dom::element choice;
  if (root["tools"].get(tools) != SUCCESS || root["tool_choice"].get(choice) != SUCCESS) { return; }
  std::string_view word;
  const bool any = choice.get(word) == SUCCESS && word == "required";
  const std::string_view wanted =
      choice.is_object() ? string_at(description_of(choice), "name") : std::string_view();
  for (const dom::element tool : tools) {
    const dom::element described = description_of(tool);
    const std::string_view name = string_at(described, "name");
    if (name.empty() || !(any || name == wanted)) { continue; }
    out.forced_tool = name;
    dom::element schema;
    if (described["parameters"].get(schema) == SUCCESS) {
      append_sample(out.forced_arguments, schema);
    }
    if (!out.forced_arguments.starts_with('{')) { out.forced_arguments = "{}"; }
    return;
  }
}

/// `response_format` in chat, `text.format` in responses.
void read_format(dom::element root, Request& out) {
  dom::element format;
  if (root["response_format"].get(format) != SUCCESS &&
      root["text"]["format"].get(format) != SUCCESS) {
    return;
  }
  std::string_view word;
  out.as_url = format.get(word) == SUCCESS && word == "url";
  if (!format.is_object()) { return; }
  const std::string_view type = string_at(format, "type");
  dom::element schema;
  if (type == "json_object") {
    out.wanted_json = R"({"text":"Hello from Butter's built-in provider."})";
  } else if (type == "json_schema" && (format["json_schema"]["schema"].get(schema) == SUCCESS ||
                                       format["schema"].get(schema) == SUCCESS)) {
    append_sample(out.wanted_json, schema);
  }
}

/// A name for the answer: the same request one second later gets another one.
std::string id_of(std::string_view body, long long now) {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  for (const char c : body) { hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3; }
  hash = (hash ^ static_cast<std::uint64_t>(now)) * 0x100000001b3;
  std::string id(16, '0');
  for (char& c : id) {
    c = "0123456789abcdef"[hash & 0xf];
    hash >>= 4;
  }
  return id;
}

}  // namespace

Request read_request(std::string_view path, std::string_view body, std::string_view model,
                     long long now) {
  Request out;
  out.path = path;
  out.model = model;
  out.id = id_of(body, now);
  out.now = now;
  out.prompt_bytes = body.size();
  dom::parser parser;
  dom::element root;
  const simdjson::padded_string padded(body);
  if (parser.parse(padded).get(root) != SUCCESS || !root.is_object()) { return out; }
  read_text(root, out);
  read_forced_tool(root, out);
  read_format(root, out);
  bool usage = false;
  out.include_usage = root["stream_options"]["include_usage"].get(usage) == SUCCESS && usage;
  out.base64 = string_at(root, "encoding_format") == "base64";
  std::uint64_t number = 0;
  if (root["dimensions"].get(number) == SUCCESS) { out.dimensions = number; }
  if (root["n"].get(number) == SUCCESS) {
    out.n = std::clamp<std::uint64_t>(number, 1, kMostChoices);
  }
  return out;
}

}  // namespace butter::provider::mock
