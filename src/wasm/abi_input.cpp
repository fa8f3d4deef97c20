#include <algorithm>
#include <charconv>
#include <chrono>
#include <iterator>

#include "base/strings.h"
#include "wasm/abi.h"
#include "wasm/go_json.h"
#include "wasm/header_name.h"

namespace butter::wasm {

namespace {

constexpr std::string_view kAppKey = "app_key";  ///< of the metadata: what the host itself sets

/// Go's server keeps these to itself, too.
bool is_hidden(std::string_view name) noexcept {
  return iequals(name, "host") || iequals(name, "transfer-encoding");
}

}  // namespace

const char* to_string(Hook hook) noexcept {
  switch (hook) {
    case Hook::pre_http: return "pre_http";
    case Hook::pre_llm: return "pre_llm";
    case Hook::stream_chunk: return "stream_chunk";
    case Hook::post_llm: return "post_llm";
    case Hook::post_http: return "post_http";
    case Hook::on_trace: return "on_trace";
  }
  return "";
}

void InputWriter::add_key(std::string_view key) {
  if (out_.back() != '{') { out_.push_back(','); }
  out_.push_back('"');
  out_.append(key).append("\":");
}

void InputWriter::add_text(std::string_view key, std::string_view value) {
  if (value.empty()) { return; }
  add_key(key);
  append_go_string(out_, value);
}

void InputWriter::add_number(std::string_view key, std::int64_t value) {
  add_key(key);
  char digits[20];
  out_.append(digits, std::to_chars(digits, std::end(digits), value).ptr);
}

bool InputWriter::add_json(std::string_view key, std::string_view value) {
  if (value.empty()) { return true; }
  add_key(key);
  return append_compact(out_, value);
}

void InputWriter::write_headers(std::span<const Header> headers, const Disclosure& disclosure) {
  headers_.clear();
  names_.clear();
  for (const Header& header : headers) {
    if (is_hidden(header.name)) { continue; }
    if (!disclosure.secrets && is_secret(header.name, disclosure.app_key_header)) { continue; }
    const std::size_t begin = names_.size();
    append_canonical(names_, header.name);
    headers_.push_back({begin, names_.size() - begin, header.value});
  }
  if (headers_.empty()) { return; }

  const auto name_of = [this](const NamedHeader& header) {
    return std::string_view(names_).substr(header.name_begin, header.name_size);
  };
  // By name; of equal ones the first counts, and they were noted in their order.
  std::ranges::sort(headers_, [&](const NamedHeader& a, const NamedHeader& b) {
    const int order = name_of(a).compare(name_of(b));
    return order < 0 || (order == 0 && a.name_begin < b.name_begin);
  });
  add_key("headers");
  out_.push_back('{');
  std::string_view last;
  for (const NamedHeader& header : headers_) {
    const std::string_view name = name_of(header);
    if (name == last) { continue; }
    if (out_.back() != '{') { out_.push_back(','); }
    append_go_string(out_, name);
    out_.push_back(':');
    append_go_string(out_, header.value);
    last = name;
  }
  out_.push_back('}');
}

bool InputWriter::write_metadata(const Metadata& metadata) {
  add_key("metadata");
  out_.push_back('{');
  for (const auto& [key, value] : metadata) {
    if (out_.back() != '{') { out_.push_back(','); }
    append_go_string(out_, key);
    out_.push_back(':');
    if (!append_compact(out_, value)) { return false; }
  }
  out_.push_back('}');
  return true;
}

void InputWriter::write_trace(const Trace& trace) {
  add_key("trace");
  out_.push_back('{');
  add_number("status", trace.status);
  add_number("duration_ms",
             std::chrono::duration_cast<std::chrono::milliseconds>(trace.duration).count());
  add_key("streaming");
  out_.append(trace.streaming ? "true" : "false");
  add_text("method", trace.method);
  add_text("path", trace.path);
  add_text("error", trace.error);
  out_.push_back('}');
}

Result<std::string_view> InputWriter::write(const HookInput& input, const Disclosure& disclosure) {
  out_.assign("{");
  add_text("hook", to_string(input.hook));
  add_text("provider", input.provider);
  add_text("model", input.model);
  if (!add_json("body", input.body)) { return fail(Errc::bad_request, "the body is not JSON"); }
  write_headers(input.headers, disclosure);
  if (input.metadata != nullptr && !input.metadata->empty()) {
    const bool hides = !disclosure.secrets && input.metadata->contains(kAppKey);
    bool good = true;
    if (!hides) {
      good = write_metadata(*input.metadata);
    } else if (Metadata shown = *input.metadata;
               shown.erase(std::string(kAppKey)), !shown.empty()) {
      good = write_metadata(shown);
    }
    if (!good) { return fail(Errc::bad_request, "a value of the metadata is not JSON"); }
  }
  if (input.status != 0) { add_number("status", input.status); }
  if (!add_json("response", input.response)) {
    return fail(Errc::bad_request, "the answer is not JSON");
  }
  if (input.trace != nullptr) { write_trace(*input.trace); }
  out_.push_back('}');
  return std::string_view(out_);
}

}  // namespace butter::wasm
