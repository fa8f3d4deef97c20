#include "dialect/converse_error.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/strings.h"
#include "json/cursor.h"
#include "json/text.h"

namespace butter::dialect {

namespace {

using Kind = AnswerError::Kind;

struct Known {
  std::string_view type;
  Kind kind;
  int status;
};

/// Of those with one status the first is assumed when only the status is known.
/// \source https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
constexpr Known kKnown[] = {
    {"ValidationException", Kind::bad_request, 400},
    {"ServiceQuotaExceededException", Kind::quota, 400},
    {"AccessDeniedException", Kind::permission, 403},
    {"UnrecognizedClientException", Kind::authentication, 403},
    {"InvalidSignatureException", Kind::authentication, 403},
    {"ExpiredTokenException", Kind::authentication, 403},
    {"ResourceNotFoundException", Kind::not_found, 404},
    {"ModelTimeoutException", Kind::timeout, 408},
    {"ModelErrorException", Kind::server, 424},
    {"ModelStreamErrorException", Kind::server, 424},
    {"ThrottlingException", Kind::rate_limit, 429},
    {"ModelNotReadyException", Kind::overloaded, 429},
    {"InternalServerException", Kind::server, 500},
    {"ServiceUnavailableException", Kind::overloaded, 503},
};

struct Body {
  std::string message;
  std::string_view type;  ///< of `__type`, without its namespace
};

Body read(std::string_view body) {
  Body read;
  json::Cursor cursor(body);
  cursor.object([&](json::Key key) {
    if (iequals(key, "message")) {
      (void)json::unescape(cursor.string(), read.message);
    } else if (key == "__type") {
      read.type = cursor.string();
      read.type.remove_prefix(read.type.rfind('#') + 1);
    } else {
      cursor.skip_value();
    }
  });
  return read;
}

Kind kind_of(int status) {
  switch (status) {
    case 401: return Kind::authentication;
    case 413: return Kind::too_large;
    default: return status >= 400 && status < 500 ? Kind::bad_request : Kind::server;
  }
}

/// The models' own words; Bedrock has no type for it.
bool is_too_long(std::string_view message) {
  constexpr std::array<std::string_view, 5> kSigns{"too long", "maximum context length",
                                                   "context window", "too many input tokens",
                                                   "exceeds the maximum number of tokens"};
  std::string lower(message);
  std::ranges::transform(lower, lower.begin(), to_lower);
  return std::ranges::any_of(kSigns,
                             [&lower](std::string_view sign) { return lower.contains(sign); });
}

}  // namespace

AnswerError converse_error(int status, std::string_view type, std::string_view body) {
  Body said = read(body);
  const std::string_view name = type.empty() ? said.type : type;
  const auto* const known = std::ranges::find_if(kKnown, [&](const Known& each) {
    return name.empty() ? each.status == status : iequals(each.type, name);
  });
  const bool found = known != std::ranges::end(kKnown);
  AnswerError error;
  error.status = status != 0 ? status : found ? known->status : 500;
  error.kind = found ? known->kind : kind_of(error.status);
  error.type = found ? known->type : name;
  error.message = std::move(said.message);
  if (error.message.empty()) {
    error.message = error.type.empty()
                        ? "the provider answered with status " + std::to_string(error.status)
                        : error.type;
  }
  if (error.kind == Kind::bad_request && is_too_long(error.message)) {
    error.kind = Kind::context_length;
  }
  return error;
}

}  // namespace butter::dialect
