#include "dialect/messages_citation.h"

#include "dialect/one_line.h"
#include "json/cursor.h"
#include "json/writer.h"

namespace butter::dialect {

namespace {

struct Citation {
  Text type, url, title;
};

void read(json::Cursor& at, Citation& citation) {
  at.object([&](json::Key key) {
    if (key == "type") {
      citation.type = {at.string()};
    } else if (key == "url") {
      citation.url = {at.string()};
    } else if (key == "title") {
      citation.title = {at.string()};
    } else if (key == "url_citation") {
      read(at, citation);
    } else {
      at.skip_value();
    }
  });
}

Citation read(Raw raw) {
  Citation citation;
  json::Cursor at(raw.json);
  read(at, citation);
  return citation;
}

}  // namespace

bool write_messages_citation(Raw raw, Buffer& out) {
  const Citation citation = read(raw);
  if (citation.type.escaped.ends_with("_location")) {
    append_one_line(out, raw.json);
    return true;
  }
  if (citation.url.empty()) { return false; }
  json::Writer writer(out);
  writer.begin_object().key("type").string("web_search_result_location");
  writer.key("url").escaped(citation.url.escaped).key("title").escaped(citation.title.escaped);
  writer.key("cited_text").string("").key("encrypted_index").string("").end_object();
  return true;
}

void write_chat_annotation(Raw raw, Buffer& out) {
  const Citation citation = read(raw);
  if (!citation.type.escaped.ends_with("_location") || citation.url.empty()) {
    return append_one_line(out, raw.json);
  }
  // Anthropic cites a passage of the page, not a place in the answer.
  json::Writer writer(out);
  writer.begin_object().key("type").string("url_citation").key("url_citation").begin_object();
  writer.key("start_index").number(0).key("end_index").number(0);
  writer.key("url").escaped(citation.url.escaped).key("title").escaped(citation.title.escaped);
  writer.end_object().end_object();
}

}  // namespace butter::dialect
