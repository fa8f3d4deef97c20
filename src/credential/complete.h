#pragma once

#include "config/config.h"
#include "config/load.h"

namespace butter::credential {

/// Fills in what a provider of type bedrock or vertex takes from its surroundings, where the
/// configuration does not say it: region (AWS_REGION, AWS_DEFAULT_REGION, the profile), base_url
/// (AWS_ENDPOINT_URL_BEDROCK_RUNTIME, AWS_ENDPOINT_URL), a key (AWS_BEARER_TOKEN_BEDROCK), project
/// (GOOGLE_CLOUD_PROJECT, the service account). A provider that lacks what it needs becomes `off`,
/// with the reason. Other types stay as they are.
void complete(config::Provider& provider, const config::Environment& env);

}  // namespace butter::credential
