#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/buffer.h"
#include "base/error.h"
#include "gateway/admission.h"
#include "gateway/client_request.h"
#include "gateway/local_call.h"
#include "gateway/object_end.h"
#include "gateway/phases.h"
#include "gateway/sse_relay.h"
#include "gateway/translated_answer.h"
#include "gateway/upstream_request.h"
#include "gateway/usage_tail.h"
#include "gateway/way.h"
#include "provider/answer_filter.h"
#include "routing/plan.h"
#include "upstream/call.h"

namespace butter::gateway {

class Worker;
struct WorkerSnapshot;

/// One attempt on its way: the request as this provider gets it, and its answer until the client
/// may have it. An Exchange has one lane, or two while it hedges; the first that has content wins.
///
///   start ──head──▶ holding ──content──▶ ready ──▶ ended
///      │               │                   │
///      └───────────────┴── lost ◀──────────┘  (told to the owner, who knows whether the client has
///                                              seen any of it)
///
/// Used again with its memory. Thread: worker-local.
class Lane final : private upstream::CallSink {
 public:
  /// Who decides: the Exchange. From inside any of these the lane may be stopped or started
  /// anew. Thread: worker-local.
  class Owner {
   public:
    /// The provider refuses. \return true: its answer is not wanted, something else is tried
    virtual bool on_refused(Lane& lane, const routing::Failure& failure) = 0;
    /// What start() could not say yet: nothing goes out, for the reasons that start() has.
    virtual void on_not_begun(Lane& lane, const Error& error) = 0;
    /// The provider took the request up.
    virtual void on_accepted(Lane& lane) = 0;
    /// There is something to send: what take() gives, from now on.
    virtual void on_ready(Lane& lane) = 0;
    /// No answer, or no more of it.
    virtual void on_lost(Lane& lane, const routing::Failure& failure, std::string message) = 0;
    /// A refusal was read whole, since the client waits for events: what it says.
    virtual void on_refusal_read(Lane& lane, std::string message) = 0;
    /// A read's worth of the answer is there.
    virtual void on_output(Lane& lane) = 0;
    virtual void on_request_drained() = 0;

   protected:
    ~Owner() = default;
  };

  Lane(Worker& worker, net::Loop& loop, Owner& owner) noexcept;

  /// What an attempt may take.
  struct Terms {
    TimePoint due;  ///< when the attempt could have begun: from here it is our time
    upstream::Limits limits;
    Duration hold{0};  ///< how long a stream without content is held back; 0 = as long as it takes
    bool strict = false;  ///< nothing may be dropped in a translation
    /// The client has been told that events come: any other answer is read whole, so that it can be
    /// told as one.
    bool streaming_only = false;
    bool keep_rate_limits = true;  ///< the upstream's x-ratelimit-* go to the client
  };

  /// \errors nothing was started: bad_request: the provider's dialect cannot say it; unavailable:
  /// there is no credential for it; rate_limited: the provider, or its model, is at a limit of ours
  [[nodiscard]] Result<void> start(ClientRequest& request,
                                   std::shared_ptr<const WorkerSnapshot> snapshot,
                                   const routing::Attempt& attempt, const Terms& terms);
  /// The client was told meanwhile that events come.
  void expect_events() noexcept { terms_.streaming_only = true; }
  void stop() noexcept;  ///< at once
  /// The answer is not wanted, or over: the connection can be used again when little is left.
  void leave() noexcept;
  void pause() noexcept;
  void resume();
  bool send_body(std::string_view piece, bool last);  ///< \return false: hold back

  [[nodiscard]] bool active() const noexcept { return active_; }
  [[nodiscard]] const routing::Attempt& attempt() const noexcept { return attempt_; }
  [[nodiscard]] std::string_view upstream_model() const noexcept { return attempt_.model; }
  [[nodiscard]] const provider::Provider& provider() const;
  [[nodiscard]] TimePoint started_at() const noexcept { return started_at_; }
  /// The last characters of the key of ours that was sent; "" when none was.
  [[nodiscard]] std::string key_hint() const;
  /// Notes what this attempt reached when.
  void note_times(Timeline& times) const noexcept;
  /// The request's bytes are all on their way, so that its memory may go.
  [[nodiscard]] bool sent() const noexcept { return call_.sent(); }
  /// Since the attempt began: what of it was ours.
  [[nodiscard]] Duration overhead() const noexcept { return overhead_; }

