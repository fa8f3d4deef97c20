#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "base/credential.h"
#include "base/result.h"

namespace butter::credential {

/// The credential of one provider, replaced whole whenever it is renewed. Thread: any (synchronised
/// inside).
class Store {
 public:
  /// \param why  there is none yet
  explicit Store(std::string why);

  void put(Credential credential);
  /// It could not be had: `why` is told once what is there has expired.
  void put_failure(std::string why);

 private:
  friend class Reader;
  struct State {
    Credential credential;
    bool has_credential = false;
    std::string why;
  };
  void replace(State state);

  mutable std::mutex mutex_;
  std::shared_ptr<const State> state_;      // guarded by mutex_
  std::atomic<std::uint64_t> version_ = 1;  ///< of state_
};

/// A Store as one worker sees it: the lock is taken once for each renewal, else a request costs one
/// read of a word. Thread: worker-local.
class Reader {
 public:
  explicit Reader(std::shared_ptr<const Store> store) : store_(std::move(store)) {}

  /// \param now  Unix seconds
  /// \return lasts until the next call
  /// \errors unavailable: there is none, and why; names no secret
  [[nodiscard]] Result<const Credential*> get(std::int64_t now);

 private:
  std::shared_ptr<const Store> store_;
  std::shared_ptr<const Store::State> state_;
  std::uint64_t version_ = 0;
};

}  // namespace butter::credential
