#include "gateway/body_redaction.h"

#include <algorithm>

namespace butter::gateway {

namespace {

void hide(std::string& text, std::string_view key) {
  if (key.size() < BodyRedaction::kShortestKey) { return; }
  std::size_t at = text.find(key);
  if (at == std::string::npos) { return; }
  const std::string hint = key_hint(key);
  for (; at != std::string::npos; at = text.find(key, at + hint.size())) {
    text.replace(at, key.size(), hint);
  }
}

}  // namespace

BodyRedaction::BodyRedaction(const config::Config& config) {
  for (const config::Provider& provider : config.providers) {
    for (const config::Key& key : provider.keys) { keys_.emplace_back(key.key.reveal()); }
  }
  if (config.requestlog.redact_bodies) {
    redactor_.emplace(guard::Redaction{.email = true, .card = true, .iban = true, .key = true});
  }
  // A key may be the beginning of another one.
  std::ranges::sort(keys_, std::ranges::greater{}, &std::string::size);
  if (!keys_.empty()) { longest_ = std::max(longest_, keys_.front().size()); }
}

void BodyRedaction::apply(std::string& text, std::string_view app_key) const {
  hide(text, app_key);
  for (const std::string& key : keys_) { hide(text, key); }
  if (!redactor_) { return; }
  // As JSON, for what is written with escapes; then as it stands, for all the rest.
  if (auto redacted = redactor_->json(text, guard::Body::answer)) { text = *std::move(redacted); }
  redactor_->text(text);
}

}  // namespace butter::gateway
