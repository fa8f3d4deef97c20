#pragma once

#include <semaphore.h>

#include <cerrno>

namespace butter {

/// Counts what waits for a thread. For several threads that wait for work, where a condition
/// variable of glibc before 2.41 can lose a wake-up (bug 25847) and the library's own semaphore of
/// g++ 12 can, too (bug 104928). Thread: any.
class Semaphore {
 public:
  Semaphore() noexcept { ::sem_init(&value_, 0, 0); }
  ~Semaphore() { ::sem_destroy(&value_); }
  Semaphore(const Semaphore&) = delete;
  Semaphore& operator=(const Semaphore&) = delete;

  /// One more. \pre fewer than SEM_VALUE_MAX (2³¹ − 1) wait
  void post() noexcept { ::sem_post(&value_); }
  /// One less, as soon as there is one.
  void wait() noexcept {
    while (::sem_wait(&value_) != 0 && errno == EINTR) {}
  }

 private:
  ::sem_t value_;
};

}  // namespace butter
