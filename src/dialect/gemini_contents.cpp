#include "dialect/gemini_contents.h"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "base/strings.h"
#include "dialect/gemini_media.h"
#include "dialect/gemini_model.h"
#include "dialect/google_signature.h"

namespace butter::dialect::gemini {

namespace {

// Google's own word for a call that another model made, or whose signature was lost on the way.
// \source https://ai.google.dev/gemini-api/docs/thought-signatures
constexpr std::string_view kNoSignature = "skip_thought_signature_validator";

bool is_media(const Part& part) {
  return part.kind == Part::Kind::image || part.kind == Part::Kind::file ||
         part.kind == Part::Kind::audio;
}

class ContentsWriter {
 public:
  ContentsWriter(std::string_view model, json::Writer& json)
      : generation_(generation_of(model)), json_(json) {}

  Result<void> write(const std::vector<Turn>& turns) {
    json_.begin_array();
    for (const Turn& turn : turns) {
      const bool by_model = turn.role == Role::assistant;
      if (!open_ || by_model != by_model_) {
        close();
        open(by_model);
      }
      for (const Part& part : turn.parts) {
        if (Result<void> done = write(part); !done) { return done; }
      }
    }
    close();
    json_.end_array();
    return {};
  }

 private:
  void open(bool by_model) {
    open_ = true;
    by_model_ = by_model;
    empty_ = true;
    signed_ = false;
    json_.begin_object().key("role").string(by_model ? "model" : "user").key("parts").begin_array();
  }

  void close() {
    if (!open_) { return; }
    write_carried();
    // A content without parts is refused.
    if (empty_) { json_.begin_object().key("text").string("").end_object(); }
    json_.end_array().end_object();
  }

  Result<void> write(const Part& part) {
    const bool takes_carried = part.kind == Part::Kind::tool_call && part.signature.empty();
    if (!takes_carried) { write_carried(); }
    switch (part.kind) {
      case Part::Kind::text:
      case Part::Kind::refusal: write_text(part.text); break;
      case Part::Kind::image:
      case Part::Kind::file:
      case Part::Kind::audio:
        empty_ = false;
        write_media(json_, part);
        break;
      case Part::Kind::tool_call: write_call(part); break;
      case Part::Kind::tool_result: return write_result(part);
      case Part::Kind::thinking: write_thinking(part); break;
      case Part::Kind::redacted_thinking: break;  // nobody but Anthropic can read it
    }
    return {};
  }

  void write_text(Text text) {
    if (text.empty()) { return; }
    empty_ = false;
    json_.begin_object().key("text").escaped(text.escaped).end_object();
  }

  void write_thinking(const Part& part) {
    const Text signature = google_signature(part.signature);
    if (part.text.empty()) {
      carried_ = signature;
      return;
    }
    empty_ = false;
    json_.begin_object().key("text").escaped(part.text.escaped).key("thought").boolean(true);
    if (!signature.empty()) { json_.key("thoughtSignature").escaped(signature.escaped); }
    json_.end_object();
  }

  /// A signature without a thought is that of the call that follows, else of the text before it.
  void write_carried() {
    if (carried_.empty()) { return; }
    empty_ = false;
    json_.begin_object().key("text").string("");
    json_.key("thoughtSignature").escaped(carried_.escaped).end_object();
    carried_ = {};
  }

  void write_call(const Part& part) {
    empty_ = false;
    names_.insert_or_assign(part.id.escaped, part.name.escaped);
    json_.begin_object().key("functionCall").begin_object();
    if (!part.id.empty()) { json_.key("id").escaped(part.id.escaped); }
    json_.key("name").escaped(part.name.escaped);
    json_.key("args").raw(part.arguments.empty() ? "{}" : part.arguments.json).end_object();
    std::string_view signature = part.signature.empty() ? carried_.escaped : part.signature.escaped;
    // Of parallel calls the first one has it.
    if (signature.empty() && generation_.wants_signatures && !signed_) { signature = kNoSignature; }
    if (!signature.empty()) { json_.key("thoughtSignature").escaped(signature); }
    json_.end_object();
    carried_ = {};
    signed_ = true;
  }

  Result<void> write_result(const Part& part) {
    std::string_view name = part.name.escaped;
    if (const auto call = names_.find(part.id.escaped); call != names_.end()) {
      name = call->second;
    }
    if (name.empty()) {
      return fail(Errc::bad_request, "the tool result for " + quoted(part.id.escaped) +
                                         " has no tool call of this id before it");
    }
    empty_ = false;
    json_.begin_object().key("functionResponse").begin_object();
    if (!part.id.empty()) { json_.key("id").escaped(part.id.escaped); }
    json_.key("name").escaped(name).key("response").begin_object();
    write_output(part);
    json_.end_object();
    const bool inside = generation_.media_in_results;
    write_media_inside(part, inside);
    json_.end_object().end_object();
    for (const Part& piece : part.content) {
      if (is_media(piece) && !(inside && !piece.source.data.empty())) { write_media(json_, piece); }
    }
    return {};
  }

  /// All text of a result, one piece a line.
  void write_output(const Part& part) {
    json_.key(part.is_error ? "error" : "output").open_string();
    bool first = true;
    for (const Part& piece : part.content) {
      if (piece.kind != Part::Kind::text) { continue; }
      if (!first) { json_.more("\\n"); }
      json_.more(piece.text.escaped);
      first = false;
    }
    json_.close_string();
  }

  void write_media_inside(const Part& part, bool inside) {
    bool any = false;
    for (const Part& piece : part.content) {
      if (!inside || !is_media(piece) || piece.source.data.empty()) { continue; }
      if (!any) { json_.key("parts").begin_array(); }
      any = true;
      write_media(json_, piece);
    }
    if (any) { json_.end_array(); }
  }

  Generation generation_;
  json::Writer& json_;
  /// Names of the calls so far, by id: results tell ids only.
  std::unordered_map<std::string_view, std::string_view> names_;
  Text carried_;  ///< a signature that belongs to what comes
  bool open_ = false;
  bool by_model_ = false;
  bool empty_ = true;    ///< the open content has no parts
  bool signed_ = false;  ///< the open content has a call
};

}  // namespace

Result<void> write_contents(const Conversation& conversation, std::string_view model,
                            json::Writer& json) {
  if (conversation.turns.empty()) {
    return fail(Errc::bad_request, "at least one message that is no system message is needed");
  }
  return ContentsWriter(model, json).write(conversation.turns);
}

void write_system(const std::vector<Part>& system, json::Writer& json) {
  const auto is_empty = [](const Part& part) { return part.text.empty(); };
  if (std::ranges::all_of(system, is_empty)) { return; }
  json.key("systemInstruction").begin_object().key("parts").begin_array();
  for (const Part& part : system) {
    if (is_empty(part)) { continue; }
    json.begin_object().key("text").escaped(part.text.escaped).end_object();
  }
  json.end_array().end_object();
}

}  // namespace butter::dialect::gemini
