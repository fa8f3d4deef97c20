#include "guard/kinds.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/strings.h"
#include "guard/chars.h"

namespace butter::guard {

namespace {

constexpr bool is_alnum(char c) {
  return is_digit(c) || is_letter(c);
}

// ---- e-mail addresses ---------------------------------------------------------------------------

bool is_local(char c) {
  return is_word(c) || c == '.' || c == '%' || c == '+' || c == '-';
}

/// The end of the longest domain that begins at `begin` and has a top level of letters; 0 = none.
std::size_t domain_end(Lookahead& text, std::size_t begin) {
  constexpr std::size_t kMost = 253;
  std::size_t end = 0;
  for (std::size_t label = begin; label - begin < kMost; ++label) {
    const std::size_t label_begin = label;
    while (label - begin < kMost && (is_alnum(text[label]) || text[label] == '-')) { ++label; }
    std::size_t label_end = label;
    while (label_end > label_begin && text[label_end - 1] == '-') { --label_end; }
    const bool top = label_end - label_begin >= 2 && is_letter(text[label_begin]);
    if (label_begin != begin && top) { end = label_end; }
    if (label_end == label_begin || text[label_end] != '.') { break; }
  }
  return end;
}

// ---- cards --------------------------------------------------------------------------------------

constexpr std::size_t kMostDigits = 19;

struct Digits {
  std::array<char, kMostDigits> digits{};
  std::size_t count = 0;

  /// Takes the digits from `at` on. \return how many there are, more than fit counting as 0
  std::size_t take(Lookahead& text, std::size_t at) {
    std::size_t taken = 0;
    for (; is_digit(text[at + taken]); ++taken) {
      if (count == digits.size()) { return 0; }
      digits[count++] = text[at + taken];
    }
    return taken;
  }

  /// The last digit is right: every second from the end is doubled, and all add up to tens.
  [[nodiscard]] bool check() const {
    unsigned sum = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const auto digit = static_cast<unsigned>(digits[count - 1 - i] - '0');
      const unsigned twice = 2 * digit;
      sum += i % 2 == 0 ? digit : twice / 10 + twice % 10;
    }
    return sum % 10 == 0;
  }
};

/// Whether groups of these sizes are a whole number as cards print it.
bool is_printed_form(std::span<const std::size_t> groups) {
  constexpr static std::array<std::size_t, 4> kUsual{4, 4, 4, 4};
  constexpr static std::array<std::size_t, 3> kAmerican{4, 6, 5};
  constexpr static std::array<std::size_t, 3> kDiners{4, 6, 4};
  const bool longer =
      groups.size() == 5 && std::ranges::equal(groups.first(4), kUsual) && groups[4] <= 3;
  return longer || std::ranges::equal(groups, kUsual) || std::ranges::equal(groups, kAmerican) ||
         std::ranges::equal(groups, kDiners);
}

// ---- account numbers ----------------------------------------------------------------------------

/// How long the account numbers of a country are, 0 = it has none.
std::size_t iban_size(char first, char second) {
  // Country and size, five by five. Source: the SWIFT registry, release 99.
  constexpr std::string_view kSizes =
      "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 "
      "DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 "
      "IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 "
      "MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 "
      "SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30 ";
  constexpr std::size_t kRow = 5;
  for (std::size_t i = 0; i < kSizes.size(); i += kRow) {
    if (to_lower(kSizes[i]) == first && to_lower(kSizes[i + 1]) == second) {
      const int size = (kSizes[i + 2] - '0') * 10 + (kSizes[i + 3] - '0');
      return static_cast<std::size_t>(size);
    }
  }
  return 0;
}

/// The number modulo 97, letters being 10 to 35; its first four characters count as its last ones.
/// \param number  lower case
unsigned modulo_97(std::string_view number) {
  unsigned rest = 0;
  for (std::size_t i = 0; i < number.size(); ++i) {
    const char c = number[(i + 4) % number.size()];
    rest = is_digit(c) ? rest * 10 + static_cast<unsigned>(c - '0')
                       : rest * 100 + static_cast<unsigned>(c - 'a') + 10;
    rest %= 97;
  }
  return rest;
}

// ---- keys ---------------------------------------------------------------------------------------

struct KeyForm {
  std::string_view prefix;
  bool (*is_of)(char);  ///< what follows it is made of
  std::size_t least, most;
  bool with_digit = false;
};

constexpr bool is_alnum_or_dash(char c) {
  return is_word(c) || c == '-';
}
constexpr bool is_alnum_or_underscore(char c) {
  return is_word(c);
}
constexpr bool is_capital_or_digit(char c) {
  return is_digit(c) || (c >= 'A' && c <= 'Z');
}

constexpr std::size_t kLongest = 512;
constexpr KeyForm kKeyForms[] = {
    {"sk-", is_alnum_or_dash, 20, kLongest, true},
    {"AKIA", is_capital_or_digit, 16, 16},
    {"ASIA", is_capital_or_digit, 16, 16},
    {"ghp_", is_alnum, 36, kLongest},
    {"gho_", is_alnum, 36, kLongest},
    {"ghu_", is_alnum, 36, kLongest},
    {"ghs_", is_alnum, 36, kLongest},
    {"ghr_", is_alnum, 36, kLongest},
    {"github_pat_", is_alnum_or_underscore, 22, kLongest},
    {"AIza", is_alnum_or_dash, 35, 35},
    {"xoxb-", is_alnum_or_dash, 20, kLongest},
    {"xoxp-", is_alnum_or_dash, 20, kLongest},
};

static_assert(std::ranges::all_of(kKeyForms, may_begin_key,
                                  [](const KeyForm& form) { return form.prefix.front(); }));

bool begins_with(Lookahead& text, std::size_t at, std::string_view prefix) {
  for (std::size_t i = 0; i < prefix.size(); ++i) {
    if (text[at + i] != prefix[i]) { return false; }
  }
  return true;
}

std::size_t key_at(Lookahead& text, std::size_t at, const KeyForm& form) {
  if (!begins_with(text, at, form.prefix)) { return 0; }
  const std::size_t begin = at + form.prefix.size();
  std::size_t end = begin;
  bool digit = false;
  for (; end - begin < form.most && form.is_of(text[end]); ++end) {
    digit = digit || is_digit(text[end]);
  }
  if (end - begin < form.least || (form.with_digit && !digit)) { return 0; }
  // A key of one size that goes on is something else.
  if (form.least == form.most && is_word(text[end])) { return 0; }
  return end - at;
}

}  // namespace

