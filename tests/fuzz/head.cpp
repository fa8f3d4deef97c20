// A head that is taken has one meaning: written anew from what was read, it is read as the same.
#include "http/head.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "fuzz/cuts.h"
#include "http/chars.h"
#include "http/head_writer.h"

namespace {

using namespace butter;
using fuzz::require;

bool same_fields(const http::Fields& a, const http::Fields& b) {
  return std::ranges::equal(a.all(), b.all(), [](const http::Field& x, const http::Field& y) {
    return x.name == y.name && x.value == y.value;
  });
}

bool same_framing(const http::Framing& a, const http::Framing& b) {
  return a.kind == b.kind && a.length == b.length;
}

void write_fields(Buffer& out, const http::Fields& fields) {
  for (const http::Field& field : fields.all()) {
    require(http::all_chars(field.name, http::kTokenChar) && http::is_field_value(field.value));
    http::write_field(out, field.name, field.value);
  }
  http::end_head(out);
}

void check_request(std::string_view bytes) {
  http::RequestHead head;
  if (!http::parse_request_head(bytes, head)) { return; }
  require(head.target.starts_with('/') || head.target == "*");
  require(head.target.starts_with(head.path));
  require(head.framing.kind != http::Framing::Kind::until_close);
  require(head.fields.find("host") != nullptr || head.http_1_0);
  if (head.http_1_0) {
    return;  // what is written is HTTP/1.1
  }
  Buffer out;
  http::write_request_line(out, head.method, head.target);
  write_fields(out, head.fields);
  require(http::find_head_end(out.view()) == out.size());
  http::RequestHead again;
  require(http::parse_request_head(out.view(), again).has_value());
  require(again.method == head.method && again.target == head.target);
  require(again.keep_alive == head.keep_alive && same_framing(again.framing, head.framing));
  require(same_fields(again.fields, head.fields));
}

void check_response(std::string_view bytes, bool request_was_head) {
  http::ResponseHead head;
  if (!http::parse_response_head(bytes, request_was_head, head)) { return; }
  require(head.status >= 100 && head.status < 600);
  require(!request_was_head || head.framing.kind == http::Framing::Kind::none);
  if (head.http_1_0) { return; }
  Buffer out;
  http::write_status_line(out, head.status, head.reason);
  write_fields(out, head.fields);
  http::ResponseHead again;
  require(http::parse_response_head(out.view(), request_was_head, again).has_value());
  require(again.status == head.status && again.reason == head.reason);
  require(again.keep_alive == head.keep_alive && same_framing(again.framing, head.framing));
  require(same_fields(again.fields, head.fields));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // Heap memory of the exact size: a read past the end is seen.
  const std::vector<char> copy(data, data + size);
  const std::string_view input(copy.data(), copy.size());
  const std::size_t end = http::find_head_end(input);
  require(end == 0 || input.substr(0, end).ends_with("\r\n\r\n"));
  const std::size_t naive = input.find("\r\n\r\n");
  require(end == (naive == std::string_view::npos ? 0 : naive + 4));
  std::size_t arriving = 0;
  for (std::size_t n = 1; n <= size && arriving == 0; ++n) {
    arriving = http::find_head_end(input.substr(0, n), n - 1);
  }
  require(arriving == end);

  const std::vector<char> exact(data, data + (end > 0 ? end : size));
  const std::string_view bytes(exact.data(), exact.size());
  check_request(bytes);
  check_response(bytes, false);
  check_response(bytes, true);
  return 0;
}
