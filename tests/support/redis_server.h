#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace butter::support {

/// A redis-server of the test's own, on 127.0.0.1 and a free port; nothing is written to disk. Ends
/// with the test. Thread: any one at a time.
class RedisServer {
 public:
  /// \param options  of redis-server: {"--requirepass", "secret"}
  explicit RedisServer(std::vector<std::string> options = {});
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  [[nodiscard]] bool running() const noexcept { return pid_ > 0; }  ///< false: see why()
  [[nodiscard]] const std::string& why() const noexcept { return log_; }
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  void freeze() const;  ///< it answers no more, but keeps its connections
  void thaw() const;
  void stop();  ///< at once

 private:
  void start(const std::vector<std::string>& options);

  pid_t pid_ = 0;
  std::uint16_t port_ = 0;
  std::string log_;  ///< what it wrote until it was ready
};

}  // namespace butter::support
