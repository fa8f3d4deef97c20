#include "dialect/gemini_media.h"

#include <algorithm>
#include <string_view>

#include "base/strings.h"

namespace butter::dialect::gemini {

namespace {

struct MediaType {
  std::string_view extension;
  std::string_view type;
};

// The types that Gemini understands.
constexpr MediaType kMediaTypes[] = {
    {"png", "image/png"},       {"jpg", "image/jpeg"},        {"jpeg", "image/jpeg"},
    {"webp", "image/webp"},     {"heic", "image/heic"},       {"heif", "image/heif"},
    {"gif", "image/gif"},       {"pdf", "application/pdf"},   {"txt", "text/plain"},
    {"md", "text/markdown"},    {"csv", "text/csv"},          {"html", "text/html"},
    {"xml", "text/xml"},        {"json", "application/json"}, {"mp3", "audio/mp3"},
    {"wav", "audio/wav"},       {"aac", "audio/aac"},         {"ogg", "audio/ogg"},
    {"flac", "audio/flac"},     {"mp4", "video/mp4"},         {"mpeg", "video/mpeg"},
    {"mov", "video/quicktime"}, {"webm", "video/webm"},
};

/// By what stands behind the last dot; "" when that says nothing.
std::string_view type_by_name(std::string_view name) {
  name = name.substr(0, name.find_first_of("?#"));
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) { return {}; }
  const auto* const found = std::ranges::find_if(kMediaTypes, [&](const MediaType& known) {
    return iequals(known.extension, name.substr(dot + 1));
  });
  return found != std::ranges::end(kMediaTypes) ? found->type : std::string_view{};
}

std::string_view usual_type(Part::Kind kind) {
  switch (kind) {
    case Part::Kind::image: return "image/png";
    case Part::Kind::audio: return "audio/wav";
    case Part::Kind::file: return "application/pdf";
    case Part::Kind::text:
    case Part::Kind::tool_call:
    case Part::Kind::tool_result:
    case Part::Kind::thinking:
    case Part::Kind::redacted_thinking:
    case Part::Kind::refusal: break;
  }
  return "application/octet-stream";
}

/// "" when nothing is known.
std::string_view type_of(const Source& source) {
  if (!source.media_type.empty()) { return source.media_type.escaped; }
  const std::string_view named = type_by_name(source.name.escaped);
  return !named.empty() ? named : type_by_name(source.url.escaped);
}

}  // namespace

void write_media(json::Writer& json, const Part& part) {
  const Source& source = part.source;
  const std::string_view type = type_of(source);
  json.begin_object();
  if (!source.data.empty()) {
    json.key("inlineData").begin_object();
    json.key("mimeType").escaped(!type.empty() ? type : usual_type(part.kind));
    json.key("data").escaped(source.data.escaped).end_object();
  } else {
    json.key("fileData").begin_object();
    if (!type.empty()) { json.key("mimeType").escaped(type); }
    const Text uri = source.url.empty() ? source.file_id : source.url;
    json.key("fileUri").escaped(uri.escaped).end_object();
  }
  json.end_object();
}

}  // namespace butter::dialect::gemini
