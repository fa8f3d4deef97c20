#include "dialect/responses_input.h"

#include <algorithm>
#include <array>
#include <ranges>
#include <string>
#include <utility>

#include "base/strings.h"
#include "dialect/responses_content.h"
#include "dialect/responses_signature.h"
#include "json/cursor.h"
#include "json/text.h"

namespace butter::dialect {

namespace {

/// What tools left behind that only the provider of the first answer can run.
constexpr std::array<std::string_view, 25> kServerItems{"web_search_call",
                                                        "file_search_call",
                                                        "code_interpreter_call",
                                                        "image_generation_call",
                                                        "computer_call",
                                                        "computer_call_output",
                                                        "mcp_call",
                                                        "mcp_list_tools",
                                                        "mcp_approval_request",
                                                        "mcp_approval_response",
                                                        "local_shell_call",
                                                        "local_shell_call_output",
                                                        "shell_call",
                                                        "shell_call_output",
                                                        "apply_patch_call",
                                                        "apply_patch_call_output",
                                                        "custom_tool_call",
                                                        "custom_tool_call_output",
                                                        "tool_search_call",
                                                        "tool_search_output",
                                                        "additional_tools",
                                                        "compaction",
                                                        "compaction_trigger",
                                                        "program",
                                                        "program_output"};

/// An item's members, whatever its type is: the type may be the last of them.
struct Item {
  Text type, role, id, call_id, name, arguments, encrypted_content;
  Raw content, output, summary;
};

Item read_item(Fields& fields) {
  Item item;
  const std::pair<std::string_view, Text*> texts[] = {
      {"type", &item.type},
      {"role", &item.role},
      {"id", &item.id},
      {"call_id", &item.call_id},
      {"name", &item.name},
      {"arguments", &item.arguments},
      {"encrypted_content", &item.encrypted_content}};
  const std::pair<std::string_view, Raw*> raws[] = {
      {"content", &item.content}, {"output", &item.output}, {"summary", &item.summary}};
  fields.object([&](json::Key key) {
    for (const auto& [name, text] : texts) {
      // Items of server tools have members of these names and of other types.
      if (key == name && fields.is_string()) {
        *text = fields.text();
        return;
      }
    }
    for (const auto& [name, raw] : raws) {
      if (key == name) {
        *raw = fields.any();
        return;
      }
    }
    fields.skip();
  });
  return item;
}

/// Turns items into turns, one after the other. Thread: worker-local.
class InputReader {
 public:
  InputReader(Fields& fields, Conversation& into) : fields_(fields), into_(into) {}

  void read() {
    const Item item = read_item(fields_);
    const std::string_view type = item.type.escaped;
    if (type == "message" || (type.empty() && !item.role.empty())) {
      message(item);
    } else if (type == "function_call") {
      call(item);
    } else if (type == "function_call_output") {
      result(item);
    } else if (type == "reasoning") {
      reasoning(item);
    } else if (type == "item_reference" || (type.empty() && !item.id.empty())) {
      fields_.complain(
          "an item_reference cannot be followed, because no state is kept here: send the item");
    } else if (std::ranges::find(kServerItems, type) != kServerItems.end()) {
      into_.use(Feature::server_tools, into_.keep("input[]." + std::string(type)));
    } else {
      fields_.complain("type", type.empty() ? "is missing" : quoted(type) + " is not known");
    }
  }

  void end() {
    if (!into_.turns.empty() && into_.turns.back().role == Role::assistant) {
      into_.use(Feature::prefill, "input");
    }
  }

 private:
  Turn& turn_of(Role role) {
    const bool joins = role == Role::assistant && !into_.turns.empty() &&
                       into_.turns.back().role == Role::assistant;
    return joins ? into_.turns.back() : into_.turns.emplace_back(Turn{.role = role});
  }

  void message(const Item& item) {
    const std::string_view role = item.role.escaped;
    if (item.content.empty()) { return fields_.complain("content", "is missing"); }
    if (role == "user") {
      content(item, turn_of(Role::user).parts);
    } else if (role == "assistant") {
      content(item, turn_of(Role::assistant).parts);
    } else if (role == "system" || role == "developer") {
      into_.use(role == "system" ? Feature::system : Feature::developer_role, "input[].role");
      const std::size_t before = into_.system.size();
      content(item, into_.system);
      const bool texts = std::all_of(
          into_.system.begin() + static_cast<std::ptrdiff_t>(before), into_.system.end(),
          [](const Part& part) { return part.kind == Part::Kind::text; });
      if (!texts) { fields_.complain("content", "of a system message must be text"); }
    } else {
      fields_.complain("role", "must be user, assistant, system or developer");
    }
  }

