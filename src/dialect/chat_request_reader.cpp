#include "dialect/chat_request_reader.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "base/strings.h"
#include "dialect/chat_message_reader.h"
#include "dialect/chat_tools.h"
#include "dialect/effort.h"
#include "dialect/fields.h"
#include "json/text.h"

namespace butter::dialect {

namespace {

/// Reads the value where `fields` is. \return whether it said anything
using Read = bool (*)(Fields& fields, Conversation& into);

template <Raw Conversation::* member>
bool number(Fields& fields, Conversation& into) {
  into.*member = fields.number();
  return !(into.*member).empty();
}

template <Raw Conversation::* member>
bool raw(Fields& fields, Conversation& into) {
  into.*member = fields.any();
  return !(into.*member).empty();
}

template <Text Conversation::* member>
bool text(Fields& fields, Conversation& into) {
  const Text said = fields.text();
  if (!said.empty()) { into.*member = said; }
  return !said.empty();
}

template <void (*read)(Fields&, Conversation&)>
bool told(Fields& fields, Conversation& into) {
  read(fields, into);
  return false;  // it says itself what is used
}

bool max_tokens(Fields& fields, Conversation& into) {
  const auto most = fields.count();
  if (most) { into.max_tokens = most; }
  return most.has_value();
}

bool stream(Fields& fields, Conversation& into) {
  into.stream = fields.boolean().value_or(false);
  return false;
}

bool stream_options(Fields& fields, Conversation& into) {
  fields.object([&](json::Key key) {
    if (key != "include_usage") { return fields.skip(); }
    into.stream_usage = fields.boolean().value_or(false);
  });
  return into.stream_usage;
}

bool stop(Fields& fields, Conversation& into) {
  into.stop.clear();
  if (fields.is_string()) {
    into.stop.push_back(fields.text());
  } else {
    fields.array([&](std::size_t) { into.stop.push_back(fields.text()); });
  }
  return !into.stop.empty();
}

bool choices(Fields& fields, Conversation& into) {
  into.choices = fields.count().value_or(1);
  if (into.choices == 0) { fields.complain("must be at least 1"); }
  return into.choices > 1;
}

bool logprobs(Fields& fields, Conversation& into) {
  into.logprobs = fields.boolean();
  return into.logprobs.value_or(false);
}

bool parallel(Fields& fields, Conversation& into) {
  into.parallel_tool_calls = fields.boolean();
  return into.parallel_tool_calls.has_value();
}

bool effort(Fields& fields, Conversation& into) {
  const std::string_view word = fields.text().escaped;
  if (word.empty()) { return false; }
  const auto known = effort_named(word);
  if (!known) {
    fields.complain("must be none, minimal, low, medium, high, xhigh or max");
    return false;
  }
  into.reasoning.effort = *known;
  return true;
}

/// OpenRouter's `reasoning` {effort, max_tokens}, Anthropic's and LiteLLM's `thinking`
/// {type, budget_tokens}.
bool reasoning(Fields& fields, Conversation& into) {
  fields.object([&](json::Key key) {
    if (key == "effort") {
      if (effort(fields, into)) { into.use(Feature::reasoning_effort, "reasoning.effort"); }
    } else if (key == "max_tokens" || key == "budget_tokens") {
      into.reasoning.budget = fields.count();
      if (into.reasoning.budget) { into.use(Feature::reasoning_budget, "thinking.budget_tokens"); }
    } else if (key == "type" && fields.text().escaped == "disabled") {
      into.reasoning.budget = 0;
      into.use(Feature::reasoning_budget, "thinking.type");
    } else if (key != "type") {
      fields.skip();
    }
  });
  return false;
}

/// A field that only chat has words for.
template <const char* name>
bool own(Fields& fields, Conversation& into) {
  const Raw value = fields.peek_raw();
  if (!fields.skip_said() || value.json == "[\"text\"]") { return false; }
  into.own.emplace_back(name, value);
  return true;
}

constexpr char kAudio[] = "audio", kModalities[] = "modalities", kPrediction[] = "prediction",
               kWebSearch[] = "web_search_options", kStore[] = "store",
               kCacheKey[] = "prompt_cache_key", kRetention[] = "prompt_cache_retention";

struct Row {
  std::string_view name;
  Read read;
  Feature feature;  ///< used when `read` says so
};

constexpr Row kRows[] = {
    {"model", text<&Conversation::model>, Feature::unknown},
    {"messages", told<read_chat_messages>, Feature::unknown},
    {"stream", stream, Feature::unknown},
    {"stream_options", stream_options, Feature::stream_usage},
    {"max_tokens", max_tokens, Feature::max_tokens},
    {"max_completion_tokens", max_tokens, Feature::max_tokens},
    {"temperature", number<&Conversation::temperature>, Feature::temperature},
    {"top_p", number<&Conversation::top_p>, Feature::top_p},
    {"top_k", number<&Conversation::top_k>, Feature::top_k},
    {"presence_penalty", number<&Conversation::presence_penalty>, Feature::presence_penalty},
    {"frequency_penalty", number<&Conversation::frequency_penalty>, Feature::frequency_penalty},
    {"seed", number<&Conversation::seed>, Feature::seed},
    {"stop", stop, Feature::stop},
    {"n", choices, Feature::choices},
    {"logprobs", logprobs, Feature::logprobs},
    {"top_logprobs", number<&Conversation::top_logprobs>, Feature::logprobs},
    {"logit_bias", raw<&Conversation::logit_bias>, Feature::logit_bias},
    {"tools", told<read_chat_tools>, Feature::tools},
    {"functions", told<read_chat_functions>, Feature::tools},
    {"tool_choice", told<read_chat_tool_choice>, Feature::tool_choice},
    {"function_call", told<read_chat_tool_choice>, Feature::tool_choice},
    {"parallel_tool_calls", parallel, Feature::parallel_tool_calls},
    {"response_format", told<read_chat_format>, Feature::json_schema},
    {"reasoning_effort", effort, Feature::reasoning_effort},
    {"reasoning", reasoning, Feature::reasoning_effort},
    {"thinking", reasoning, Feature::reasoning_budget},
    {"verbosity", text<&Conversation::verbosity>, Feature::verbosity},
    {"user", text<&Conversation::user>, Feature::user},
    {"safety_identifier", text<&Conversation::user>, Feature::user},
    {"metadata", raw<&Conversation::metadata>, Feature::metadata},
    {"service_tier", raw<&Conversation::service_tier>, Feature::service_tier},
    {"safety_settings", raw<&Conversation::safety_settings>, Feature::safety_settings},
    {"store", own<kStore>, Feature::store},
    {"audio", own<kAudio>, Feature::audio_output},
    {"modalities", own<kModalities>, Feature::audio_output},
    {"prediction", own<kPrediction>, Feature::prediction},
    {"web_search_options", own<kWebSearch>, Feature::web_search},
    {"prompt_cache_key", own<kCacheKey>, Feature::cache_key},
    {"prompt_cache_retention", own<kRetention>, Feature::cache_key},
};

/// Thread: worker-local.
class RequestReader {
 public:
  RequestReader(std::string_view body, Conversation& into) : fields_(body), into_(into) {}

