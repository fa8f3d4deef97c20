#include "guard/sensitive.h"

#include <algorithm>
#include <array>

#include "guard/chars.h"
#include "guard/kinds.h"

namespace butter::guard {

namespace {

// What a byte may be part of: words and numbers, or the first half of an address as well.
constexpr unsigned char kWord = 1, kAddress = 2;

constexpr std::array<unsigned char, 256> kParts = [] {
  std::array<unsigned char, 256> parts{};
  for (unsigned c = 0; c < 0x80; ++c) {
    if (is_word(static_cast<char>(c))) { parts[c] = kWord | kAddress; }
  }
  for (const unsigned char c : std::string_view("%+-")) { parts[c] = kAddress; }
  return parts;
}();

unsigned char parts(char c) {
  return kParts[static_cast<unsigned char>(c)];
}

/// Where the next '@' of a text is, looked for not much further than it matters.
class NextMark {
 public:
  explicit NextMark(std::string_view text) : text_(text) {}
  /// False when no address begins at `at`, since no '@' follows, nor the text's end, behind which
  /// one may follow.
  bool may_be_near(std::size_t at) {
    constexpr std::size_t kWindow = 1024;
    if (at >= none_before_) {
      const std::string_view window = text_.substr(at, kWindow);
      none_before_ = at + std::min(window.find('@'), window.size());
    }
    return none_before_ - at <= kMostLocal;
  }

 private:
  std::string_view text_;
  std::size_t none_before_ = 0;
};

/// Whether an account number may begin here. What is not there yet may be anything.
bool may_be_iban(std::string_view text) {
  constexpr std::size_t kHead = 4;
  if (text.size() < kHead) { return true; }
  return is_letter(text[0]) && is_letter(text[1]) && is_digit(text[2]) && is_digit(text[3]);
}

}  // namespace

Sensitive::Place Sensitive::next(std::string_view text, std::size_t from,
                                 Rest rest) const noexcept {
  NextMark mark(text);
  unsigned char before = from > 0 ? parts(text[from - 1]) : 0;
  for (std::size_t at = from; at < text.size(); ++at) {
    const unsigned char here = parts(text[at]);
    const unsigned begins = here & ~static_cast<unsigned>(before);
    before = here;
    if (begins == 0) { continue; }
    Lookahead ahead(text);
    Place found{.begin = at, .end = at};
    const auto look = [&](std::size_t size, std::string_view label) {
      if (at + size > found.end) { found = {.begin = at, .end = at + size, .label = label}; }
    };
    if (kinds_.email && (begins & kAddress) != 0 && mark.may_be_near(at)) {
      look(email_at(ahead, at), "[EMAIL]");
    }
    if ((begins & kWord) != 0) {
      // A number behind a point is a fraction.
      const bool fraction = at > 0 && text[at - 1] == '.';
      if (kinds_.card && is_digit(text[at]) && !fraction) { look(card_at(ahead, at), "[CARD]"); }
      if (kinds_.iban && may_be_iban(text.substr(at))) { look(iban_at(ahead, at), "[IBAN]"); }
      if (kinds_.key && may_begin_key(text[at])) { look(key_at(ahead, at), "[KEY]"); }
    }
    if (rest == Rest::follows && ahead.ran_out()) { return {.begin = at, .end = text.size()}; }
    if (!found.label.empty()) { return found; }
  }
  return {.begin = text.size(), .end = text.size()};
}

}  // namespace butter::guard
