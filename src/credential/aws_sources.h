#pragma once

#include <memory>
#include <string>

#include "credential/source.h"

namespace butter::credential {

/// Amazon ECS and EKS Pod Identity.
struct ContainerEndpoint {
  std::string url;
  std::string token;       ///< value of the Authorization field; "" = none
  std::string token_file;  ///< read for each renewal; goes before `token`; "" = none
};
/// \source https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
[[nodiscard]] std::unique_ptr<Source> make_aws_container(ContainerEndpoint endpoint);

/// The metadata service of an EC2 instance, version 2 only.
/// \param endpoint  "http://169.254.169.254"
/// \source
/// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
[[nodiscard]] std::unique_ptr<Source> make_aws_imds(std::string endpoint);

}  // namespace butter::credential
