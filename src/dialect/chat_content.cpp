#include "dialect/chat_content.h"

#include <string>
#include <utility>

#include "base/strings.h"
#include "dialect/data_url.h"

namespace butter::dialect {

namespace {

/// The members of a part's inner object ("image_url", "file", "input_audio").
struct Inner {
  Text url, detail, data, format, file_id, filename, file_data;
};

void read_inner(Fields& fields, Inner& inner) {
  constexpr std::pair<std::string_view, Text Inner::*> kTexts[] = {
      {"url", &Inner::url},
      {"detail", &Inner::detail},
      {"data", &Inner::data},
      {"format", &Inner::format},
      {"file_id", &Inner::file_id},
      {"filename", &Inner::filename},
      {"file_data", &Inner::file_data}};
  fields.object([&](json::Key key) {
    for (const auto& [name, text] : kTexts) {
      if (key == name) {
        inner.*text = fields.text();
        return;
      }
    }
    fields.skip();
  });
}

void finish_image(Fields& fields, const Inner& inner, Conversation& into, Part& part) {
  part.kind = Part::Kind::image;
  if (inner.url.empty()) { return fields.complain("image_url", "has no url"); }
  const bool data = read_url(inner.url, part.source);
  into.use(data ? Feature::image_data : Feature::image_url, "image_url");
  if (inner.detail.empty() || inner.detail.escaped == "auto") { return; }
  part.detail = inner.detail;
  into.use(Feature::image_detail, "image_url.detail");
}

void finish_file(Fields& fields, const Inner& inner, Conversation& into, Part& part) {
  part.kind = Part::Kind::file;
  part.source.name = inner.filename;
  if (!inner.file_id.empty()) {
    part.source.file_id = inner.file_id;
    return into.use(Feature::file_id, "file.file_id");
  }
  if (inner.file_data.empty()) { return fields.complain("file", "has no file_data or file_id"); }
  if (!read_url(inner.file_data, part.source)) {
    // Base64 alone is what the API calls a PDF's bytes; some vendors take a URL here.
    if (inner.file_data.escaped.starts_with("http")) {
      return into.use(Feature::file_url, "file.file_data");
    }
    part.source.url = {};
    part.source.data = inner.file_data;
    part.source.media_type = {"application/pdf"};
  }
  into.use(Feature::file_data, "file.file_data");
}

void finish_audio(Fields& fields, const Inner& inner, Conversation& into, Part& part) {
  part.kind = Part::Kind::audio;
  if (inner.data.empty()) { return fields.complain("input_audio", "has no data"); }
  part.source.data = inner.data;
  part.source.media_type = {into.keep("audio/" + std::string(inner.format.escaped))};
  into.use(Feature::audio_input, "input_audio");
}

Part read_part(Fields& fields, Conversation& into) {
  Part part;
  Inner inner;
  Text type;
  Text refusal;
  fields.object([&](json::Key key) {
    if (key == "type") {
      type = fields.text();
    } else if (key == "text") {
      part.text = fields.text();
    } else if (key == "refusal") {
      refusal = fields.text();
    } else if (key == "cache_control") {
      part.cache_control = fields.object_raw();
      if (!part.cache_control.empty()) { into.use(Feature::cache_markers, "cache_control"); }
    } else if (key == "image_url" && fields.is_string()) {
      inner.url = fields.text();
    } else if (key == "image_url" || key == "file" || key == "input_audio") {
      read_inner(fields, inner);
    } else {
      fields.skip();
    }
  });
  if (type.escaped == "text") {
    part.kind = Part::Kind::text;
  } else if (type.escaped == "refusal") {
    part.kind = Part::Kind::refusal;
    part.text = refusal;
    into.use(Feature::refusal, "refusal");
  } else if (type.escaped == "image_url") {
    finish_image(fields, inner, into, part);
  } else if (type.escaped == "file") {
    finish_file(fields, inner, into, part);
  } else if (type.escaped == "input_audio") {
    finish_audio(fields, inner, into, part);
  } else {
    fields.complain(
        "type", type.empty() ? "is missing" : quoted(type.escaped) + " is no part of a content");
  }
  return part;
}

}  // namespace

void read_chat_content(Fields& fields, Conversation& into, std::vector<Part>& parts) {
  if (fields.is_null()) { return fields.skip(); }
  if (!fields.is_string()) {
    if (!fields.is_list()) {
      fields.complain("must be a string or a list");
      return fields.skip();
    }
    return fields.array([&](std::size_t) { parts.push_back(read_part(fields, into)); });
  }
  const Text text = fields.text();
  if (!text.empty()) { parts.push_back({.text = text}); }
}

}  // namespace butter::dialect
