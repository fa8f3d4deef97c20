#include "dialect/gemini_request_writer.h"

#include "dialect/gemini_config.h"
#include "dialect/gemini_contents.h"
#include "dialect/gemini_tools.h"
#include "json/writer.h"

namespace butter::dialect::gemini {

namespace {

/// Google's name for what OpenAI calls "default"; "auto" is what comes unasked.
void write_service_tier(Raw tier, json::Writer& json) {
  if (tier.empty() || tier.json == "\"auto\"") { return; }
  json.key("serviceTier").raw(tier.json == "\"default\"" ? "\"standard\"" : tier.json);
}

}  // namespace

Result<void> write_request(const Conversation& conversation, const Target& target, Buffer& out) {
  json::Writer json(out);
  json.begin_object();
  write_system(conversation.system, json);
  Result<void> done = write_contents(conversation, target.model, json.key("contents"));
  if (done) { done = write_tools(conversation, json); }
  if (!done) { return done; }
  write_config(conversation, target.model, json);
  if (!conversation.safety_settings.empty()) {
    json.key("safetySettings").raw(conversation.safety_settings.json);
  }
  write_service_tier(conversation.service_tier, json);
  json.end_object();
  return {};
}

}  // namespace butter::dialect::gemini
