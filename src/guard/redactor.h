#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "guard/decoded.h"
#include "guard/edits.h"
#include "guard/sensitive.h"
#include "guard/window.h"

namespace butter::guard {

/// Notes changes to what a string of a JSON text says. \param raw  as in Redactor::string
void note_changes(std::span<const Replacement> changes, Decoded& decoded, std::string_view raw,
                  const char* text, Edits& edits);

/// Whose body it is: what the model signed goes back to it as it came.
enum class Body : unsigned char { request, answer };

/// Makes unreadable what Sensitive finds. All other bytes stay as they are.
/// Thread: any (immutable).
class Redactor {
 public:
  explicit Redactor(Redaction kinds) noexcept : sensitive_(kinds) {}

  [[nodiscard]] const Sensitive& sensitive() const noexcept { return sensitive_; }

  /// A body with its strings redacted; nullopt when there is nothing to change. Names of members,
  /// numbers, and what must come back as it was given (ids of calls, signatures, media) are not
  /// looked at. Of an answer that changes the probabilities of its tokens go.
  [[nodiscard]] std::optional<std::string> json(std::string_view body, Body whose) const;

  void text(std::string& text) const;

  /// Notes what to change in one string of a JSON text.
  /// \param raw  between the quotes, in the text that `edits` belongs to, which begins at `text`
  void string(std::string_view key, std::string_view raw, const char* text, Body whose,
              Edits& edits) const;

 private:
  Sensitive sensitive_;
};

}  // namespace butter::guard
