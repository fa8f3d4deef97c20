#include "differential/shapes.h"

#include <algorithm>
#include <regex>
#include <string>

#include "base/strings.h"
#include "http/head.h"

namespace butter::differential {
namespace {

std::vector<std::string> values_of(const Reading& reading, std::string_view name) {
  std::vector<std::string> values;
  for (const auto& [field, value] : reading.fields) {
    if (iequals(field, name)) { values.push_back(value); }
  }
  return values;
}

/// The patterns, compiled once for the run.
struct Patterns {
  std::regex request_line{"([^ ]+)( +)([^ ]+)(?:( +)(HTTP/[0-9]\\.[0-9]))?"};
  std::regex response_line{R"(HTTP/1\.[01].*)"};
  std::regex host{
      R"(((\[[0-9A-Za-z\-._~%!$&'()*+;=:]+\]|[0-9A-Za-z\-._~%!$&'()*+;=]+)(:[0-9]*)?)?)"};
  std::regex absolute{R"(https?://([^/?]*).*)", std::regex::icase};
  std::regex without_path{R"(https?://[^/?]*\?.*)", std::regex::icase};
  std::regex target{R"(/.*|https?://[^/?]+(/.*)?)", std::regex::icase};
};

const Patterns& patterns() {
  static const Patterns kPatterns;
  return kPatterns;
}

bool has_eight_bit(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

/// A tab in the line of a Content-Length or Transfer-Encoding.
bool has_tab_beside_framing(std::string_view head) {
  while (!head.empty()) {
    const std::string_view line = head.substr(0, head.find('\n'));
    const std::string_view name = line.substr(0, line.find(':'));
    if ((iequals(name, "content-length") || iequals(name, "transfer-encoding")) &&
        line.find('\t') != std::string_view::npos) {
      return true;
    }
    head.remove_prefix(std::min(line.size() + 1, head.size()));
  }
  return false;
}

std::string_view shape_of_coding(const Reading& llhttp) {
  const std::vector<std::string> codings = values_of(llhttp, "transfer-encoding");
  if (codings.size() > 1) { return "coding_repeated"; }
  if (codings.size() == 1 && !iequals(codings[0], "chunked")) {
    return "coding_other_than_chunked";
  }
  if (codings.size() == 1 && llhttp.http_1_0) { return "chunked_in_http_1_0"; }
  return "";
}

std::string_view shape_of_host(const Reading& llhttp, const std::string& target) {
  const std::vector<std::string> hosts = values_of(llhttp, "host");
  if (hosts.size() > 1) { return "host_repeated"; }
  if (hosts.empty() && !llhttp.http_1_0) { return "host_missing"; }
  const std::string host = hosts.empty() ? "" : hosts[0];
  if (!std::regex_match(host, patterns().host)) { return "host_malformed"; }
  std::smatch absolute;
  if (std::regex_match(target, absolute, patterns().absolute) &&
      !iequals(absolute[1].str(), host)) {
    return "authority_is_not_host";
  }
  return "";
}

std::string_view shape_of_target(const std::string& method, const std::string& target) {
  if (method == "CONNECT") { return "connect"; }
  if (target.find('#') != std::string::npos) { return "target_fragment"; }
  if (target == "*") { return method == "OPTIONS" ? "" : "target_asterisk"; }
  if (std::regex_match(target, patterns().without_path)) { return "target_without_path"; }
  return std::regex_match(target, patterns().target) ? "" : "target_form";
}

std::string_view shape_of_request(const std::string& line, const Reading& llhttp) {
  if (line.starts_with("CONNECT ")) { return "connect"; }
  std::smatch parts;
  if (!std::regex_match(line, parts, patterns().request_line)) { return ""; }
  if (!parts[5].matched) { return "no_version"; }
  if (parts[2].length() > 1 || parts[4].length() > 1) { return "blanks_in_request_line"; }
  if (parts[5] != "HTTP/1.0" && parts[5] != "HTTP/1.1") { return "version"; }
  if (const auto shape = shape_of_target(parts[1], parts[3]); !shape.empty()) { return shape; }
  const bool eight_bit = std::ranges::any_of(
      llhttp.fields, [](const auto& field) { return has_eight_bit(field.second); });
  return eight_bit ? "value_with_obs_text" : shape_of_host(llhttp, parts[3]);
}

std::string_view shape_of_response(const std::string& line, const Reading& llhttp) {
  if (!std::regex_match(line, patterns().response_line)) { return "version"; }
  if (std::ranges::any_of(line,
                          [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 0x7f; })) {
    return "control_byte_in_reason";
  }
  const int status = std::stoi(llhttp.start);
  if (status < 100 || status > 599) { return "status_out_of_range"; }
  if (status < 200 && (llhttp.chunked || llhttp.length > 0)) { return "informational_with_body"; }
  return "";
}

}  // namespace

std::string_view shape_of(Kind kind, std::string_view head, const Reading& llhttp) {
  if (head[0] == '\r' || head[0] == '\n') { return "leading_empty_line"; }
  if (has_tab_beside_framing(head)) { return "tab_beside_framing"; }
  const std::string line(head.substr(0, head.find_first_of("\r\n")));
  if (llhttp.fields.size() > http::Fields::kMost) { return "fields_too_many"; }
  const std::string_view shape =
      kind == Kind::request ? shape_of_request(line, llhttp) : shape_of_response(line, llhttp);
  return shape.empty() ? shape_of_coding(llhttp) : shape;
}

}  // namespace butter::differential
