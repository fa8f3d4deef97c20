#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "http/head.h"

namespace butter::server {

class Connection;

/// One request and its answer, as the connection sees it. The connection owns it from
/// Service::begin() to Connection::finish() or the client's leaving. Thread: worker-local.
class Exchange {
 public:
  /// Body bytes, framing removed; valid during the call.
  virtual void on_body(std::string_view piece) = 0;
  virtual void on_body_end() = 0;
  /// Room to read the rest of a large body into, so that it is not copied; empty = use on_body.
  /// What was read is told by on_body_in_place. May end the exchange, and is then empty.
  virtual std::span<char> body_room() { return {}; }
  virtual void on_body_in_place(std::size_t) {}
  /// What was queued has gone out; reading the upstream may go on.
  virtual void on_drained() = 0;
  /// One read's worth of events has been told.
  virtual void on_input_flush() {}
  /// The server stops and waits no longer: tells the client so, as far as that can be done, and
  /// ends with Connection::finish() or abort().
  virtual void on_stop() = 0;
  /// Ends it without an answer, since the client left: all that it started is cancelled. The last
  /// call.
  virtual void on_gone() = 0;
  /// The same, since the client broke the rules while sending its body: the connection answers with
  /// this status, when nothing has gone out.
  virtual void on_bad_body(int status, std::string_view why) = 0;

 protected:
  ~Exchange() = default;
};

/// What the requests of a listener are for. Thread: worker-local.
class Service {
 public:
  /// A request has begun. The service answers it at once (connection.send() and finish(); returns
  /// nullptr), or gives the exchange that will. Views in `head` are valid during the call.
  virtual Exchange* begin(Connection& connection, const http::RequestHead& head) = 0;

  /// Answers a request that could not be read: a complete response, `Connection: close` included.
  /// \param status  400, 408, 413, 431, 501, 503 or 505
  virtual std::string_view refusal(int status, std::string_view why) = 0;

  virtual void on_open() {}
  virtual void on_close() {}

 protected:
  ~Service() = default;
};

}  // namespace butter::server
