#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "base/buffer.h"
#include "http/sse.h"
#include "provider/stream_contract.h"

namespace butter::gateway {

/// Passes a stream of events on, whole ones only, and knows how far the answer is.
///
/// Until the first content event everything is held, so that a failure can still go elsewhere.
/// After it each read's complete events go out at once, as views of the read where they can; the
/// beginning of an unfinished event waits for its end. An event longer than kMostHeld goes out as
/// it comes. What follows the answer's end is dropped, and so are a malformed event and what
/// follows an error. Thread: worker-local.
class SseRelay {
 public:
  enum class State : std::uint8_t {
    holding,  ///< no content yet
    flowing,  ///< content was seen: what take() gives may go out
    failed,   ///< an error event or a malformed one came before any content
    broken,   ///< one came after it: take() gives what went before, and the upstream's own error
  };

  static constexpr std::size_t kMostHeld = 256 * 1024;
  static constexpr std::size_t kMostOut = 48;  ///< at least the pieces of one call, and ten

  /// \param hide_usage  the client did not ask for the event that only says what the answer cost
  void start(provider::Operation operation, bool hide_usage = false);

  /// Takes the pieces of one read. Call taken() after what take() gave was written, before the
  /// next.
  State feed(std::span<const std::string_view> pieces);

  /// What may go out now: views into the last pieces and into this object.
  [[nodiscard]] std::span<const std::string_view> take() const noexcept {
    return {out_.data(), count_};
  }
  [[nodiscard]] std::size_t out_bytes() const noexcept { return out_bytes_; }
  void taken();

  /// Holds back no longer: what was held, whole events of it, may go out.
  void let_go();

  /// The body ended. Gives out what an answer without a last blank line leaves. \return whether the
  /// answer is whole: its end was seen, or it was complete but for saying so.
  [[nodiscard]] bool end();

  /// Whether an event of ours can follow now: false in the middle of one that is passed as it
  /// comes.
  [[nodiscard]] bool between_events() const noexcept { return !raw_; }
  /// What made it `failed` or `broken` was no error event, but one that no SDK can read.
  [[nodiscard]] bool malformed() const noexcept { return malformed_; }
  /// The upstream has told the client of its failure: nothing is left for us to say.
  [[nodiscard]] bool error_told() const noexcept { return error_told_; }
  [[nodiscard]] bool flowing() const noexcept { return state_ == State::flowing; }
  [[nodiscard]] const provider::StreamContract& contract() const noexcept { return contract_; }
  /// The error event that made it `failed`; "" when there is none in one line.
  [[nodiscard]] std::string_view error_data() const noexcept { return error_; }
  /// Its memory: lent before start(), taken back when it is empty.
  [[nodiscard]] Buffer& held() noexcept { return held_; }

 private:
  void add_out(std::string_view bytes);
  void feed_direct(std::string_view piece);
  void feed_held(std::string_view piece);
  /// \return whether the event is hidden from the client
  bool on_event(std::string_view block);
  /// Whether the event just looked at goes to the client: a malformed one does not.
  [[nodiscard]] bool passes() const noexcept { return !malformed_; }
  /// The answer is complete.
  [[nodiscard]] bool whole() const noexcept;
  void give_out_held();
  /// Nothing more is looked at.
  [[nodiscard]] bool over() const noexcept;

  provider::StreamContract contract_;
  http::SseScanner scanner_;
  State state_ = State::holding;
  bool error_told_ = false;
  bool malformed_ = false;
  bool hide_usage_ = false;
  std::uint8_t hidden_ = 0;  ///< events since taken()
  bool raw_ = false;         ///< inside an event that is passed as it comes
  Buffer held_;
  std::size_t event_begin_ = 0;  ///< in held_: where the unfinished event begins
  std::size_t consume_ = 0;      ///< of held_, once taken
  std::string_view error_;
  std::array<std::string_view, kMostOut> out_;
  std::size_t count_ = 0;
  std::size_t out_bytes_ = 0;
};

}  // namespace butter::gateway