  // The answer.
  enum class Framing : std::uint8_t { length, open, none };
  [[nodiscard]] int status() const noexcept { return status_; }
  [[nodiscard]] bool succeeded() const noexcept { return status_ >= 200 && status_ < 300; }
  [[nodiscard]] const std::string& reason() const noexcept { return reason_; }
  /// The lines of its head but those of the framing; Content-Length where it is known.
  [[nodiscard]] const Buffer& fields() const noexcept { return fields_; }
  [[nodiscard]] Framing framing() const noexcept { return framing_; }
  /// The upstream's own x-request-id stands in fields().
  [[nodiscard]] bool has_request_id() const noexcept { return has_request_id_; }
  /// A stream whose dialect we know.
  [[nodiscard]] bool is_events() const noexcept { return events_; }
  /// What of the request the provider's dialect could not say: "seed,user"; "" = nothing.
  [[nodiscard]] const std::string& dropped() const noexcept { return dropped_; }
  /// What may go out now; then taken().
  [[nodiscard]] std::span<const std::string_view> take() noexcept;
  [[nodiscard]] std::size_t bytes() const noexcept;
  void taken();
  [[nodiscard]] bool ended() const noexcept { return ended_; }
  /// Whether an error event of ours can follow what was taken.
  [[nodiscard]] bool between_events() const noexcept;
  [[nodiscard]] bool error_told() const noexcept;
  /// An answer of the upstream's own words to refuse with, when it told an error inside a 200:
  /// JSON, or "".
  [[nodiscard]] const std::string& error_body() const noexcept { return error_body_; }

  /// What the answer cost, as far as the provider said it.
  [[nodiscard]] std::optional<dialect::Usage> usage() const;
  /// Tokens that count against limits: none when nothing came of it; nullopt = not known.
  [[nodiscard]] std::optional<std::uint64_t> tokens_used() const;
  /// Ends what it takes of the limits of the provider.
  void settle() { quota_.settle(tokens_used()); }
  /// A verdict on the limits of the provider is waited for: no body can be sent yet.
  [[nodiscard]] bool waits() const noexcept { return waits_; }

  /// Gives back the memory of the request, once it cannot be needed any more.
  void release_request();
  void release();

 private:
  enum class Mode : std::uint8_t {
    bytes,              ///< passed on as they come
    events,             ///< passed on event by event, as the dialect's contract says
    refusal,            ///< an error, read whole, to be told in another way
    translated,         ///< read whole, translated
    translated_events,  ///< translated event by event
  };

  void on_head(const http::ResponseHead& head) override;
  void on_body(std::span<const std::string_view> pieces) override;
  void on_end() override;
  void on_failure(Error error) override;
  void on_flush() override;
  void on_request_drained() override { owner_.on_request_drained(); }

  // lane.cpp: the request.
  [[nodiscard]] Result<void> launch();
  void on_judged();
  [[nodiscard]] Result<void> start_call();
  [[nodiscard]] Result<void> start_local();
  void begin();
  [[nodiscard]] Result<std::span<const std::string_view>> write_request();
  [[nodiscard]] Result<provider::MockAnswer> local_answer();

  // lane_answer.cpp: the answer, as far as its bytes are passed on.
  void choose_mode(const http::ResponseHead& head);
  void write_fields(const http::ResponseHead& head);
  [[nodiscard]] bool rewrites() const noexcept;
  void start_usage_tail(const http::Framing& framing);
  void read_usage();
  void take_body(std::span<const std::string_view> pieces);
  void feed_events(std::span<const std::string_view> pieces);
  void end_events();
  void lose(const routing::Failure& failure, std::string message);
  void lose_stream();
  void become_ready();
  void on_held_too_long();

  // lane_translation.cpp: the answer, where it is told in other words.
  void begin_translation();
  void feed_translation(std::span<const std::string_view> pieces);
  void collect(std::span<const std::string_view> pieces);
  void end_translation();
  void end_embeddings();
  void tell_refusal();
  void tell(const Buffer& body);
  void lose_translation();

  Worker& worker_;
  net::Loop& loop_;
  Owner& owner_;
  ClientRequest* request_ = nullptr;
  std::shared_ptr<const WorkerSnapshot> snapshot_;
  bool active_ = false;
  Way way_ = Way::none;
  Terms terms_;
  routing::Attempt attempt_;
  UpstreamRequest upstream_request_;
  upstream::Call call_;
  std::unique_ptr<LocalCall> local_;  ///< made when an answer needs no network
  bool local_now_ = false;            ///< this attempt is one of those
  AttemptQuota quota_;
  bool waits_ = false;
  TimePoint started_at_;
  TimePoint answered_at_;  ///< the answer's head was there
  Duration overhead_{0};

  Mode mode_ = Mode::bytes;
  int status_ = 0;
  bool ready_ = false;
  bool ended_ = false;
  bool has_request_id_ = false;
  bool has_retry_after_ = false;  ///< the answer's head
  bool events_ = false;
  Framing framing_ = Framing::none;
  std::string reason_;
  std::string dropped_;
  std::string error_body_;
  Buffer fields_;
  Buffer collected_;  ///< what must be read whole before it can be told
  Buffer told_;       ///< what it is told as
  net::Timer hold_timer_;
  SseRelay sse_;
  std::unique_ptr<provider::AnswerFilter> filter_;  ///< where a provider wraps its events
  Buffer unwrapped_;                                ///< what came out of it
  ObjectEnd object_end_;
  UsageTail usage_tail_;
  std::optional<dialect::Usage>
      usage_;  ///< of an answer that was passed on as bytes, or of embeddings
  std::unique_ptr<TranslatedAnswer> translation_;  ///< made when a provider speaks another dialect
  std::array<std::string_view, SseRelay::kMostOut> out_;
  std::size_t out_count_ = 0;
  std::size_t out_bytes_ = 0;
};

}  // namespace butter::gateway
