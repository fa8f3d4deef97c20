#include "dialect/messages_content.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "base/strings.h"
#include "dialect/messages_source.h"
#include "dialect/responses_signature.h"

namespace butter::dialect {

namespace {

using Kind = Part::Kind;

/// A block's members, whatever its type is: the type may be the last of them.
struct Block {
  Text type, text, id, tool_use_id, name, thinking, signature, data, title;
  Raw input, content, source, citations, cache_control;
  bool is_error = false;
  bool cited = false;  ///< citations are asked for
  bool says_more = false;
};

bool read_flag(Fields& fields, std::string_view name) {
  bool on = false;
  fields.object([&](json::Key key) {
    key == name ? void(on = fields.boolean().value_or(false)) : fields.skip();
  });
  return on;
}

void read_member(json::Key key, Fields& fields, Block& block) {
  constexpr std::pair<std::string_view, Text Block::*> kTexts[] = {
      {"type", &Block::type},
      {"text", &Block::text},
      {"id", &Block::id},
      {"tool_use_id", &Block::tool_use_id},
      {"name", &Block::name},
      {"thinking", &Block::thinking},
      {"signature", &Block::signature},
      {"data", &Block::data},
      {"title", &Block::title}};
  for (const auto& [name, text] : kTexts) {
    if (key == name) {
      block.*text = fields.text();
      return;
    }
  }
  if (key == "input") {
    block.input = fields.object_raw();
  } else if (key == "content") {
    block.content = fields.any();
  } else if (key == "source") {
    block.source = fields.any();
  } else if (key == "cache_control") {
    block.cache_control = fields.object_raw();
  } else if (key == "is_error") {
    block.is_error = fields.boolean().value_or(false);
  } else if (key == "citations") {
    if (fields.is_list()) {
      block.citations = fields.any();
    } else {
      block.cited = read_flag(fields, "enabled");
      block.says_more = true;
    }
  } else {
    block.says_more = fields.skip_said() || block.says_more;
  }
}

/// Blocks of tools that the provider runs, and what else only messages has.
bool is_own(std::string_view type) {
  constexpr std::string_view kOwn[] = {"server_tool_use",  "mcp_tool_use",   "mcp_tool_result",
                                       "container_upload", "tool_reference", "browser_state",
                                       "compaction"};
  return std::ranges::find(kOwn, type) != std::end(kOwn) ||
         (type.ends_with("_tool_result") && type != "tool_result");
}

/// Thread: worker-local.
class ContentReader {
 public:
  ContentReader(Fields& fields, Conversation& into, std::vector<Part>& parts,
                std::vector<MessagesBlock>& own)
      : fields_(fields), into_(into), parts_(parts), own_(own) {}

  void read() {
    if (fields_.is_string()) {
      const Text text = fields_.text();
      if (!text.empty()) { parts_.push_back({.text = text}); }
    } else if (fields_.is_list()) {
      fields_.array([&](std::size_t) { block(); });
    } else {
      fields_.complain("must be a string or a list");
      fields_.skip();
    }
  }

 private:
  void block() {
    const Raw whole = fields_.peek_raw();
    Block block;
    fields_.object([&](json::Key key) { read_member(key, fields_, block); });
    if (!fields_.ok()) { return; }
    if (!block.cache_control.empty()) { into_.use(Feature::cache_markers, "cache_control"); }
    if (is_own(block.type.escaped)) {
      own_.push_back({.before = parts_.size(), .block = whole});
      return into_.use(Feature::server_tools, "messages[].content[]");
    }
    Part part{.cache_control = block.cache_control};
    if (carries_signature(block)) { return; }
    read_part(block, whole, part);
    if (block.says_more) { part.messages_own = whole; }
    parts_.push_back(std::move(part));
  }

  bool carries_signature(const Block& block) {
    if (block.type.escaped != "redacted_thinking") { return false; }
    const auto carried = carried_signature(block.data);
    if (!carried || carried->kind != CarriedSignature::Kind::call) { return false; }
    call_signature_ = carried->text;
    return true;
  }

