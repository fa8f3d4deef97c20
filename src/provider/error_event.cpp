#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

#include "json/text.h"
#include "provider/event_facts.h"
#include "provider/stream_contract.h"

namespace butter::provider {

namespace {

/// \source https://docs.anthropic.com/en/api/errors
std::string_view anthropic_type(std::string_view type) {
  constexpr std::array<std::string_view, 9> kTypes{
      "invalid_request_error", "authentication_error", "permission_error", "not_found_error",
      "request_too_large",     "rate_limit_error",     "timeout_error",    "api_error",
      "overloaded_error"};
  return std::ranges::find(kTypes, type) != kTypes.end() ? type : std::string_view("api_error");
}

/// Each literal followed by its text as a JSON string.
using Piece = std::pair<std::string_view, std::string_view>;

std::string join(std::initializer_list<Piece> pieces, std::string_view last) {
  std::string out;
  for (const auto& [literal, text] : pieces) {
    out += literal;
    json::append_string(out, text);
  }
  out += last;
  return out;
}

}  // namespace

std::string StreamContract::error_event(std::string_view message, std::string_view type,
                                        std::string_view code) const {
  switch (operation_) {
    case Operation::responses:
      return join({{"event: error\ndata: {\"type\":\"error\",\"code\":", code},
                   {",\"message\":", message},
                   {",\"param\":null,\"sequence_number\":0,\"error\":{\"message\":", message},
                   {",\"type\":", type},
                   {",\"param\":null,\"code\":", code}},
                  "}}\n\n");
    case Operation::messages:
    case Operation::count_tokens:
      return join(
          {{"event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":", anthropic_type(type)},
           {",\"message\":", message}},
          "}}\n\n");
    case Operation::chat:
    case Operation::completions:
    case Operation::embeddings:
    case Operation::other:
      return join({{"data: {\"error\":{\"message\":", message},
                   {",\"type\":", type},
                   {",\"param\":null,\"code\":", code}},
                  "}}\n\n");
  }
  return {};
}

bool StreamContract::sdk_raises(std::string_view data) const noexcept {
  return operation_ != Operation::responses || read_typed(data).error;
}

std::string StreamContract::error_body(std::string_view data) const {
  // In a responses stream the event is the error itself, not an object that holds it.
  const bool bare = operation_ == Operation::responses && !read_typed(data).error;
  return bare ? "{\"error\":" + std::string(data) + "}" : std::string(data);
}

}  // namespace butter::provider
