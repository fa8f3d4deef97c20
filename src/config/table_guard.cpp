#include <string>
#include <string_view>

#include "config/checks.h"
#include "config/table.h"

namespace butter::config {

namespace {

constexpr Choice<GuardMode> kModes[] = {
    {"block", GuardMode::block}, {"log", GuardMode::log}, {"tag", GuardMode::tag}};
constexpr Choice<GuardKind> kKinds[] = {{"email", GuardKind::email},
                                        {"card", GuardKind::card},
                                        {"iban", GuardKind::iban},
                                        {"key", GuardKind::key}};

Refusal check_not_blank(std::string_view text) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) { return "must not be empty"; }
  return std::nullopt;
}

Values texts(std::vector<std::string>& values) {
  return values_of(values, [](std::string& value) { return text(value, check_not_blank); });
}

}  // namespace

void describe_guard(Section& s, Guard& guard) {
  s.value("mode", choice(guard.mode, kModes),
          "`block`: a request in which something is found is answered with 400. `log`: it goes on, "
          "the log says so. `tag`: it goes on, plugins behind it see what was found.");
  s.values("scan_roles", texts(guard.scan_roles),
           "Whose texts are looked at: `user`, `assistant`, `tool`, `system`, or `all`.");
  s.value("default_phrases", boolean(guard.default_phrases),
          "Look for the 61 phrases that it knows by itself.");
  s.values("phrases", texts(guard.phrases), "More of them, found in whatever spelling.");
  s.values(
      "patterns", texts(guard.patterns),
      "Regular expressions (RE2), without regard to case; a request is refused for them, too.");
  describe_filter(s, guard.routes, guard.models);
  s.section("redact", "What is found is replaced, by `[EMAIL]` and the like.", [&](Section& r) {
    r.value("requests", boolean(guard.redact_requests),
            "In requests, before a provider sees them.");
    r.value("answers", boolean(guard.redact_answers), "In answers, streamed ones, too.");
    r.values("kinds",
             values_of(guard.redact_kinds, [](GuardKind& kind) { return choice(kind, kKinds); }),
             "What: e-mail addresses, card numbers, account numbers, keys of APIs.");
  });
}

}  // namespace butter::config
