#include "http/parameters.h"

#include "base/strings.h"
#include "http/chars.h"

namespace butter::http {
namespace {

std::string_view take_token(std::string_view& text) noexcept {
  const char* const begin = text.data();
  const char* const stop = skip_chars(begin, begin + text.size(), kTokenChar);
  const auto size = static_cast<std::size_t>(stop - begin);
  text.remove_prefix(size);
  return {begin, size};
}

}  // namespace

std::optional<Parameter> ParameterReader::next() {
  rest_ = trim(rest_);
  if (bad_ || rest_.empty()) { return std::nullopt; }
  bad_ = true;  // until the whole parameter is read
  if (rest_.front() != ';') { return std::nullopt; }
  rest_ = trim(rest_.substr(1));
  Parameter out;
  out.name = take_token(rest_);
  if (out.name.empty() || !rest_.starts_with('=')) { return std::nullopt; }
  rest_.remove_prefix(1);
  if (rest_.starts_with('"')) {
    if (!read_quoted(out)) { return std::nullopt; }
  } else {
    out.value = take_token(rest_);
    if (out.value.empty()) { return std::nullopt; }
  }
  bad_ = false;
  return out;
}

bool ParameterReader::read_quoted(Parameter& out) {
  for (std::size_t i = 1; i < rest_.size(); ++i) {
    if (rest_[i] == '"') {
      rest_.remove_prefix(i + 1);
      return true;
    }
    if (rest_[i] == '\\') {
      out.escaped = true;
      if (++i == rest_.size()) { return false; }
    }
    out.value += rest_[i];
  }
  return false;
}

}  // namespace butter::http
