#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/secret.h"
#include "net/tls.h"

namespace butter::redis {

/// A Redis server, and how it is spoken with. Thread: any (immutable).
struct Server {
  std::string host = "localhost";
  std::uint16_t port = 6379;
  std::shared_ptr<const net::TlsContext> tls{};  ///< nullptr = plain
  std::string username{};                        ///< "" = the server's default user
  Secret password{};                             ///< "" = none is sent
  std::uint32_t db = 0;
  Duration timeout = 50ms;  ///< how long a command may wait for its reply, the connecting included
};

}  // namespace butter::redis
