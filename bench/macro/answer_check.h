#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fixture.h"
#include "histogram.h"

namespace butter::bench {

/// What was seen of streams while `counting` was on.
struct StreamTally {
  bool counting = false;
  std::uint64_t chunks = 0;
  Histogram delay;  ///< from the upstream's send to the client's read, of each event
};

/// Holds the body of an answer against what the upstream sends for a shape: JSON byte for byte; a
/// stream by its events, its size and its end. A translated stream has no known size, and events
/// without content before and behind the others. Thread: main.
class AnswerCheck {
 public:
  AnswerCheck(const Shape& shape, StreamTally& tally);

  void begin() noexcept;
  /// \param now  when the piece was read
  void on_body(std::string_view piece, Nanos now);

  /// To be asked when the body is complete.
  [[nodiscard]] bool correct() const noexcept;
  /// Events, [DONE] not among them.
  [[nodiscard]] std::size_t events() const noexcept { return events_; }

 private:
  void on_line(std::string_view line, Nanos now);

  const Shape shape_;
  const std::string json_;  // the whole answer that is expected; empty for a stream
  const std::size_t expected_bytes_;
  StreamTally& tally_;

  std::size_t bytes_ = 0;
  std::size_t events_ = 0;
  bool done_ = false;
  bool wrong_ = false;
  std::string partial_line_;
};

}  // namespace butter::bench
