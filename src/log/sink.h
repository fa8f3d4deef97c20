#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace butter::log {

/// Where lines go: a file descriptor, written by a thread of its own, so that a reader who stalls
/// never stalls a worker. At most kMostPending bytes wait; what comes then is dropped and counted,
/// and one line says how many. A reader who went away takes the lines with it, quietly. Thread: any
/// (synchronised inside).
class Sink {
 public:
  static constexpr std::size_t kMostPending = 8u << 20;

  explicit Sink(int fd);  ///< borrowed; standard output is 1
  ~Sink();                ///< writes what waits (at most 1 s)
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  void write(std::string_view lines);  ///< whole lines
  void flush();                        ///< waits until all that was given is written

 private:
  void run();
  void write_out(std::string_view lines);
  [[nodiscard]] bool wait_for_room();
  [[nodiscard]] bool out_of_time();

  const int fd_;
  const bool is_file_;  ///< always has room
  std::mutex mutex_;
  std::condition_variable wake_, idle_;
  std::string pending_;  // guarded by mutex_
  std::string leaving_;  ///< what is written; swapped with pending_, so that both keep their memory
  std::uint64_t dropped_ = 0;                      // guarded by mutex_: lines
  bool writing_ = false;                           // guarded by mutex_
  bool stop_ = false;                              // guarded by mutex_
  std::chrono::steady_clock::time_point give_up_;  // guarded by mutex_; counts once stop_ is set
  std::thread thread_;
};

}  // namespace butter::log