  Result<void> read() {
    if (fields_.is_null()) { fields_.complain("must be an object"); }
    fields_.object([&](json::Key key) { member(key); });
    for (const auto& [row, value] : nearly_) {
      if (std::ranges::find(seen_, row) != seen_.end()) { continue; }
      fields_.at(row->name, value, [&] { read(*row); });
    }
    if (into_.model.empty()) { fields_.complain("model", "is missing"); }
    if (into_.turns.empty() && into_.system.empty()) { fields_.complain("messages", "is missing"); }
    return fields_.result();
  }

 private:
  void member(std::string_view key) {
    if (key.find('\\') != std::string_view::npos) {
      std::string decoded;
      if (json::unescape(key, decoded)) { key = into_.keep(std::move(decoded)); }
    }
    if (const auto* const row = std::ranges::find(kRows, key, &Row::name); row != std::end(kRows)) {
      seen_.push_back(row);
      return read(*row);
    }
    const auto* const near =
        std::ranges::find_if(kRows, [&](const Row& row) { return iequals(row.name, key); });
    const Raw value = fields_.peek_raw();
    if (!fields_.skip_said()) { return; }
    if (near != std::end(kRows)) {
      nearly_.emplace_back(near, value);
    } else if (key != "provider") {  // the gateway's own, or OpenRouter's routing
      into_.unknown.push_back(key);
    }
  }

  void read(const Row& row) {
    if (row.read(fields_, into_) && row.feature != Feature::unknown) {
      into_.use(row.feature, row.name);
    }
  }

  Fields fields_;
  Conversation& into_;
  std::vector<const Row*> seen_;
  std::vector<std::pair<const Row*, Raw>> nearly_;  ///< keys of other case, until the end
};

}  // namespace

Result<void> read_chat_request(std::string_view body, Conversation& into) {
  return RequestReader(body, into).read();
}

}  // namespace butter::dialect
