#include "upstream/pool.h"

#include <algorithm>
#include <utility>

namespace butter::upstream {

Pool::Pool(net::Loop& loop, net::Resolver& resolver, std::shared_ptr<const Endpoint> endpoint)
    : loop_(loop), resolver_(resolver), endpoint_(std::move(endpoint)) {}

Pool::~Pool() = default;

void Pool::lend(Call& call, Lend which) {
  if (which == Lend::any && !idle_.empty()) {
    Connection* const connection = idle_.back();
    idle_.pop_back();
    connection->serve(call);
    return;
  }
  if (endpoint_->max_connections > 0 && connections_.size() >= endpoint_->max_connections) {
    if (which == Lend::fresh && !idle_.empty()) { close_oldest_idle(); }
    if (connections_.size() >= endpoint_->max_connections) {
      wait(call);
      return;
    }
  }
  open_for(call);
}

void Pool::wait(Call& call) {
  if (waiting_ >= endpoint_->max_queued) {
    call.fail_overloaded("all connections are busy, and as many requests wait as may");
    return;
  }
  ++waiting_;
  call.next_waiting_ = nullptr;
  (last_waiting_ != nullptr ? last_waiting_->next_waiting_ : first_waiting_) = &call;
  last_waiting_ = &call;
}

std::optional<TimePoint> Pool::first_waits_since() const {
  if (first_waiting_ == nullptr) { return std::nullopt; }
  return first_waiting_->moved_at_;
}

void Pool::open_for(Call& call) {
  auto made = std::make_unique<Connection>(*this);
  Connection& connection = *made;
  connection.place = connections_.size();
  connections_.push_back(std::move(made));
  connection.open(call);
}

void Pool::forget(Call& call) noexcept {
  Call* before = nullptr;
  for (Call* at = first_waiting_; at != nullptr; before = at, at = at->next_waiting_) {
    if (at != &call) { continue; }
    (before != nullptr ? before->next_waiting_ : first_waiting_) = at->next_waiting_;
    if (last_waiting_ == at) { last_waiting_ = before; }
    --waiting_;
    return;
  }
}

void Pool::give_back(Connection& connection) {
  idle_.push_back(&connection);
  if (idle_.size() > endpoint_->max_idle) { close_oldest_idle(); }
  serve_waiting();
}

void Pool::serve_waiting() {
  while (first_waiting_ != nullptr) {
    const bool room =
        endpoint_->max_connections == 0 || connections_.size() < endpoint_->max_connections;
    if (idle_.empty() && !room) { return; }
    Call& call = *first_waiting_;
    forget(call);
    lend(call, Lend::any);
  }
}

void Pool::close_oldest_idle() {
  if (!idle_.empty()) { idle_.front()->shut(); }
}

void Pool::closed(Connection& connection) {
  std::erase(idle_, &connection);
  std::unique_ptr<Connection> dead = std::move(connections_[connection.place]);
  if (connection.place + 1 != connections_.size()) {
    connections_[connection.place] = std::move(connections_.back());
    connections_[connection.place]->place = connection.place;
  }
  connections_.pop_back();
  loop_.dispose(std::move(dead));
  if (first_waiting_ != nullptr) { serve_waiting(); }
}

}  // namespace butter::upstream
