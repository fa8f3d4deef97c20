#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/buffer.h"
#include "http/sse.h"
#include "plugin/plugin.h"

namespace butter::gateway {

/// An answer as plugins get it: whole, or its events one by one. What came from the provider goes
/// in, what may go to the client comes out. Thread: worker-local.
class HookedAnswer {
 public:
  enum class Kind : std::uint8_t { none, whole, events };
  static constexpr std::size_t kMost = 64 * 1024 * 1024;  ///< of a whole answer, or of one event

  /// \param filter  what events go through behind the hooks; nullptr = nothing
  void start(Kind kind, std::unique_ptr<plugin::StreamFilter> filter = nullptr);
  void stop() noexcept { kind_ = Kind::none; }
  void release();  ///< stops, and gives the memory back

  [[nodiscard]] bool active() const noexcept { return kind_ != Kind::none; }
  [[nodiscard]] Kind kind() const noexcept { return kind_; }

  /// \return false: it is larger than kMost
  [[nodiscard]] bool add(std::span<const std::string_view> pieces);

  // Of a whole answer.
  [[nodiscard]] std::string_view body() const noexcept { return in_.view(); }
  void replace_body(std::string_view json);
  void pass_body() { std::swap(in_, out_); }

  // Of events.
  struct Event {
    std::string_view block;  ///< all of it, with its blank line
    std::string_view data;   ///< "" = it has none for a plugin
  };
  /// The next whole event, until it was passed or dropped; nullopt = there is none.
  [[nodiscard]] const std::optional<Event>& event();
  void pass_event();
  /// With other data. \param json  without line ends
  void pass_event(std::string_view json);
  void drop_event();
  void end_events();  ///< no more of them come
  /// There is one, or one has gone out that the client has not got yet.
  [[nodiscard]] bool has_events() { return kind_ == Kind::events && (!out_.empty() || event()); }

  [[nodiscard]] Buffer& out() noexcept { return out_; }

 private:
  void put(std::string_view event);

  Kind kind_ = Kind::none;
  Buffer in_, out_;
  Buffer later_;  ///< came while an event was looked at, which must not move
  http::SseScanner scanner_;
  std::size_t scanned_ = 0;  ///< of in_: no event ends in it
  std::size_t found_ = 0;    ///< of in_: the next event's size; 0 = it was not found yet
  std::optional<Event> event_;
  std::unique_ptr<plugin::StreamFilter> filter_;
  std::string joined_;  ///< data of several lines
  Buffer changed_;      ///< scratch
};

}  // namespace butter::gateway
