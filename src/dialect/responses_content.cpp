#include "dialect/responses_content.h"

#include <string>

#include "base/strings.h"
#include "dialect/data_url.h"

namespace butter::dialect {

namespace {

/// A part's members, whatever its type is: the type may be the last of them.
struct Members {
  Text type, text, refusal, image_url, file_url, file_data, file_id, filename, detail, format;
  Text audio;
  bool annotated = false;
};

void read_audio(Fields& fields, Members& members) {
  fields.object([&](json::Key key) {
    if (key == "data") {
      members.audio = fields.text();
    } else if (key == "format") {
      members.format = fields.text();
    } else {
      fields.skip();
    }
  });
}

Members read_members(Fields& fields) {
  Members members;
  const std::pair<std::string_view, Text*> texts[] = {
      {"type", &members.type},         {"text", &members.text},
      {"refusal", &members.refusal},   {"image_url", &members.image_url},
      {"file_url", &members.file_url}, {"file_data", &members.file_data},
      {"file_id", &members.file_id},   {"filename", &members.filename},
      {"detail", &members.detail}};
  fields.object([&](json::Key key) {
    for (const auto& [name, text] : texts) {
      if (key == name) {
        *text = fields.text();
        return;
      }
    }
    if (key == "input_audio") {
      read_audio(fields, members);
    } else if (key == "annotations") {
      members.annotated = fields.skip_said();
    } else {
      fields.skip();
    }
  });
  return members;
}

void read_image(Fields& fields, const Members& members, Conversation& into, Part& part) {
  part.kind = Part::Kind::image;
  if (!members.image_url.empty()) {
    const bool data = read_url(members.image_url, part.source);
    into.use(data ? Feature::image_data : Feature::image_url, "input_image.image_url");
  } else if (!members.file_id.empty()) {
    part.source.file_id = members.file_id;
    into.use(Feature::file_id, "input_image.file_id");
  } else {
    fields.complain("image_url", "is missing");
  }
  if (members.detail.empty() || members.detail.escaped == "auto") { return; }
  part.detail = members.detail;
  into.use(Feature::image_detail, "input_image.detail");
}

void read_file(Fields& fields, const Members& members, Conversation& into, Part& part) {
  part.kind = Part::Kind::file;
  part.source.name = members.filename;
  if (!members.file_data.empty()) {
    // Base64 alone is what the API calls a PDF's bytes.
    if (!read_url(members.file_data, part.source)) {
      part.source.url = {};
      part.source.data = members.file_data;
      part.source.media_type = {"application/pdf"};
    }
    into.use(Feature::file_data, "input_file.file_data");
  } else if (!members.file_url.empty()) {
    part.source.url = members.file_url;
    into.use(Feature::file_url, "input_file.file_url");
  } else if (!members.file_id.empty()) {
    part.source.file_id = members.file_id;
    into.use(Feature::file_id, "input_file.file_id");
  } else {
    fields.complain("file_data", "is missing");
  }
}

void read_sound(Fields& fields, const Members& members, Conversation& into, Part& part) {
  part.kind = Part::Kind::audio;
  if (members.audio.empty()) { return fields.complain("input_audio", "has no data"); }
  part.source.data = members.audio;
  part.source.media_type = {into.keep("audio/" + std::string(members.format.escaped))};
  into.use(Feature::audio_input, "input_audio");
}

Part read_part(Fields& fields, ContentOf whose, Conversation& into) {
  const Members members = read_members(fields);
  const std::string_view type = members.type.escaped;
  Part part;
  if (type == "input_text" || type == "output_text" || type == "text") {
    part.text = members.text;
    if (members.annotated) { into.use(Feature::citations, "output_text.annotations"); }
  } else if (type == "refusal") {
    part.kind = Part::Kind::refusal;
    part.text = members.refusal;
    into.use(Feature::refusal, "refusal");
  } else if (type == "input_image") {
    read_image(fields, members, into, part);
    if (whose == ContentOf::tool_result) {
      into.use(Feature::tool_result_image, "function_call_output.output[].input_image");
    }
  } else if (type == "input_file") {
    read_file(fields, members, into, part);
  } else if (type == "input_audio") {
    read_sound(fields, members, into, part);
  } else {
    fields.complain("type",
                    type.empty() ? "is missing" : quoted(type) + " is no part of a content");
  }
  return part;
}

}  // namespace

void read_responses_content(Fields& fields, ContentOf whose, Conversation& into,
                            std::vector<Part>& parts) {
  if (fields.is_string()) {
    parts.push_back({.text = fields.text()});
    return;
  }
  fields.array([&](std::size_t) { parts.push_back(read_part(fields, whose, into)); });
}

}  // namespace butter::dialect