  void read_part(const Block& block, Raw whole, Part& part) {
    const std::string_view type = block.type.escaped;
    if (type == "text") {
      part.text = block.text;
      part.citations = block.citations;
      if (!part.citations.empty()) {
        into_.use(Feature::citations, "messages[].content[].citations");
      }
    } else if (type == "thinking") {
      part = {.kind = Kind::thinking, .text = block.thinking, .signature = block.signature};
      into_.use(Feature::thinking_blocks, "messages[].content[]: thinking");
    } else if (type == "redacted_thinking") {
      part = {.kind = Kind::redacted_thinking, .signature = block.data};
      into_.use(Feature::thinking_blocks, "messages[].content[]: thinking");
    } else if (type == "tool_use") {
      tool_use(block, part);
    } else if (type == "tool_result") {
      tool_result(block, whole, part);
    } else if (type == "image" || type == "document") {
      read_messages_source(fields_, into_, type, block.source, part);
      part.source.name = type == "document" ? block.title : Text{};
      if (part.kind == Kind::text) { part.messages_own = whole; }
      if (block.cited) { into_.use(Feature::citations, "citations"); }
    } else if (type == "search_result") {
      part.text = {into_.keep(search_result_text(block))};
      part.messages_own = whole;
      if (block.cited) { into_.use(Feature::citations, "citations"); }
    } else {
      fields_.complain("type",
                       type.empty() ? "is missing" : quoted(type) + " is no block of a content");
    }
  }

  void tool_use(const Block& block, Part& part) {
    part.kind = Kind::tool_call;
    part.id = block.id;
    part.name = block.name;
    part.arguments = block.input.empty() ? Raw{"{}"} : block.input;
    part.signature = std::exchange(call_signature_, {});
    if (block.id.empty()) { fields_.complain("id", "is missing"); }
    if (block.name.empty()) { fields_.complain("name", "is missing"); }
    into_.use(Feature::tool_calls, "messages[].content[]: tool_use");
  }

  void tool_result(const Block& block, Raw whole, Part& part) {
    part.kind = Kind::tool_result;
    part.id = block.tool_use_id;
    part.is_error = block.is_error;
    if (part.id.empty()) { fields_.complain("tool_use_id", "is missing"); }
    into_.use(Feature::tool_results, "messages[].content[]: tool_result");
    if (block.is_error) { into_.use(Feature::tool_result_error, "is_error"); }
    if (block.content.empty()) { return; }
    std::vector<MessagesBlock> own;
    fields_.at("content", block.content,
               [&] { ContentReader(fields_, into_, part.content, own).read(); });
    // References to tools say something to the provider that loads them only.
    if (!own.empty()) { part.messages_own = whole; }
    for (const Part& each : part.content) {
      if (each.kind == Kind::image) { into_.use(Feature::tool_result_image, "tool_result: image"); }
    }
  }

  std::string search_result_text(const Block& block) {
    std::vector<Part> texts;
    std::vector<MessagesBlock> own;
    fields_.at("content", block.content, [&] { ContentReader(fields_, into_, texts, own).read(); });
    std::string text(block.title.escaped);
    if (block.source.json.size() > 2 && block.source.json.front() == '"') {
      (text += "\\n") += block.source.json.substr(1, block.source.json.size() - 2);
    }
    for (const Part& each : texts) { (text += "\\n") += each.text.escaped; }
    return text;
  }

  Fields& fields_;
  Conversation& into_;
  std::vector<Part>& parts_;
  std::vector<MessagesBlock>& own_;
  Text call_signature_{};
};

}  // namespace

void read_messages_content(Fields& fields, Conversation& into, std::vector<Part>& parts,
                           std::vector<MessagesBlock>& own) {
  ContentReader(fields, into, parts, own).read();
}

void read_messages_system(Fields& fields, Conversation& into) {
  if (fields.is_null()) { return fields.skip(); }
  std::vector<Part> parts;
  std::vector<MessagesBlock> own;
  read_messages_content(fields, into, parts, own);
  for (Part& part : parts) {
    if (part.kind != Kind::text) { return fields.complain("must be text"); }
    into.use(Feature::system);
    into.system.push_back(std::move(part));
  }
}

}  // namespace butter::dialect
