#include "dialect/responses_citation.h"

#include "dialect/one_line.h"
#include "json/cursor.h"
#include "json/writer.h"

namespace butter::dialect {

namespace {

struct Citation {
  Text type, url, title, document_title, file_id;
  Raw start, end, document_index;
};

void read(json::Cursor& cursor, Citation& citation) {
  cursor.object([&](json::Key key) {
    if (key == "type") {
      citation.type = {cursor.string()};
    } else if (key == "url") {
      citation.url = {cursor.string()};
    } else if (key == "title") {
      citation.title = {cursor.string()};
    } else if (key == "document_title") {
      citation.document_title = {cursor.string()};
    } else if (key == "file_id") {
      citation.file_id = {cursor.string()};
    } else if (key == "document_index") {
      citation.document_index = {cursor.value()};
    } else if (key == "start_index") {
      citation.start = {cursor.value()};
    } else if (key == "end_index") {
      citation.end = {cursor.value()};
    } else if (key == "url_citation") {
      read(cursor, citation);
    } else {
      cursor.skip_value();
    }
  });
}

std::string_view or_zero(Raw number) {
  return number.empty() ? "0" : number.json;
}

}  // namespace

bool write_annotation(Raw raw, Buffer& out) {
  json::Cursor cursor(raw.json);
  Citation citation;
  read(cursor, citation);
  json::Writer writer(out);
  if (!citation.url.empty()) {
    writer.begin_object().key("type").string("url_citation");
    writer.key("start_index").raw(or_zero(citation.start));
    writer.key("end_index").raw(or_zero(citation.end));
    writer.key("url").escaped(citation.url.escaped);
    writer.key("title").escaped(citation.title.escaped).end_object();
    return true;
  }
  if (citation.type.escaped == "file_citation" || citation.type.escaped == "file_path") {
    append_one_line(out, raw.json);
    return true;
  }
  if (citation.document_index.empty()) { return false; }
  writer.begin_object().key("type").string("file_citation");
  writer.key("file_id").escaped(citation.file_id.escaped);
  writer.key("filename").escaped(citation.document_title.escaped);
  writer.key("index").raw(or_zero(citation.document_index)).end_object();
  return true;
}

}  // namespace butter::dialect
