#include "plugin/guard_plugin.h"

#include <string>

#include "guard/stream_redactor.h"
#include "json/text.h"

namespace butter::plugin {

namespace {

/// As the Go program's plugin answers.
constexpr std::string_view kBlocked =
    R"({"error":{"message":"Request blocked: potential prompt injection detected",)"
    R"("type":"invalid_request_error","code":"prompt_injection_detected"}})";

class RedactedStream final : public StreamFilter {
 public:
  explicit RedactedStream(std::shared_ptr<const guard::Guard> guard)
      : redactor_(std::move(guard)) {}
  void feed(std::string_view event, Buffer& out) override { redactor_.feed(event, out); }
  void end(Buffer& out) override { redactor_.end(out); }

 private:
  guard::StreamRedactor redactor_;
};

std::string json_string(std::string_view text) {
  std::string out;
  json::append_string(out, text);
  return out;
}

guard::Settings settings_of(const config::Guard& config) {
  guard::Settings settings{.scan_roles = config.scan_roles,
                           .default_phrases = config.default_phrases,
                           .phrases = config.phrases,
                           .patterns = config.patterns};
  switch (config.mode) {
    case config::GuardMode::block: settings.mode = guard::Mode::block; break;
    case config::GuardMode::log: settings.mode = guard::Mode::log; break;
    case config::GuardMode::tag: settings.mode = guard::Mode::tag; break;
  }
  for (const config::GuardKind kind : config.redact_kinds) {
    switch (kind) {
      case config::GuardKind::email: settings.redaction.email = true; break;
      case config::GuardKind::card: settings.redaction.card = true; break;
      case config::GuardKind::iban: settings.redaction.iban = true; break;
      case config::GuardKind::key: settings.redaction.key = true; break;
    }
  }
  return settings;
}

}  // namespace

Result<std::shared_ptr<const BuiltIn>> GuardPlugin::make(const config::Guard& config) {
  auto guard = guard::Guard::make(settings_of(config));
  if (!guard) { return std::unexpected(std::move(guard).error()); }
  const Redacts redacts{.requests = config.redact_requests, .answers = config.redact_answers};
  return std::make_shared<const GuardPlugin>(*std::move(guard), redacts);
}

bool GuardPlugin::has(Hook hook) const noexcept {
  return hook == Hook::pre_http || (hook == Hook::post_llm && redacts_.answers);
}

Result<HookOutput> GuardPlugin::run(const HookInput& input, const Context& context) const {
  if (input.hook == Hook::pre_http) { return look_at_request(input, context); }
  HookOutput output;
  output.body = guard_->redact(input.body, guard::Body::answer);
  return output;
}

HookOutput GuardPlugin::look_at_request(const HookInput& input, const Context& context) const {
  HookOutput output;
  if (const auto found = guard_->scan(input.body)) {
    context.logger.warn("potential prompt injection", log::field("plugin", "guard"),
                        log::field("category", found->category),
                        log::field("pattern", found->pattern),
                        log::field("request_id", context.request_id));
    output.metadata["prompt_injection_detected"] = "true";
    output.metadata["matched_pattern"] = json_string(found->pattern);
    output.metadata["matched_category"] = json_string(found->category);
    if (guard_->mode() == guard::Mode::block) {
      output.short_circuit = {.status = 400, .body = std::string(kBlocked)};
      return output;
    }
  }
  if (redacts_.requests) { output.body = guard_->redact(input.body, guard::Body::request); }
  return output;
}

std::unique_ptr<StreamFilter> GuardPlugin::stream_filter() const {
  return redacts_.answers ? std::make_unique<RedactedStream>(guard_) : nullptr;
}

}  // namespace butter::plugin
