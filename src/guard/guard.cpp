#include "guard/guard.h"

#include <re2/re2.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/strings.h"
#include "guard/automaton.h"
#include "guard/fold.h"
#include "guard/phrases.h"
#include "guard/request_texts.h"
#include "json/text.h"

namespace butter::guard {

namespace {

/// A phrase that is looked for.
struct Sought {
  std::string category, text;
};

using Pattern = std::unique_ptr<const RE2>;

/// A phrase as it stands in texts that were made plain; runs of blanks become one.
std::string plain_phrase(const Fold& fold, std::string_view phrase) {
  Buffer folded;
  fold.append(phrase, folded);
  std::string plain;
  for (const char c : folded.view()) {
    if (c != ' ' || !plain.ends_with(' ')) { plain += to_lower(c); }
  }
  return plain;
}

std::string place(std::string_view list, std::size_t i) {
  return std::string(list) + '[' + std::to_string(i) + "]: ";
}

Result<std::vector<Pattern>> compile(const std::vector<std::string>& patterns) {
  RE2::Options options;
  options.set_case_sensitive(false);
  options.set_log_errors(false);
  std::vector<Pattern> compiled;
  for (const std::string& pattern : patterns) {
    compiled.push_back(std::make_unique<const RE2>(pattern, options));
    if (!compiled.back()->ok()) {
      return fail(Errc::bad_config,
                  place("patterns", compiled.size() - 1) + compiled.back()->error());
    }
  }
  return compiled;
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

struct Guard::Impl {
  Mode mode;
  Roles roles;
  Fold fold;
  std::vector<Sought> phrases;
  Automaton automaton;
  std::vector<Pattern> patterns;
  Redactor redactor;

  Result<void> find_phrases_of(const Settings& settings);
  [[nodiscard]] bool matches(const RE2& pattern, std::string_view plain,
                             std::string_view raw) const;
};

Result<void> Guard::Impl::find_phrases_of(const Settings& settings) {
  if (settings.default_phrases) {
    for (const Phrase& phrase : default_phrases()) {
      phrases.push_back({std::string(phrase.category), std::string(phrase.text)});
    }
  }
  std::vector<std::string> plain;
  plain.reserve(phrases.size() + settings.phrases.size());
  for (const Sought& phrase : phrases) { plain.push_back(phrase.text); }
  for (std::size_t i = 0; i < settings.phrases.size(); ++i) {
    phrases.push_back({"phrase", settings.phrases[i]});
    plain.push_back(plain_phrase(fold, settings.phrases[i]));
    if (trim(plain.back()).empty()) {
      return fail(Errc::bad_config, place("phrases", i) + "nothing is left of " +
                                        quoted(settings.phrases[i]) + " when it is made plain");
    }
  }
  Result<Automaton> made = Automaton::make(plain);
  if (!made) { return std::unexpected(made.error()); }
  automaton = *std::move(made);
  return {};
}

/// A pattern may stand in a text as it was made plain, or, where that is something else, as it is.
bool Guard::Impl::matches(const RE2& pattern, std::string_view plain, std::string_view raw) const {
  if (RE2::PartialMatch({plain.data(), plain.size()}, pattern)) { return true; }
  std::string text;
  return !is_ascii(raw) && json::unescape(raw, text) && RE2::PartialMatch(text, pattern);
}

Result<std::shared_ptr<const Guard>> Guard::make(const Settings& settings) {
  auto impl = std::make_unique<Impl>(Impl{.mode = settings.mode,
                                          .roles = Roles(settings.scan_roles),
                                          .redactor = Redactor(settings.redaction)});
  if (Result<void> found = impl->find_phrases_of(settings); !found) {
    return std::unexpected(found.error());
  }
  Result<std::vector<Pattern>> patterns = compile(settings.patterns);
  if (!patterns) { return std::unexpected(patterns.error()); }
  impl->patterns = *std::move(patterns);
  return std::shared_ptr<const Guard>(new Guard(std::move(impl)));
}

Guard::Guard(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
Guard::~Guard() = default;

Mode Guard::mode() const noexcept {
  return impl_->mode;
}

const Redactor& Guard::redactor() const noexcept {
  return impl_->redactor;
}

std::optional<std::string> Guard::redact(std::string_view json, Body whose) const {
  return impl_->redactor.json(json, whose);
}

void Guard::redact_text(std::string& text) const {
  impl_->redactor.text(text);
}

std::optional<Finding> Guard::scan(std::string_view body) const {
  const RequestTexts texts(impl_->fold, impl_->roles, body);
  std::optional<Finding> finding;
  (void)texts.any_run([&](std::string_view run) {
    const std::optional<std::size_t> found = impl_->automaton.find(run);
    if (!found) { return false; }
    const Sought& phrase = impl_->phrases[*found];
    finding = Finding{.category = phrase.category, .pattern = phrase.text};
    return true;
  });
  for (const Pattern& pattern : impl_->patterns) {
    if (finding) { break; }
    const bool stands = texts.any_text([&](std::string_view plain, std::string_view raw) {
      return impl_->matches(*pattern, plain, raw);
    });
    if (stands) { finding = Finding{.category = "pattern", .pattern = pattern->pattern()}; }
  }
  return finding;
}

}  // namespace butter::guard
