#include "property/described.h"

#include <string_view>

namespace butter::property {

namespace {

using dialect::Conversation;
using dialect::Part;
using dialect::Role;

void line(std::string& out, std::string_view name, std::string_view value) {
  if (!value.empty()) { out.append(name).append(": ").append(value) += '\n'; }
}

void source(std::string& out, const dialect::Source& source) {
  line(out, " url", source.url.escaped);
  line(out, " type", source.media_type.escaped);
  line(out, " data", source.data.escaped);
}

void part(std::string& out, const Part& part) {
  out += "  kind " + std::to_string(static_cast<int>(part.kind)) + '\n';
  line(out, " text", part.text.escaped);
  line(out, " id", part.id.escaped);
  line(out, " name", part.name.escaped);
  line(out, " signature", part.signature.escaped);
  line(out, " arguments", part.arguments.json);
  source(out, part.source);
  for (const Part& each : part.content) { line(out, " result", each.text.escaped); }
}

void settings(std::string& out, const Conversation& asked) {
  line(out, "model", asked.model.escaped);
  line(out, "stream", asked.stream ? "yes" : "");
  line(out, "max_tokens", asked.max_tokens ? std::to_string(*asked.max_tokens) : "");
  line(out, "temperature", asked.temperature.json);
  line(out, "top_p", asked.top_p.json);
  for (const dialect::Text stop : asked.stop) { line(out, "stop", stop.escaped); }
  line(out, "user", asked.user.escaped);
  line(out, "schema", asked.format.schema.json);
  for (const dialect::Tool& tool : asked.tools) {
    line(out, "tool", tool.name.escaped);
    line(out, " description", tool.description.escaped);
    line(out, " parameters", tool.parameters.json);
  }
  line(out, "choice", std::to_string(static_cast<int>(asked.tool_choice.kind)));
  line(out, " name", asked.tool_choice.name.escaped);
}

}  // namespace

std::string described(const Conversation& conversation) {
  std::string out;
  settings(out, conversation);
  std::string system;
  for (const Part& each : conversation.system) {
    system.append(system.empty() ? "" : "\\n").append(each.text.escaped);
  }
  line(out, "system", system);
  for (const dialect::Turn& turn : conversation.turns) {
    for (const Part& each : turn.parts) {
      out += turn.role == Role::assistant ? "assistant" : "user";
      part(out, each);
    }
  }
  return out;
}

}  // namespace butter::property
