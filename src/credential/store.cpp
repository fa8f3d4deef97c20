#include "credential/store.h"

#include <utility>

namespace butter::credential {

Store::Store(std::string why)
    : state_(std::make_shared<const State>(
          State{.credential = {}, .has_credential = false, .why = std::move(why)})) {}

void Store::put(Credential credential) {
  replace({.credential = std::move(credential), .has_credential = true, .why = {}});
}

void Store::put_failure(std::string why) {
  State state;
  {
    const std::lock_guard lock(mutex_);
    state = *state_;
  }
  state.why = std::move(why);
  replace(std::move(state));
}

void Store::replace(State state) {
  auto made = std::make_shared<const State>(std::move(state));
  const std::lock_guard lock(mutex_);
  state_.swap(made);
  version_.fetch_add(1, std::memory_order_release);
}

Result<const Credential*> Reader::get(std::int64_t now) {
  if (store_->version_.load(std::memory_order_acquire) != version_) {
    const std::lock_guard lock(store_->mutex_);
    state_ = store_->state_;
    version_ = store_->version_.load(std::memory_order_relaxed);
  }
  const Credential& credential = state_->credential;
  const bool expired = credential.expires != 0 && credential.expires <= now;
  if (state_->has_credential && !expired) { return &credential; }
  if (!state_->why.empty()) { return fail(Errc::unavailable, state_->why); }
  return fail(Errc::unavailable, "the credential has expired and is not renewed yet");
}

}  // namespace butter::credential
