#include "guard/logprobs.h"

#include <utility>

#include "json/cursor.h"

namespace butter::guard {

namespace {

struct Tokens {
  std::string_view key;  ///< with its quotes: nothing of the kind can stand inside a string
  std::string_view no_object, no_array;
};

constexpr Tokens kTokens[] = {{"\"logprobs\"", "null", "[]"}, {"\"logprobsResult\"", "{}", "[]"}};

}  // namespace

void drop_logprobs(std::string_view json, const char* begin, Edits& edits) {
  for (const Tokens& tokens : kTokens) {
    Edits dropped;
    std::size_t at = 0;
    while ((at = json.find(tokens.key, at)) != std::string_view::npos) {
      at += tokens.key.size();
      const std::size_t colon = json.find_first_not_of(" \t\r\n", at);
      if (colon == std::string_view::npos || json[colon] != ':') { continue; }
      const std::string_view value = json::Cursor(json.substr(colon + 1)).value();
      if (value.empty()) { break; }  // it has no end
      at = static_cast<std::size_t>(value.data() - json.data()) + value.size();
      const bool object = value.starts_with('{');
      if (!object && !value.starts_with('[')) { continue; }
      const auto first = static_cast<std::size_t>(value.data() - begin);
      dropped.replace(first, first + value.size(), object ? tokens.no_object : tokens.no_array);
    }
    edits.lay_over(std::move(dropped));
  }
}

}  // namespace butter::guard
