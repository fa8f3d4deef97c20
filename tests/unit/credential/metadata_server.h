#pragma once

#include <string>
#include <string_view>

#include "support/loop_driver.h"
#include "support/test_upstream.h"

namespace butter::credential::test {

/// An endpoint of AWS or Google that answers what the test makes it answer. Thread: worker-local.
struct MetadataServer {
  explicit MetadataServer(net::Loop& loop) : upstream(loop) {}

  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(upstream.port());
  }
  /// Waits for the request of connection `index`. \return all of it
  [[nodiscard]] std::string request(std::size_t index) {
    return upstream.hears(index, "\r\n\r\n") ? upstream.peer(index).received() : "none";
  }
  void answer(std::size_t index, int status, std::string_view body) {
    upstream.peer(index).send("HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " +
                              std::to_string(body.size()) + "\r\n\r\n" + std::string(body));
  }

  support::TestUpstream upstream;
};

constexpr char kAwsKeys[] =
    R"({"AccessKeyId":"AK","SecretAccessKey":"s","Token":"t","Expiration":"2025-01-31T12:00:00Z"})";
constexpr std::int64_t kAwsExpires = 1738324800;

}  // namespace butter::credential::test
