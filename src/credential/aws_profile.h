#pragma once

#include <map>
#include <string>
#include <string_view>

#include "config/load.h"

namespace butter::credential {

/// A profile of AWS's shared files: the settings of ~/.aws/config with those of ~/.aws/credentials
/// over them.
/// \source https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
struct AwsProfile {
  std::string name;
  bool named = false;  ///< by the configuration or AWS_PROFILE: it must exist
  bool found = false;
  std::map<std::string, std::string, std::less<>> settings;

  [[nodiscard]] std::string_view setting(std::string_view key) const;
};

/// Reads both files; one that is not there is empty.
/// \param wanted  the profile of the configuration; "" = AWS_PROFILE, else "default"
[[nodiscard]] AwsProfile read_aws_profile(const std::string& wanted,
                                          const config::Environment& env);

}  // namespace butter::credential
