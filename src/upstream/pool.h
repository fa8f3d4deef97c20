#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "net/loop.h"
#include "net/resolver.h"
#include "upstream/call.h"
#include "upstream/connection.h"
#include "upstream/endpoint.h"

namespace butter::upstream {

/// The connections of one worker to one endpoint: lent to one call at a time, the most recently
/// used first, kept alive in between. At the cap calls wait in their order. Thread: worker-local.
class Pool {
 public:
  Pool(net::Loop& loop, net::Resolver& resolver, std::shared_ptr<const Endpoint> endpoint);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  [[nodiscard]] const Endpoint& endpoint() const noexcept { return *endpoint_; }
  [[nodiscard]] std::size_t open() const noexcept { return connections_.size(); }
  [[nodiscard]] std::size_t idle() const noexcept { return idle_.size(); }
  /// Since when the first in the queue has waited; nullopt = nobody waits.
  [[nodiscard]] std::optional<TimePoint> first_waits_since() const;

 private:
  friend class Call;
  friend class Connection;

  enum class Lend : std::uint8_t { any, fresh };
  void lend(Call& call, Lend which);
  void wait(Call& call);                   ///< puts it into the queue, if that is not full
  void forget(Call& call) noexcept;        ///< takes a waiting call out of the queue
  void give_back(Connection& connection);  ///< its answer is over and it can be used again
  void closed(Connection& connection);     ///< it is of no use: destroys it
  void open_for(Call& call);
  void serve_waiting();
  void close_oldest_idle();

  net::Loop& loop_;
  net::Resolver& resolver_;
  std::shared_ptr<const Endpoint> endpoint_;
  net::TlsTicket ticket_;
  std::vector<std::unique_ptr<Connection>> connections_;  ///< each knows its place
  std::vector<Connection*> idle_;                         ///< the last is the most recent
  Call* first_waiting_ = nullptr;
  Call* last_waiting_ = nullptr;
  std::size_t waiting_ = 0;
};

}  // namespace butter::upstream
