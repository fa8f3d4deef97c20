#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dialect/feature.h"

namespace butter::dialect {

/// The inside of a JSON string as it is written, escapes kept. Nearly all text goes through a
/// translation without being decoded: what one dialect wrote the other may write.
struct Text {
  std::string_view escaped{};

  [[nodiscard]] bool empty() const noexcept { return escaped.empty(); }
  friend bool operator==(Text, Text) = default;
};

/// A complete JSON value as it is written; "" = absent.
struct Raw {
  std::string_view json{};

  [[nodiscard]] bool empty() const noexcept { return json.empty(); }
  friend bool operator==(Raw, Raw) = default;
};

enum class Role : std::uint8_t { user, assistant, tool };

/// Where the bytes of an image, a file or a sound are. Exactly one of url, data, file_id is there.
struct Source {
  Text url;
  Text data;  ///< base64
  Text file_id;
  Text media_type;  ///< of `data`: "image/png"
  Text name;        ///< the file's
};

/// A piece of a turn. `kind` says which members count.
struct Part {
  enum class Kind : std::uint8_t {
    text,               ///< text, citations
    image,              ///< source, detail
    file,               ///< source
    audio,              ///< source; media_type is "audio/wav" and the like
    tool_call,          ///< id, name, arguments, signature
    tool_result,        ///< id (of the call), name, content, is_error
    thinking,           ///< text, signature
    redacted_thinking,  ///< signature: the opaque data
    refusal,            ///< text
  };
  Kind kind = Kind::text;
  Text text{};
  Text id{};
  Text name{};
  Text detail{};
  Text signature{};
  Raw arguments{};  ///< an object
  Raw citations{};
  Raw cache_control{};
  Source source{};
  std::vector<Part> content{};
  bool is_error = false;
  Raw messages_own{};  ///< the whole block as a messages caller wrote it, where it says more
};

/// A block of a turn that only messages has words for, as it is written.
struct MessagesBlock {
  std::size_t before = 0;  ///< the index of the part it stands before
  Raw block{};
};

/// Consecutive turns of one role may stand apart; a dialect that wants them to alternate joins
/// them.
struct Turn {
  Role role = Role::user;
  Text name{};  ///< the speaker's
  std::vector<Part> parts{};
  std::vector<MessagesBlock> messages_own{};  ///< in order
};

struct Tool {
  Text name{};
  Text description{};
  Raw parameters{};  ///< JSON schema; absent = no parameters
  Raw cache_control{};
  std::optional<bool> strict{};
  Raw server{};  ///< a tool that the provider runs, as the caller wrote it; then the rest is absent
  Raw messages_own{};  ///< the whole tool as a messages caller wrote it, where it says more
};

struct ToolChoice {
  enum class Kind : std::uint8_t { unset, automatic, none, any, named };
  Kind kind = Kind::unset;
  Text name{};
};

struct ResponseFormat {
  enum class Kind : std::uint8_t { text, json_object, json_schema };
  Kind kind = Kind::text;
  Text name{};
  Text description{};
  Raw schema{};
  std::optional<bool> strict{};
};

/// How much the model may think before it answers.
struct Reasoning {
  enum class Effort : std::uint8_t { unset, none, minimal, low, medium, high, most };
  Effort effort = Effort::unset;          ///< `most`: "xhigh", "max"
  std::optional<std::uint64_t> budget{};  ///< tokens
  Text summary{};                         ///< "auto", "detailed", ...
  Raw thinking{};                         ///< `thinking` as a messages caller wrote it
  Text word{};                            ///< of `effort`, as a messages caller wrote it
};

/// A request in the words of no dialect: what a caller's dialect reads and a provider's writes.
/// Views point into the caller's body and into `made`, so that both outlive it. Number values are
/// kept as they are written. Thread: worker-local.
struct Conversation {
  Text model;
  bool stream = false;
  bool stream_usage = false;
  std::vector<Part> system;  ///< system and developer messages, in order; text parts
  std::vector<Turn> turns;
  std::vector<Tool> tools;
  ToolChoice tool_choice;
  std::optional<bool> parallel_tool_calls;
  ResponseFormat format;
  Reasoning reasoning;
  std::optional<std::uint64_t> max_tokens;
  std::vector<Text> stop;
  Raw temperature, top_p, top_k;
  Raw presence_penalty, frequency_penalty, seed, logit_bias;
  std::uint64_t choices = 1;  ///< `n`
  std::optional<bool> logprobs;
  Raw top_logprobs;
  Text user;
  Raw metadata, service_tier, safety_settings;
  Text verbosity;
  /// Fields that only the caller's own dialect has words for, as they are written, with their
  /// names: "prediction", "prompt_cache_key".
  std::vector<std::pair<std::string_view, Raw>> own;
  /// The same of messages callers, which no table knows: passed where the provider speaks messages,
  /// else reported: "container", "context_management".
  std::vector<std::pair<std::string_view, Raw>> messages_own;

  /// What the caller used, and under which name (of the caller's dialect) where it differs from the
  /// feature's: for what is reported as dropped.
  FeatureSet used;
  std::vector<std::pair<Feature, std::string_view>> names;
  std::vector<std::string_view>
      unknown;  ///< top-level fields that the dialect's table does not know

  void use(Feature feature) { used.set(static_cast<std::size_t>(feature)); }
  void use(Feature feature, std::string_view name) {
    use(feature);
    names.emplace_back(feature, name);
  }

  /// Keeps text that was made while reading, as long as the conversation lives.
  std::string_view keep(std::string text) { return made.emplace_back(std::move(text)); }
  std::deque<std::string> made;
};

}  // namespace butter::dialect
