#include "dialect/converse_blocks.h"

#include <algorithm>
#include <span>
#include <utility>

#include "base/strings.h"
#include "dialect/google_signature.h"
#include "json/cursor.h"
#include "json/text.h"

namespace butter::dialect {

namespace {

struct Format {
  std::string_view media_type;
  std::string_view name;  ///< Bedrock's
};

constexpr Format kImages[] = {{"image/png", "png"},
                              {"image/jpeg", "jpeg"},
                              {"image/jpg", "jpeg"},
                              {"image/gif", "gif"},
                              {"image/webp", "webp"}};
constexpr Format kDocuments[] = {
    {"application/pdf", "pdf"},
    {"text/csv", "csv"},
    {"application/msword", "doc"},
    {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"},
    {"application/vnd.ms-excel", "xls"},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"},
    {"text/html", "html"},
    {"text/plain", "txt"},
    {"text/markdown", "md"}};
constexpr Format kSounds[] = {{"audio/wav", "wav"},   {"audio/mp3", "mp3"}, {"audio/mpeg", "mp3"},
                              {"audio/opus", "opus"}, {"audio/aac", "aac"}, {"audio/flac", "flac"},
                              {"audio/ogg", "ogg"},   {"audio/mp4", "mp4"}, {"audio/webm", "webm"},
                              {"audio/m4a", "m4a"}};

std::string plain(Text text) {
  std::string out;
  (void)json::unescape(text.escaped, out);
  return out;
}

/// By the media type, or by the ending of the name where there is none; "" when it is not known.
std::string_view format_of(const Source& source, std::span<const Format> formats) {
  std::string type = plain(source.media_type);
  type.resize(std::min(type.find(';'), type.size()));
  const std::string name = plain(source.name);
  const std::size_t dot = name.rfind('.');
  const std::string_view ending =
      dot == std::string::npos ? std::string_view{} : std::string_view(name).substr(dot + 1);
  const auto matches = [&](const Format& each) {
    return type.empty() ? iequals(ending, each.name) : iequals(type, each.media_type);
  };
  const auto found = std::ranges::find_if(formats, matches);
  return found != formats.end() ? found->name : std::string_view{};
}

std::string names_of(std::span<const Format> formats) {
  std::string names;
  for (const Format& each : formats) {
    if (names.ends_with(each.name)) { continue; }
    names.append(names.empty() ? "" : ", ").append(each.name);
  }
  return names;
}

std::span<const Format> formats_of(Part::Kind kind) {
  if (kind == Part::Kind::image) { return kImages; }
  return kind == Part::Kind::audio ? std::span<const Format>(kSounds) : kDocuments;
}

std::string_view name_of(Part::Kind kind) {
  if (kind == Part::Kind::image) { return "image"; }
  return kind == Part::Kind::audio ? "audio" : "document";
}

}  // namespace

bool ConverseBlocks::says_nothing(const Part& part) noexcept {
  if (part.kind != Part::Kind::text && part.kind != Part::Kind::refusal) { return false; }
  for (std::string_view rest = part.text.escaped; !rest.empty();) {
    const bool escape =
        rest.starts_with("\\n") || rest.starts_with("\\t") || rest.starts_with("\\r");
    if (!escape && rest.front() != ' ') { return false; }
    rest.remove_prefix(escape ? 2 : 1);
  }
  return true;
}

Result<void> ConverseBlocks::write(const Part& part) {
  if (auto written = write_block(part); !written) { return written; }
  write_cache_point(part.cache_control);
  return {};
}

void ConverseBlocks::write_cache_point(Raw cache_control) {
  if (cache_control.empty()) { return; }
  std::string_view ttl;
  json::Cursor cursor(cache_control.json);
  cursor.object([&](json::Key key) {
    if (key == "ttl") {
      ttl = cursor.string();
    } else {
      cursor.skip_value();
    }
  });
  writer_.begin_object().key("cachePoint").begin_object().key("type").string("default");
  if (!ttl.empty()) { writer_.key("ttl").escaped(ttl); }
  writer_.end_object().end_object();
}

Result<void> ConverseBlocks::write_block(const Part& part) {
  switch (part.kind) {
    case Part::Kind::text:
    case Part::Kind::refusal:
      writer_.begin_object().key("text").escaped(part.text.escaped).end_object();
      return {};
    case Part::Kind::image:
    case Part::Kind::file:
    case Part::Kind::audio: return write_source(part);
    case Part::Kind::tool_call: write_tool_call(part); return {};
    case Part::Kind::tool_result: return write_tool_result(part);
    case Part::Kind::thinking:
    case Part::Kind::redacted_thinking: write_thinking(part); return {};
  }
  __builtin_unreachable();
}

Result<void> ConverseBlocks::write_source(const Part& part) {
  const std::span<const Format> formats = formats_of(part.kind);
  const std::string_view what = name_of(part.kind);
  if (part.source.data.empty()) {
    return fail(Errc::bad_request, "Bedrock takes a file of kind " + std::string(what) +
                                       " as base64 data only, not by URL or id");
  }
  const std::string_view format = format_of(part.source, formats);
  if (format.empty()) {
    return fail(Errc::bad_request, "media type " + quoted(plain(part.source.media_type)) +
                                       " cannot be sent to Bedrock as " + std::string(what) +
                                       ", which is one of: " + names_of(formats));
  }
  writer_.begin_object().key(what).begin_object().key("format").string(format);
  if (part.kind == Part::Kind::file) { writer_.key("name").string(document_name(part.source)); }
  writer_.key("source").begin_object().key("bytes").escaped(part.source.data.escaped).end_object();
  writer_.end_object().end_object();
  return {};
}

// Letters, digits, single blanks, hyphens and brackets; no two documents of one name.
std::string ConverseBlocks::document_name(const Source& source) {
  constexpr std::string_view kAllowed = "-()[]";
  std::string name = plain(source.name);
  name.resize(std::min(name.rfind('.'), name.size()));
  for (char& c : name) {
    const char lower = to_lower(c);
    const bool alphanumeric = (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9');
    if (!alphanumeric && !kAllowed.contains(c)) { c = '-'; }
  }
  constexpr std::size_t kMost = 180;
  name.resize(std::min(name.size(), kMost));
  if (name.empty()) { name = "document"; }
  if (++documents_ > 1) { name += " " + std::to_string(documents_); }
  return name;
}

void ConverseBlocks::write_tool_call(const Part& part) {
  writer_.begin_object().key("toolUse").begin_object();
  writer_.key("toolUseId").escaped(part.id.escaped).key("name").escaped(part.name.escaped);
  writer_.key("input").raw(part.arguments.empty() ? "{}" : part.arguments.json);
  writer_.end_object().end_object();
}

Result<void> ConverseBlocks::write_tool_result(const Part& part) {
  writer_.begin_object().key("toolResult").begin_object();
  writer_.key("toolUseId").escaped(part.id.escaped).key("content").begin_array();
  for (const Part& piece : part.content) {
    if (says_nothing(piece)) { continue; }
    if (auto written = write_block(piece); !written) { return written; }
  }
  writer_.end_array();
  if (part.is_error) { writer_.key("status").string("error"); }
  writer_.end_object().end_object();
  return {};
}

void ConverseBlocks::write_thinking(const Part& part) {
  writer_.begin_object().key("reasoningContent").begin_object();
  if (part.kind == Part::Kind::redacted_thinking) {
    writer_.key("redactedContent").escaped(part.signature.escaped);
  } else {
    writer_.key("reasoningText").begin_object().key("text").escaped(part.text.escaped);
    const Text signature = signature_of_others(part.signature);
    if (!signature.empty()) { writer_.key("signature").escaped(signature.escaped); }
    writer_.end_object();
  }
  writer_.end_object().end_object();
}

}  // namespace butter::dialect