  void content(const Item& item, std::vector<Part>& parts) {
    fields_.at("content", item.content,
               [&] { read_responses_content(fields_, ContentOf::message, into_, parts); });
  }

  void call(const Item& item) {
    if (item.call_id.empty()) { return fields_.complain("call_id", "is missing"); }
    if (item.name.empty()) { return fields_.complain("name", "is missing"); }
    into_.use(Feature::tool_calls, "function_call");
    turn_of(Role::assistant)
        .parts.push_back({.kind = Part::Kind::tool_call,
                          .id = item.call_id,
                          .name = item.name,
                          .signature = std::exchange(call_signature_, {}),
                          .arguments = arguments(item)});
  }

  /// The object that the text of `arguments` holds.
  Raw arguments(const Item& item) {
    std::string text;
    const bool decoded = json::unescape(item.arguments.escaped, text);
    if (text.find_first_not_of(" \t\r\n") == std::string::npos) { return {"{}"}; }
    json::Cursor cursor(text);
    const bool is_object = cursor.peek() == '{';
    cursor.object([&](std::string_view) { cursor.skip_value(); });
    if (!decoded || !is_object || !cursor.ok() || cursor.peek() != '\0') {
      fields_.complain("arguments", "must be the text of a JSON object");
      return {};
    }
    return {into_.keep(std::move(text))};
  }

  void result(const Item& item) {
    if (item.call_id.empty()) { return fields_.complain("call_id", "is missing"); }
    if (item.output.empty()) { return fields_.complain("output", "is missing"); }
    into_.use(Feature::tool_results, "function_call_output");
    Part part{.kind = Part::Kind::tool_result, .id = item.call_id, .name = name_of(item.call_id)};
    fields_.at("output", item.output, [&] {
      read_responses_content(fields_, ContentOf::tool_result, into_, part.content);
    });
    turn_of(Role::tool).parts.push_back(std::move(part));
  }

  /// The function that was called: dialects that pair results by name need it.
  [[nodiscard]] Text name_of(Text call_id) const {
    for (const Turn& turn : into_.turns | std::views::reverse) {
      for (const Part& part : turn.parts) {
        if (part.kind == Part::Kind::tool_call && part.id == call_id) { return part.name; }
      }
    }
    return {};
  }

  void reasoning(const Item& item) {
    const auto carried = carried_signature(item.encrypted_content);
    if (carried && carried->kind == CarriedSignature::Kind::call) {
      call_signature_ = carried->text;
      return;
    }
    into_.use(Feature::thinking_blocks, "reasoning");
    if (carried && carried->kind == CarriedSignature::Kind::redacted) {
      turn_of(Role::assistant)
          .parts.push_back({.kind = Part::Kind::redacted_thinking, .signature = carried->text});
      return;
    }
    const Text text = thought(item);
    if (text.empty() && !carried) { return; }
    turn_of(Role::assistant)
        .parts.push_back({.kind = Part::Kind::thinking,
                          .text = text,
                          .signature = carried ? carried->text : Text{}});
  }

  /// The texts of the summary, or of the content where a model shows its reasoning itself.
  Text thought(const Item& item) {
    const bool summed_up = item.summary.json.find('{') != std::string_view::npos;
    const Raw list = summed_up ? item.summary : item.content;
    if (list.empty()) { return {}; }
    std::string joined;
    Text only;
    std::size_t texts = 0;
    fields_.at(summed_up ? "summary" : "content", list, [&] {
      fields_.array([&](std::size_t) {
        fields_.object([&](json::Key key) {
          if (key != "text") { return fields_.skip(); }
          only = fields_.text();
          (joined += texts++ == 0 ? "" : "\\n\\n") += only.escaped;
        });
      });
    });
    return texts < 2 ? only : Text{into_.keep(std::move(joined))};
  }

  Fields& fields_;
  Conversation& into_;
  Text call_signature_;  ///< of the function call that follows
};

}  // namespace

void read_responses_input(Fields& fields, Conversation& into) {
  if (fields.is_string()) {
    into.turns.push_back({.role = Role::user, .parts = {{.text = fields.text()}}});
    return;
  }
  InputReader reader(fields, into);
  fields.array([&](std::size_t) { reader.read(); });
  reader.end();
}

}  // namespace butter::dialect
