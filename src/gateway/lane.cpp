#include "gateway/lane.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "dialect/losses.h"
#include "gateway/worker.h"

namespace butter::gateway {

namespace {

std::int64_t unix_seconds() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

std::string joined(const std::vector<std::string_view>& names) {
  std::string all;
  for (const std::string_view name : names) {
    if (!all.empty()) { all += ','; }
    all += name;
  }
  return all;
}

}  // namespace

Lane::Lane(Worker& worker, net::Loop& loop, Owner& owner) noexcept
    : worker_(worker),
      loop_(loop),
      owner_(owner),
      hold_timer_(net::Timer::calling<&Lane::on_held_too_long>(this)) {}

const provider::Provider& Lane::provider() const {
  return snapshot_->snapshot().provider(attempt_.provider);
}

Result<void> Lane::start(ClientRequest& request, std::shared_ptr<const WorkerSnapshot> snapshot,
                         const routing::Attempt& attempt, const Terms& terms) {
  request_ = &request;
  snapshot_ = std::move(snapshot);
  attempt_ = attempt;
  terms_ = terms;
  upstream_model_ = attempt.model;
  status_ = 0;
  ready_ = ended_ = has_request_id_ = events_ = false;
  out_count_ = out_bytes_ = 0;
  dropped_.clear();
  error_body_.clear();
  translation_.reset();
  translates_ = !request.native && !provider().speaks(request.operation);
  const bool local = provider().config().type == config::ProviderType::mock;
  std::span<const std::string_view> pieces;
  if (!local) {
    worker_.lend(upstream_request_.head());
    auto written = write_request();
    if (!written) { return std::unexpected(std::move(written).error()); }
    pieces = *written;
  }
  active_ = true;
  started_at_ = std::chrono::steady_clock::now();
  overhead_ = started_at_ - terms.due;
  if (local) {
    start_local();
    return {};
  }
  // Last: the call may end, and this object be used again, before start() returns.
  call_.start(snapshot_->pool(attempt_.provider), *this,
              {.pieces = pieces,
               .is_head = request.is_head,
               .body_follows = request.body_streams && !request.body_ended},
              terms.limits);
  return {};
}

Result<std::span<const std::string_view>> Lane::write_request() {
  const upstream::Endpoint& endpoint = *snapshot_->snapshot().endpoint(attempt_.provider);
  if (!translates_) { return upstream_request_.relay(*request_, provider(), endpoint, attempt_); }
  auto conversation = request_->conversation();
  if (!conversation) { return std::unexpected(std::move(conversation).error()); }
  const auto& dialect = *dialect::provider_dialect(*provider().dialect());
  auto lost = dialect::losses(**conversation, dialect, terms_.strict);
  if (!lost) { return std::unexpected(std::move(lost).error()); }
  dropped_ = joined(*lost);
  return upstream_request_.translate(**conversation, *request_, provider(), endpoint, attempt_);
}

void Lane::start_local() {
  if (!local_) { local_ = std::make_unique<LocalCall>(loop_); }
  local_->start(provider::mock_answer(request_->rest, request_->body.view(),
                                      request_->stream_wanted, upstream_model_, unix_seconds()),
                *this);
}

void Lane::stop() noexcept {
  active_ = false;
  hold_timer_.cancel();
  call_.cancel();
  if (local_) { local_->cancel(); }
}

void Lane::leave() noexcept {
  active_ = false;
  hold_timer_.cancel();
  call_.discard();
  if (local_) { local_->cancel(); }
}

void Lane::pause() noexcept {
  call_.pause();
  if (local_) { local_->pause(); }
}

void Lane::resume() {
  if (local_) { local_->resume(); }
  call_.resume();
}

bool Lane::send_body(std::string_view piece, bool last) {
  if (!upstream_request_.chunked()) { return call_.send_body(piece, last); }
  bool room = true;
  if (!piece.empty()) {
    char size[http::kMostChunkHead];
    call_.send_body({size, http::write_chunk_head(size, piece.size())}, false);
    call_.send_body(piece, false);
    room = call_.send_body("\r\n", false);
  }
  return last ? call_.send_body(http::kLastChunk, true) : room;
}

void Lane::release_request() {
  if (active_ && (!call_.sent() || request_->body_streams)) { return; }
  worker_.take_back(upstream_request_.head());
  upstream_request_.body().release();
}

void Lane::release() {
  worker_.take_back(upstream_request_.head());
  upstream_request_.body().release();
  worker_.take_back(fields_);
  worker_.take_back(sse_.held());
  collected_.release();
  translation_.reset();
  snapshot_.reset();
}

}  // namespace butter::gateway
