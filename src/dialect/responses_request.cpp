#include "dialect/responses_request.h"

#include "dialect/fields.h"
#include "dialect/responses_config.h"
#include "dialect/responses_input.h"
#include "dialect/responses_tools.h"

namespace butter::dialect {

namespace {

/// Reads the top-level fields. Those that lean on others (tool_choice on tools) or whose order
/// matters (instructions before input) are read when all are known. Thread: worker-local.
class RequestReader {
 public:
  RequestReader(std::string_view body, Conversation& into) : fields_(body), into_(into) {}

  Result<void> read() {
    if (fields_.is_null()) { fields_.complain("must be an object"); }
    fields_.object([&](json::Key key) { field(key); });
    if (into_.model.empty()) { fields_.complain("model", "is missing"); }
    if (!instructions_.empty()) {
      into_.system.push_back({.text = instructions_});
      into_.use(Feature::system, "instructions");
    }
    if (input_.empty() && !into_.used[static_cast<std::size_t>(Feature::previous_response)]) {
      fields_.complain("input", "is missing");
    }
    later("input", input_, read_responses_input);
    later("tools", tools_, read_responses_tools);
    later("tool_choice", tool_choice_, read_responses_tool_choice);
    into_.stream_usage = into_.stream;  // the last event of every stream has it
    return fields_.result();
  }

 private:
  void field(std::string_view key) {
    if (core(key) || read_responses_config(key, fields_, into_)) { return; }
    if (fields_.skip_said()) { into_.unknown.push_back(key); }
  }

  bool core(std::string_view key) {
    if (key == "model") {
      into_.model = fields_.text();
    } else if (key == "input") {
      input_ = fields_.any();
    } else if (key == "instructions") {
      instructions_ = fields_.text();
    } else if (key == "tools") {
      tools_ = fields_.any();
    } else if (key == "tool_choice") {
      tool_choice_ = fields_.any();
    } else if (key == "stream") {
      into_.stream = fields_.boolean().value_or(false);
    } else {
      return false;
    }
    return true;
  }

  void later(std::string_view key, Raw value, void (*reader)(Fields&, Conversation&)) {
    if (value.empty()) { return; }
    fields_.at(key, value, [&] { reader(fields_, into_); });
  }

  Fields fields_;
  Conversation& into_;
  Text instructions_;
  Raw input_, tools_, tool_choice_;
};

}  // namespace

Result<void> read_responses_request(std::string_view body, Conversation& into) {
  return RequestReader(body, into).read();
}

}  // namespace butter::dialect
