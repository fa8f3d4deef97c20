#include "dialect/messages_media.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/strings.h"

namespace butter::dialect {

namespace {

int sextet(char c) {
  if (c >= 'A' && c <= 'Z') { return c - 'A'; }
  if (c >= 'a' && c <= 'z') { return c - 'a' + 26; }
  if (c >= '0' && c <= '9') { return c - '0' + 52; }
  if (c == '+' || c == '-') { return 62; }
  if (c == '/' || c == '_') { return 63; }
  return -1;
}

/// \source RFC 4648, sections 4 and 5
std::optional<std::string> base64_decoded(std::string_view text) {
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    if (c == '=' || c == '\\') { continue; }  // "\/" is how some writers escape a slash
    const int value = sextet(c);
    if (value < 0) { return std::nullopt; }
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 8) { continue; }
    count -= 8;
    bytes.push_back(static_cast<char>(bits >> count & 0xff));
  }
  return bytes;
}

void write_place(const Source& source, json::Writer& writer) {
  if (!source.file_id.empty()) {
    writer.key("type").string("file").key("file_id").escaped(source.file_id.escaped);
  } else if (!source.url.empty()) {
    writer.key("type").string("url").key("url").escaped(source.url.escaped);
  } else {
    writer.key("type").string("base64").key("media_type").escaped(source.media_type.escaped);
    writer.key("data").escaped(source.data.escaped);
  }
}

bool is_text(std::string_view media_type) {
  return media_type.starts_with("text/") || media_type == "application/json" ||
         media_type == "application\\/json";
}

Result<void> write_document(const Source& source, json::Writer& writer) {
  const std::string_view type = source.media_type.escaped;
  if (source.data.empty() || type == "application/pdf" || type == "application\\/pdf") {
    write_place(source, writer);
    return {};
  }
  if (!is_text(type)) {
    return fail(Errc::bad_request, "a file of type " + quoted(type) +
                                       " cannot be sent to Anthropic: only PDF and plain text");
  }
  const auto text = base64_decoded(source.data.escaped);
  if (!text) { return fail(Errc::bad_request, "a file's data is no base64"); }
  writer.key("type").string("text").key("media_type").string("text/plain");
  writer.key("data").string(*text);
  return {};
}

}  // namespace

Result<void> write_messages_media(const Part& part, json::Writer& writer) {
  if (part.kind == Part::Kind::audio) {
    return fail(Errc::bad_request, "a sound cannot be sent to Anthropic");
  }
  const bool image = part.kind == Part::Kind::image;
  writer.begin_object().key("type").string(image ? "image" : "document");
  writer.key("source").begin_object();
  Result<void> written;
  image ? write_place(part.source, writer) : void(written = write_document(part.source, writer));
  writer.end_object();
  if (!image && !part.source.name.empty()) {
    writer.key("title").escaped(part.source.name.escaped);
  }
  if (!part.cache_control.empty()) { writer.key("cache_control").raw(part.cache_control.json); }
  writer.end_object();
  return written;
}

}  // namespace butter::dialect
