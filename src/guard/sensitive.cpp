#include "guard/sensitive.h"

#include "guard/chars.h"
#include "guard/kinds.h"

namespace butter::guard {

namespace {

/// What an address begins with; one of these behind another is no beginning.
bool is_of_address(char c) {
  return is_word(c) || c == '%' || c == '+' || c == '-';
}

}  // namespace

Sensitive::Place Sensitive::next(std::string_view text, std::size_t from,
                                 Rest rest) const noexcept {
  for (std::size_t at = from; at < text.size(); ++at) {
    const char before = at > 0 ? text[at - 1] : ' ';
    const bool address = is_of_address(text[at]) && !is_of_address(before);
    const bool word = is_word(text[at]) && !is_word(before);
    if (!address && !word) { continue; }
    Lookahead ahead(text);
    Place found{.begin = at, .end = at};
    const auto look = [&](std::size_t size, std::string_view label) {
      if (at + size > found.end) { found = {.begin = at, .end = at + size, .label = label}; }
    };
    if (kinds_.email && address) { look(email_at(ahead, at), "[EMAIL]"); }
    // A number behind a point is a fraction.
    if (kinds_.card && word && before != '.') { look(card_at(ahead, at), "[CARD]"); }
    if (kinds_.iban && word) { look(iban_at(ahead, at), "[IBAN]"); }
    if (kinds_.key && word) { look(key_at(ahead, at), "[KEY]"); }
    if (rest == Rest::follows && ahead.ran_out()) { return {.begin = at, .end = text.size()}; }
    if (!found.label.empty()) { return found; }
  }
  return {.begin = text.size(), .end = text.size()};
}

}  // namespace butter::guard
