#include <llhttp.h>

#include "base/strings.h"
#include "differential/reading.h"

namespace butter::differential {
namespace {

// A callback gets the parser, whose `data` is this.
struct Collected {
  Reading reading;
  std::string name;
  std::string value;
  bool head_complete = false;
};

Collected& collected(llhttp_t* parser) {
  return *static_cast<Collected*>(parser->data);
}

int on_name(llhttp_t* parser, const char* at, std::size_t size) {
  collected(parser).name.append(at, size);
  return 0;
}

int on_value(llhttp_t* parser, const char* at, std::size_t size) {
  collected(parser).value.append(at, size);
  return 0;
}

int on_field_complete(llhttp_t* parser) {
  Collected& c = collected(parser);
  c.reading.fields.emplace_back(c.name, trim(c.value));
  c.name.clear();
  c.value.clear();
  return 0;
}

int on_head_complete(llhttp_t* parser) {
  Collected& c = collected(parser);
  c.head_complete = true;
  c.reading.http_1_0 = parser->http_minor == 0;
  c.reading.chunked = (parser->flags & F_CHUNKED) != 0;
  c.reading.has_length = (parser->flags & F_CONTENT_LENGTH) != 0;
  c.reading.length = c.reading.has_length ? parser->content_length : 0;
  if (parser->type == HTTP_REQUEST) {
    c.reading.start = llhttp_method_name(static_cast<llhttp_method_t>(parser->method));
  } else {
    c.reading.start = std::to_string(parser->status_code);
  }
  return 0;
}

}  // namespace

Reading read_with_llhttp(Kind kind, std::string_view head) {
  llhttp_settings_t settings;
  llhttp_settings_init(&settings);
  settings.on_header_field = on_name;
  settings.on_header_value = on_value;
  settings.on_header_value_complete = on_field_complete;
  settings.on_headers_complete = on_head_complete;
  llhttp_t parser;
  llhttp_init(&parser, kind == Kind::request ? HTTP_REQUEST : HTTP_RESPONSE, &settings);
  Collected c;
  parser.data = &c;
  const llhttp_errno_t error = llhttp_execute(&parser, head.data(), head.size());
  // An upgrade is taken: what follows is another protocol, and the head is one all the same.
  if (error != HPE_OK && error != HPE_PAUSED_UPGRADE) {
    c.reading.refusal = llhttp_errno_name(error);
  } else if (!c.head_complete) {
    c.reading.refusal = "incomplete";
  }
  return c.reading;
}

}  // namespace butter::differential
