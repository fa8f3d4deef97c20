#pragma once

#include <memory>
#include <variant>

#include "base/credential.h"
#include "base/result.h"
#include "config/config.h"
#include "config/load.h"
#include "credential/source.h"

namespace butter::credential {

/// A credential that is there already, or where it is fetched.
using Choice = std::variant<Credential, std::unique_ptr<Source>>;

/// Where a provider's credential comes from.
///
/// bedrock, in the order of AWS's SDKs: the configuration's profile; AWS_ACCESS_KEY_ID; the profile
/// of AWS_PROFILE or "default"; the container's endpoint; the EC2 metadata service.
/// vertex: credentials_file, GOOGLE_APPLICATION_CREDENTIALS, the metadata server.
/// \errors unavailable, bad_config: there is none, or one of a kind that is not supported, by name
[[nodiscard]] Result<Choice> choose(const config::Provider& provider,
                                    const config::Environment& env);

}  // namespace butter::credential
