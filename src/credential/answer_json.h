#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/credential.h"
#include "base/result.h"

namespace butter::credential {

/// The text of a member of a JSON object, decoded; "" when it is absent or no string.
[[nodiscard]] std::string text_member(std::string_view object, std::string_view name);

/// What the metadata services of AWS give: AccessKeyId, SecretAccessKey, Token, Expiration.
/// \errors unavailable: the answer of `whom` has no credential; the detail repeats none of it
[[nodiscard]] Result<Credential> read_aws_keys(int status, std::string_view body,
                                               std::string_view whom);

/// What Google's token endpoints give: access_token, expires_in.
[[nodiscard]] Result<Credential> read_google_token(int status, std::string_view body,
                                                   std::string_view whom, std::int64_t now);

/// "2025-01-31T12:00:00Z" in Unix seconds. \source RFC 3339, in UTC
[[nodiscard]] std::optional<std::int64_t> unix_time(std::string_view text) noexcept;

}  // namespace butter::credential
