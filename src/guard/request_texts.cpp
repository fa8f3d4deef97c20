#include "guard/request_texts.h"

#include <algorithm>
#include <iterator>
#include <span>

#include "base/block.h"
#include "guard/opaque.h"

namespace butter::guard {

namespace {

template <std::size_t size>
bool is_one_of(std::string_view key, const std::string_view (&keys)[size]) {
  return std::ranges::find(keys, key) != std::end(keys);
}

/// Members of a request that say what the application wants, not what somebody said.
bool is_of_application(std::string_view key) {
  static constexpr std::string_view kKeys[] = {
      "model",       "system",   "systemInstruction", "system_instruction", "instructions",
      "preamble",    "tools",    "functions",         "tool_choice",        "toolConfig",
      "tool_config", "metadata", "response_format",   "generationConfig",   "generation_config"};
  return is_one_of(key, kKeys);
}

/// Members that hold requests: of batches, and of Gemini's counting of tokens.
bool holds_requests(std::string_view key) {
  static constexpr std::string_view kKeys[] = {"generateContentRequest", "requests", "params"};
  return is_one_of(key, kKeys);
}

/// Members that hold what a tool gave back, in Gemini's API and Bedrock's.
bool is_tool_result(std::string_view key) {
  static constexpr std::string_view kKeys[] = {"functionResponse", "function_response",
                                               "toolResult"};
  return is_one_of(key, kKeys);
}

/// OpenAI's `function_call_output`, Anthropic's `tool_result` and their like.
bool is_tool_type(std::string_view type) {
  return type.ends_with("_output") || type.ends_with("_result");
}

}  // namespace

RequestTexts::RequestTexts(const Fold& fold, const Roles& roles, std::string_view body)
    : fold_(fold), roles_(roles), users_spared_(!roles.include("user")) {
  constexpr std::size_t kUsualTexts = 64;
  texts_.reserve(kUsualTexts);
  (void)plain_.prepare(body.size() + Block::kSize);
  json::Cursor at(body);
  value(at, 0, Place::request);
  if (!at.ok() || at.peek() != '\0') { add_plain(body); }
}

void RequestTexts::value(json::Cursor& at, unsigned depth, Place place) {
  switch (at.peek()) {
    case '"': return void(add_string(at));
    case '{':
    case '[': break;
    default: return at.skip_value();
  }
  if (depth == kMostDepth) { return add_plain(at.value()); }
  if (at.peek() == '{') { return object(at, depth, place); }
  at.array([&] { value(at, depth + 1, place); });
}

void RequestTexts::object(json::Cursor& at, unsigned depth, Place place) {
  const std::size_t first = texts_.size();
  std::string_view role;
  at.object([&](json::Key key) {
    const std::size_t begin = texts_.size();
    const bool is_string = at.peek() == '"';
    if (is_string && key == "role") {
      role = at.string();
    } else if (is_string && key == "type") {
      if (is_tool_type(add_string(at))) { role = "tool"; }
    } else {
      const bool requests = place == Place::request && holds_requests(key);
      value(at, depth + 1, requests ? Place::request : Place::inside);
      if (place == Place::request && is_of_application(key)) { give_to("system", begin); }
      if (is_tool_result(key)) { give_to("tool", begin); }
    }
  });
  if (!role.empty()) { give_to(role, first); }
}

std::string_view RequestTexts::add_string(json::Cursor& at) {
  const std::size_t begin = plain_.size();
  const std::string_view raw =
      at.string_by([&](std::string_view rest) { return fold_.append_string(rest, plain_); });
  if (raw.empty() || is_opaque(raw)) {
    plain_.erase(begin, plain_.size() - begin);
  } else {
    end_text(raw);
  }
  return raw;
}

void RequestTexts::add_plain(std::string_view text) {
  if (text.empty()) { return; }
  fold_.append(text, plain_);
  end_text(text);
}

void RequestTexts::end_text(std::string_view raw) {
  plain_.push_back(kBetween);
  texts_.push_back({.raw = raw, .end = plain_.size(), .spared = users_spared_});
}

void RequestTexts::give_to(std::string_view role, std::size_t first) {
  const bool spared = !roles_.include(role);
  const bool to_tool = role == "tool";
  for (Text& text : std::span(texts_).subspan(first)) {
    if (text.of_tool) { continue; }
    text.spared = spared;
    text.of_tool = to_tool;
  }
}

}  // namespace butter::guard
