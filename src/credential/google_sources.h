#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "credential/source.h"

namespace butter::credential {

/// A service account's key, exchanged for a token: a JWT that it signs goes to the account's
/// token_uri.
/// \param json  the key file
/// \errors bad_config: it is none; the detail repeats nothing of the key
/// \source https://developers.google.com/identity/protocols/oauth2/service-account
[[nodiscard]] Result<std::unique_ptr<Source>> make_google_service_account(const std::string& json);

/// The metadata server of a Google Cloud machine, asked for its default service account.
/// \param host  "metadata.google.internal"
/// \source https://cloud.google.com/compute/docs/metadata/overview
[[nodiscard]] std::unique_ptr<Source> make_google_metadata(const std::string& host);

}  // namespace butter::credential
