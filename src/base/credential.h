#pragma once

#include <cstdint>
#include <string>

#include "base/secret.h"

namespace butter {

/// What proves who we are where a key of the configuration does not: AWS keys that sign, or
/// Google's access token. A value. Thread: any one at a time; any when const.
struct Credential {
  std::string key_id;        ///< AWS: the access key id, which is not secret; else ""
  Secret secret;             ///< AWS: the secret access key; Google: the access token
  Secret session_token;      ///< AWS: sent with temporary keys; "" for permanent ones
  std::int64_t expires = 0;  ///< Unix seconds; 0 = never
};

}  // namespace butter
