#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/buffer.h"
#include "base/credential.h"

namespace butter::provider {

/// A request as AWS's Signature Version 4 sees it.
/// \source
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
struct AwsRequest {
  using Header = std::pair<std::string_view, std::string_view>;

  std::string_view method;
  std::string_view target;  ///< as on the request line: the path percent-encoded, with its query
  std::span<const Header> headers;  ///< that are signed: lower-case names, sorted; with host
  std::string_view payload_hash;    ///< hexadecimal SHA-256 of the body
  std::string_view region;
  std::string_view service;
  std::string_view time;  ///< "20150830T123600Z", as in x-amz-date
};

/// The value of the Authorization field. The path is encoded once more, as every service but S3
/// wants it.
[[nodiscard]] std::string aws_authorization(const AwsRequest& request,
                                            const Credential& credential);

/// "20150830T123600Z". \param unix_seconds  of the years 1970 to 9999
[[nodiscard]] std::string aws_time(std::int64_t unix_seconds);

}  // namespace butter::provider
