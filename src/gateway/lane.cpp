#include "gateway/lane.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "dialect/token_estimate.h"
#include "gateway/worker.h"

namespace butter::gateway {

namespace {

std::int64_t unix_seconds() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
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

std::string Lane::key_hint() const {
  const config::Provider& asked = provider().config();
  if (local_now_ || attempt_.key == routing::Attempt::kNoKey) { return {}; }
  return asked.keys[static_cast<std::size_t>(attempt_.key)].key.hint();
}

void Lane::note_times(Timeline& times) const noexcept {
  times.attempt = started_at_;
  times.answered = answered_at_;
  if (local_now_) { return; }
  times.turn = call_.lent_at();
  times.connected = call_.connected_at();
  times.sent = call_.sent_at();
}

Result<void> Lane::start(ClientRequest& request, std::shared_ptr<const WorkerSnapshot> snapshot,
                         const routing::Attempt& attempt, const Terms& terms) {
  request_ = &request;
  snapshot_ = std::move(snapshot);
  attempt_ = attempt;
  terms_ = terms;
  status_ = 0;
  ready_ = ended_ = has_request_id_ = events_ = waits_ = false;
  out_count_ = out_bytes_ = 0;
  answered_at_ = TimePoint{};
  error_body_.clear();
  mode_ = Mode::bytes;
  usage_.reset();
  translation_.reset();
  filter_.reset();
  way_ = way_to(provider(), request, attempt_.model);
  auto lost = lost_on(way_, provider(), request, attempt_.model, terms.strict);
  if (!lost) { return std::unexpected(std::move(lost).error()); }
  dropped_ = *std::move(lost);
  local_now_ = way_ == Way::counted || provider().config().type == config::ProviderType::mock;
  RateLimiter* const limiter = snapshot_->limiter.get();
  if (limiter == nullptr) { return launch(); }
  const config::RateLimit& settings = snapshot_->config().ratelimit;
  switch (quota_.take(*limiter, settings, provider().config().name, attempt_.model, request,
                      [this] { on_judged(); })) {
    case RateLimiter::Step::granted: return launch();
    case RateLimiter::Step::refused: return std::unexpected(quota_.error());
    case RateLimiter::Step::waits: break;
  }
  waits_ = true;
  begin();
  return {};
}

void Lane::on_judged() {
  waits_ = false;
  Result<void> begun = quota_.was_refused() ? std::unexpected(quota_.error()) : launch();
  if (!begun) {
    active_ = false;
    owner_.on_not_begun(*this, begun.error());
  } else if (request_->body_streams) {
    owner_.on_request_drained();
  }
}

Result<void> Lane::launch() {
  auto begun = local_now_ ? start_local() : start_call();
  if (!begun) { quota_.settle(0); }
  return begun;
}

Result<void> Lane::start_call() {
  worker_.lend(upstream_request_.head());
  auto pieces = write_request();
  if (!pieces) { return std::unexpected(std::move(pieces).error()); }
  begin();
  // Last: the call may end, and this object be used again, before start() returns.
  call_.start(snapshot_->pool(attempt_.provider), *this,
              {.pieces = *pieces,
               .is_head = request_->is_head,
               .body_follows = request_->body_streams && !request_->body_ended},
              terms_.limits);
  return {};
}

Result<void> Lane::start_local() {
  auto answer = local_answer();
  if (!answer) { return std::unexpected(std::move(answer).error()); }
  begin();
  if (!local_) { local_ = std::make_unique<LocalCall>(loop_); }
  local_->start(*std::move(answer), *this);
  return {};
}

void Lane::begin() {
  active_ = true;
  started_at_ = std::chrono::steady_clock::now();
  overhead_ = started_at_ - terms_.due;
}

Result<std::span<const std::string_view>> Lane::write_request() {
  Destination to{
      .provider = provider(),
      .endpoint = *snapshot_->snapshot().endpoint(attempt_.provider),
      .attempt = attempt_,
  };
  if (provider().needs_credential()) {
    to.now = unix_seconds();
    auto credential = snapshot_->credential(attempt_.provider).get(to.now);
    if (!credential) { return std::unexpected(std::move(credential).error()); }
    to.credential = *credential;
  }
  switch (way_) {
    case Way::relayed: return upstream_request_.relay(*request_, to);
    case Way::readdressed: return upstream_request_.readdress(*request_, to);
    case Way::translated:
      return upstream_request_.translate(**request_->conversation(), *request_, to);
    case Way::embeddings: return upstream_request_.embed(**request_->embeddings(), *request_, to);
    case Way::counted:
    case Way::none: break;
  }
  __builtin_unreachable();
}

/// The answer of a provider without a network, or of ours in its place.
Result<provider::MockAnswer> Lane::local_answer() {
  const std::int64_t now = unix_seconds();
  if (way_ == Way::counted) {
    auto conversation = request_->conversation();
    if (!conversation) { return std::unexpected(std::move(conversation).error()); }
    told_.clear();
    dialect::write_token_count(dialect::estimate_tokens(**conversation), told_);
    return provider::MockAnswer{.pieces = {std::string(told_.view())}};
  }
  if (way_ == Way::relayed) {
    return provider::mock_answer(request_->rest, request_->body.view(), request_->stream_wanted,
                                 attempt_.model, now);
  }
  const auto target = provider().target(attempt_.model, request_->stream_wanted);
  auto body = upstream_request_.translate_body(**request_->conversation(), provider(), target);
  if (!body) { return std::unexpected(std::move(body).error()); }
  std::string path;
  provider().append_path(target, path);
  return provider::mock_answer(path, *body, request_->stream_wanted, attempt_.model, now);
}

std::optional<std::uint64_t> Lane::tokens_used() const {
  if (!ready_ || status_ >= 400) { return 0; }
  const auto cost = ended_ ? usage() : std::nullopt;
  return cost ? std::optional(cost->input + cost->output) : std::nullopt;
}

void Lane::stop() noexcept {
  settle();
  active_ = waits_ = false;
  hold_timer_.cancel();
  call_.cancel();
  if (local_) { local_->cancel(); }
}

void Lane::leave() noexcept {
  settle();
  active_ = waits_ = false;
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
  worker_.take_back(usage_tail_.memory());
  collected_.release();
  told_.release();
  unwrapped_.release();
  translation_.reset();
  filter_.reset();
  snapshot_.reset();
}

}  // namespace butter::gateway
