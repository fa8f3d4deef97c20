#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "guard/redactor.h"
#include "guard/settings.h"

namespace butter::guard {

/// What was found in a request. Views into the guard.
struct Finding {
  std::string_view category;  ///< one of the seven of default_phrases(); "phrase" or "pattern" for
                              ///< the operator's own
  std::string_view pattern;   ///< the phrase or the regular expression
};

/// Looks for attempts to talk a model out of its instructions, and makes unreadable what should not
/// be read. Thread: any (immutable).
class Guard {
 public:
  /// \errors bad_config: "patterns[1]: missing ): (a" and the like, phrases of which nothing is
  /// left
  ///         when they are made plain, too many phrases
  [[nodiscard]] static Result<std::shared_ptr<const Guard>> make(const Settings& settings);

  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;
  ~Guard();

  [[nodiscard]] Mode mode() const noexcept;

  /// The first phrase in a request, or else the first pattern that stands in it; see RequestTexts
  /// for what is looked at. \param body  any API's JSON, or a text
  [[nodiscard]] std::optional<Finding> scan(std::string_view body) const;

  /// What of Settings::redaction was found is replaced by "[EMAIL]", "[CARD]", "[IBAN]" or "[KEY]";
  /// see Redactor. nullopt = nothing was found.
  [[nodiscard]] std::optional<std::string> redact(std::string_view json, Body whose) const;
  /// The same for a text that is no JSON, such as a line of the log.
  void redact_text(std::string& text) const;

  [[nodiscard]] const Redactor& redactor() const noexcept;

 private:
  struct Impl;
  explicit Guard(std::unique_ptr<const Impl> impl);
  std::unique_ptr<const Impl> impl_;
};

}  // namespace butter::guard
