#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace butter::http {

/// One `name=value` behind a field's value (RFC 9110, section 5.6.6).
struct Parameter {
  std::string_view name;
  std::string value;     ///< quotes and escapes taken away
  bool escaped = false;  ///< the quoted value held a backslash, which receivers read differently
};

/// Reads `; name=value; name="quoted value"` one parameter after the other.
/// Thread: worker-local.
class ParameterReader {
 public:
  /// \param text  what stands behind the value's first word, from ';' on; "" for no parameters
  explicit ParameterReader(std::string_view text) noexcept : rest_(text) {}

  /// The next parameter; nullopt at the end, and where the text is malformed.
  [[nodiscard]] std::optional<Parameter> next();
  /// True when the text was malformed.
  [[nodiscard]] bool bad() const noexcept { return bad_; }

 private:
  [[nodiscard]] bool read_quoted(Parameter& out);

  std::string_view rest_;
  bool bad_ = false;
};

}  // namespace butter::http
