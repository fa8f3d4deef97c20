#include "differential/reading.h"
#include "http/head.h"

namespace butter::differential {
namespace {

std::string name_of(http::HeadError error) {
  switch (error) {
    case http::HeadError::malformed: return "malformed";
    case http::HeadError::unsupported_version: return "unsupported_version";
    case http::HeadError::too_many_fields: return "too_many_fields";
    case http::HeadError::unsupported_coding: return "unsupported_coding";
  }
  return "unknown";
}

template <class Head>
void fill(const Head& head, Reading& out) {
  out.http_1_0 = head.http_1_0;
  out.chunked = head.framing.kind == http::Framing::Kind::chunked;
  out.has_length = head.framing.kind == http::Framing::Kind::length;
  out.length = head.framing.length;
  for (const http::Field& field : head.fields.all()) {
    out.fields.emplace_back(field.name, field.value);
  }
}

}  // namespace

Reading read_with_butter(Kind kind, std::string_view head) {
  Reading out;
  if (kind == Kind::request) {
    http::RequestHead request;
    if (const auto result = http::parse_request_head(head, request); !result) {
      out.refusal = name_of(result.error());
      return out;
    }
    out.start = request.method;
    fill(request, out);
  } else {
    http::ResponseHead response;
    if (const auto result = http::parse_response_head(head, false, response); !result) {
      out.refusal = name_of(result.error());
      return out;
    }
    out.start = std::to_string(response.status);
    fill(response, out);
  }
  return out;
}

}  // namespace butter::differential
