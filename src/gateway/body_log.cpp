#include "gateway/body_log.h"

#include <algorithm>

#include "base/strings.h"
#include "http/media_type.h"
#include "json/utf8.h"

namespace butter::gateway {

namespace {

constexpr std::size_t kMostKept = 64 * 1024;  ///< memory for the next request
constexpr std::size_t kLongestCut = 3;        ///< bytes of a character without its last one

std::string no_text(std::uint64_t bytes, std::string_view what) {
  return "[" + std::to_string(bytes) + " bytes" + std::string(what) + "]";
}

std::string_view multipart_type(std::string_view content_type) {
  constexpr std::string_view kMultipart = "multipart/";
  if (!iequals(content_type.substr(0, kMultipart.size()), kMultipart)) { return {}; }
  return http::media_type(content_type);
}

/// Not in the middle of a character.
void cut(std::string& text, std::size_t size) {
  constexpr unsigned char kMask = 0xC0;
  constexpr unsigned char kContinuation = 0x80;
  if (size >= text.size()) { return; }
  while (size > 0 && (static_cast<unsigned char>(text[size]) & kMask) == kContinuation) { --size; }
  text.resize(size);
}

}  // namespace

void BodyLog::start(std::size_t most, const BodyRedaction& redaction,
                    std::string_view content_type) {
  redaction_ = &redaction;
  most_ = most;
  room_ = most + redaction.longest_secret();
  multipart_ = multipart_type(content_type);
  bytes_ = 0;
  if (kept_.capacity() > kMostKept) { kept_ = {}; }
  kept_.clear();
}

void BodyLog::add(std::string_view piece) {
  bytes_ += piece.size();
  kept_.append(piece.substr(0, room_ - kept_.size()));
}

LoggedBody BodyLog::told(std::string_view app_key) const {
  if (bytes_ == 0) { return {}; }
  if (!multipart_.empty()) { return {.text = no_text(bytes_, " of " + multipart_)}; }
  const std::size_t valid = json::utf8_fault(kept_);
  if (kept_.size() - valid > (is_whole() ? 0 : kLongestCut)) {
    return {.text = no_text(bytes_, ", no text")};
  }
  LoggedBody body{.text = kept_.substr(0, valid)};
  redaction_->apply(body.text, app_key);
  // A secret that begins before this place was kept whole.
  const std::size_t beyond = kept_.size() - valid;
  const std::size_t unsure = is_whole() ? 0 : redaction_->longest_secret() - beyond;
  const std::size_t sure = body.text.size() - std::min(unsure, body.text.size());
  body.truncated = !is_whole() || sure > most_;
  cut(body.text, std::min(sure, most_));
  return body;
}

}  // namespace butter::gateway
