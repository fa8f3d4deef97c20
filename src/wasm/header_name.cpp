#include "wasm/header_name.h"

#include <algorithm>
#include <array>

#include "base/strings.h"

namespace butter::wasm {

namespace {

constexpr std::string_view kUsualAppKeyHeader = "x-butter-app-key";

constexpr std::array<std::string_view, 12> kSecrets = {
    "authorization",  "proxy-authorization", "cookie",
    "set-cookie",     "x-api-key",           "api-key",
    "x-goog-api-key", "x-auth-token",        "x-amz-security-token",
    "x-csrf-token",   "x-access-token",      "x-goog-iam-authorization-token"};

constexpr std::array<std::string_view, 9> kFraming = {"connection", "content-length",    "host",
                                                      "keep-alive", "proxy-connection",  "te",
                                                      "trailer",    "transfer-encoding", "upgrade"};

bool is_upper(char c) noexcept {
  return c >= 'A' && c <= 'Z';
}
bool is_letter(char c) noexcept {
  return is_upper(c) || (c >= 'a' && c <= 'z');
}
bool is_token_char(char c) noexcept {
  return is_letter(c) || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}
bool is_token(std::string_view name) noexcept {
  return !name.empty() && std::ranges::all_of(name, is_token_char);
}

bool is_one_of(std::string_view name, auto&& names) noexcept {
  return std::ranges::any_of(names, [&](std::string_view one) { return iequals(name, one); });
}

}  // namespace

void append_canonical(std::string& out, std::string_view name) {
  if (!is_token(name)) {
    out.append(name);
    return;
  }
  bool begins_word = true;
  for (const char c : name) {
    const char lower = to_lower(c);
    const bool to_upper = begins_word && is_letter(lower);
    out.push_back(to_upper ? static_cast<char>(lower - ('a' - 'A')) : lower);
    begins_word = c == '-';
  }
}

bool is_secret(std::string_view name, std::string_view app_key_header) noexcept {
  return iequals(name, kUsualAppKeyHeader) || iequals(name, app_key_header) ||
         is_one_of(name, kSecrets);
}

bool may_be_set(std::string_view name) noexcept {
  return is_token(name) && !is_one_of(name, kFraming);
}

bool is_field_value(std::string_view value) noexcept {
  return std::ranges::none_of(value, [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  });
}

}  // namespace butter::wasm
