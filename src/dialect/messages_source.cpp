#include "dialect/messages_source.h"

#include <string>
#include <utility>

#include "base/strings.h"

namespace butter::dialect {

namespace {

struct Members {
  Text type, media_type, data, url, file_id;
  Raw content;
};

Members read(Fields& fields) {
  Members members;
  const std::pair<std::string_view, Text*> texts[] = {{"type", &members.type},
                                                      {"media_type", &members.media_type},
                                                      {"data", &members.data},
                                                      {"url", &members.url},
                                                      {"file_id", &members.file_id}};
  fields.object([&](json::Key key) {
    for (const auto& [name, text] : texts) {
      if (key == name) {
        *text = fields.text();
        return;
      }
    }
    key == "content" ? void(members.content = fields.any()) : fields.skip();
  });
  return members;
}

/// The texts of a document that is a list of blocks.
std::string joined_texts(Fields& fields) {
  std::string joined;
  if (fields.is_string()) { return std::string(fields.text().escaped); }
  fields.array([&](std::size_t) {
    fields.object([&](json::Key key) {
      if (key != "text") { return fields.skip(); }
      if (!joined.empty()) { joined += "\\n"; }
      joined += fields.text().escaped;
    });
  });
  return joined;
}

void require(Fields& fields, Text value, std::string_view name) {
  if (value.empty()) { fields.complain(name, "is missing"); }
}

void bytes(Fields& fields, Conversation& into, bool image, const Members& members, Part& part) {
  require(fields, members.data, "data");
  require(fields, members.media_type, "media_type");
  part.source.data = members.data;
  part.source.media_type = members.media_type;
  into.use(image ? Feature::image_data : Feature::file_data, image ? "image" : "document");
}

void finish(Fields& fields, Conversation& into, bool image, const Members& members, Part& part) {
  const std::string_view type = members.type.escaped;
  part.kind = image ? Part::Kind::image : Part::Kind::file;
  if (type == "base64") {
    bytes(fields, into, image, members, part);
  } else if (type == "url") {
    require(fields, members.url, "url");
    part.source.url = members.url;
    into.use(image ? Feature::image_url : Feature::file_url,
             image ? "image: url" : "document: url");
  } else if (type == "file") {
    require(fields, members.file_id, "file_id");
    part.source.file_id = members.file_id;
    into.use(Feature::file_id, "source.file_id");
  } else if (type == "text" && !image) {
    part.kind = Part::Kind::text;
    part.text = members.data;
  } else if (type == "content" && !image) {
    part.kind = Part::Kind::text;
    fields.at("content", members.content, [&] { part.text = {into.keep(joined_texts(fields))}; });
  } else {
    fields.complain("type", type.empty() ? "is missing" : quoted(type) + " is no source of it");
  }
}

}  // namespace

void read_messages_source(Fields& fields, Conversation& into, std::string_view type, Raw source,
                          Part& part) {
  if (source.empty()) { return fields.complain("source", "is missing"); }
  fields.at("source", source, [&] {
    const Members members = read(fields);
    if (fields.ok()) { finish(fields, into, type == "image", members, part); }
  });
}

}  // namespace butter::dialect
