#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.h"
#include "net/tls.h"
#include "upstream/gate.h"

namespace butter::upstream {

/// An HTTP proxy on the way to an upstream: CONNECT for https, absolute-form for http.
struct Proxy {
  std::string host;
  std::uint16_t port = 0;
  std::string
      authorization;  ///< value of Proxy-Authorization; "" = none. Holds a credential: never logged
};

/// Where connections go, how many are kept, and how many requests may use them at one time.
/// Thread: any (immutable, but for the gate).
struct Endpoint {
  std::string id;    ///< equal ids may share connections: scheme, host, port, trust, proxy
  std::string name;  ///< of the provider, for messages
  std::string host;
  std::uint16_t port = 0;
  std::shared_ptr<const net::TlsContext> tls;  ///< nullptr = plain
  std::unique_ptr<const Proxy> proxy;          ///< nullptr = direct
  std::shared_ptr<Gate> gate;                  ///< of all workers; nullptr = no cap
  std::uint32_t max_in_flight = 0;             ///< requests inside the gate
  std::uint32_t max_connections = 0;           ///< 0 = no cap
  std::uint32_t max_queued = 1000;             ///< requests that wait: at the gate, in each pool
  Duration queue_timeout = 10s;                ///< how long one waits
  std::uint32_t max_idle = 256;
  Duration idle_timeout = 60s;
};

}  // namespace butter::upstream