std::size_t email_at(Lookahead& text, std::size_t at) noexcept {
  std::size_t mark = at;
  while (is_local(text[mark])) {
    if (++mark - at > kMostLocal) { return 0; }
  }
  if (mark == at || text[mark] != '@' || begins_with(text, at, "git@")) { return 0; }
  const std::size_t end = domain_end(text, mark + 1);
  return end == 0 ? 0 : end - at;
}

std::size_t card_at(Lookahead& text, std::size_t at) noexcept {
  constexpr std::size_t kFewest = 13, kGroup = 4, kMostGroups = 5;
  if (text[at] < '2' || text[at] > '6') { return 0; }
  Digits number;
  const std::size_t first = number.take(text, at);
  std::size_t end = at + first;
  if (first >= kFewest) { return number.check() && !is_word(text[end]) ? first : 0; }
  const char between = text[end];
  if (first != kGroup || (between != ' ' && between != '-')) { return 0; }
  std::array<std::size_t, kMostGroups> groups{first};
  std::size_t found = 0;
  for (std::size_t count = 1; count < groups.size() && text[end] == between; ++count) {
    groups[count] = number.take(text, end + 1);
    end += 1 + groups[count];
    if (groups[count] == 0 || is_word(text[end])) { break; }
    const bool whole = is_printed_form(std::span(groups).first(count + 1));
    if (whole && number.check()) { found = end - at; }
  }
  return found;
}

std::size_t iban_at(Lookahead& text, std::size_t at) noexcept {
  constexpr std::size_t kMost = 34, kGroup = 4;
  const bool begins = is_letter(text[at]) && is_letter(text[at + 1]) && is_digit(text[at + 2]) &&
                      is_digit(text[at + 3]);
  if (!begins) { return 0; }
  const std::size_t size = iban_size(to_lower(text[at]), to_lower(text[at + 1]));
  if (size == 0) { return 0; }
  std::array<char, kMost> number{};
  std::size_t end = at;
  for (std::size_t i = 0; i < size; ++i, ++end) {
    if (i > 0 && i % kGroup == 0 && text[end] == ' ') { ++end; }
    if (!is_alnum(text[end])) { return 0; }
    number[i] = to_lower(text[end]);
  }
  if (is_word(text[end]) || modulo_97({number.data(), size}) != 1) { return 0; }
  return end - at;
}

std::size_t key_at(Lookahead& text, std::size_t at) noexcept {
  for (const KeyForm& form : kKeyForms) {
    if (const std::size_t size = key_at(text, at, form)) { return size; }
  }
  return 0;
}

}  // namespace butter::guard
