#pragma once

#include <array>
#include <cstdint>
#include <forward_list>
#include <memory>
#include <string>
#include <string_view>

#include "base/buffer.h"
#include "base/result.h"
#include "gateway/admission.h"
#include "gateway/body_log.h"
#include "gateway/client_request.h"
#include "gateway/error_body.h"
#include "gateway/hooked_answer.h"
#include "gateway/lane.h"
#include "gateway/path.h"
#include "gateway/snapshot.h"
#include "http/head_writer.h"
#include "net/timer.h"
#include "plugin/request_hooks.h"
#include "routing/plan.h"
#include "server/connection.h"
#include "server/exchange.h"

namespace butter::gateway {

class Worker;
struct WorkerSnapshot;

/// One relayed request, from its head to the last byte of its answer.
///
///   reading ──body read, or enough of it──▶ attempting ──a lane is ready──▶ relaying ──▶ over
///      │                          ▲           ▲   │ failed                    │ failed
///      │                     hooking          └───┴── waiting                 ▼
///      └──refused──▶ over  (where there are plugins)  (back-off)            broken ──▶ over
///
/// From `reading` it may wait in `admitting` for the verdict on the caller's limits: before the
/// body is read, and once more when it is, since only then there is an estimate of its tokens.
///
/// The attempts are lanes; usually there is one. `relaying` begins when a lane has something that
/// the client may see; as long as none of it has gone out, a failure still leads to another
/// attempt. After that it ends the answer uncleanly. However it ends, one record is written.
/// Objects are used again by the next request of the worker, with their memory. Thread:
/// worker-local.
class Exchange final : public server::Exchange,
                       private Lane::Owner,
                       private plugin::RequestHooks::Owner {
 public:
  Exchange(Worker& worker, net::Loop& loop);

  /// Takes a request up. \return false: it was refused, and is answered; else nothing is answered
  /// from inside
  [[nodiscard]] bool begin(server::Connection& connection, const http::RequestHead& head,
                           const Path& path);

  void on_body(std::string_view piece) override;
  void on_body_end() override;
  std::span<char> body_room() override;
  void on_body_in_place(std::size_t bytes) override;
  void on_drained() override;
  void on_input_flush() override;
  void on_stop() override;
  void on_gone() override;
  void on_bad_body(int status, std::string_view why) override;

  Exchange* next_free = nullptr;  ///< in the worker's list

 private:
  enum class State : std::uint8_t {
    free,
    reading,
    admitting,
    hooking,
    attempting,
    waiting,
    relaying
  };
  enum class Framing : std::uint8_t { length, chunked, until_close, none };

  // exchange.cpp: the client's side.
  void ask_for_body();
  [[nodiscard]] bool refuse_too_large();
  void take_up();
  void go_on();
  void grow_body(std::string_view piece);
  void refuse(Errc code, std::string_view message, Duration retry_after = Duration::zero());
  void refuse_with(const ErrorAnswer& answer, std::string_view body);
  void finish();
  void break_off(Errc code, std::string message);
  void over();

  // record.cpp: what is told of it when it is over.
  void start_body_logs(std::string_view content_type);
  void log_request_body(std::string_view piece);
  void log_answer_body(std::string_view piece);
  void write_record();

  // limits.cpp: whether it may go on.
  [[nodiscard]] bool enter(const http::RequestHead& head);
  void on_entered();
  void charge();
  void on_charged();
  void refuse_limited();
  void settle();

  // request_stages.cpp, answer_stages.cpp: what plugins do with it.
  void begin_hooks(const http::RequestHead& head);
  void end_hooks();
  void run_stage(plugin::Hook stage);
  [[nodiscard]] plugin::Subject subject(plugin::Hook stage) const;
  void on_hooks_done(plugin::Outcome outcome) override;
  void after_stage(plugin::Outcome outcome);
  void after_request_stage();
  void answer_shortly();
  void begin_answer_hooks(const Lane& lane);
  void take_in(Lane& lane);
  bool pump();
  [[nodiscard]] bool take_event(plugin::Outcome outcome);
  void after_answer_stage();
  void send_hooked(bool last);
  void write_hooked_fields(const Lane& lane, Buffer& out);

  // attempt.cpp: where the request goes.
  void route();
  [[nodiscard]] Result<routing::Candidates> candidates();
  [[nodiscard]] Result<void> keep_speakers(routing::Candidates& candidates);
  void start_attempt(Lane& lane, const routing::Attempt& attempt);
  void on_not_started(Lane& lane, const Error& error);
  [[nodiscard]] Lane::Terms terms_for(const config::Provider& provider) const;
  void try_next(const routing::Next& next);
  void on_backoff_over();
  void start_next();
  /// Tells the plan and the log of a failed attempt.
  [[nodiscard]] routing::Next next_after(Lane& lane, const routing::Failure& failure,
                                         std::string_view message);
  void pass_over(Lane& lane, const routing::Failure& failure);
  [[nodiscard]] bool others_run(const Lane& lane) const;
  [[nodiscard]] Lane& idle_lane();
  void arm_hedge();
  void on_hedge_due();
  [[nodiscard]] const config::Patience& patience() const { return *candidates_.patience; }
  bool on_refused(Lane& lane, const routing::Failure& failure) override;
  void on_not_begun(Lane& lane, const Error& error) override;
  void on_accepted(Lane& lane) override;
  void on_lost(Lane& lane, const routing::Failure& failure, std::string message) override;

  // output.cpp: what the client gets.
  void on_ready(Lane& lane) override;
  void on_refusal_read(Lane& lane, std::string message) override;
  void on_output(Lane& lane) override;
  void on_request_drained() override;
  void send(Lane& lane);
  void write_head(const Lane& lane);
  void write_early_head();
  void write_common_fields(Buffer& out);
  void choose_framing(bool length_known);
  void note_success(const Lane& lane);
  void queue_pieces(std::span<const std::string_view> pieces, std::size_t bytes, bool last);
  void on_pulse();
  void release_request();

  Worker& worker_;
  net::Loop& loop_;
  server::Connection* connection_ = nullptr;
  std::shared_ptr<const WorkerSnapshot> snapshot_;
  State state_ = State::free;
  ClientRequest request_;
  Admission admission_;

  // The attempts.
  routing::Candidates candidates_;
  std::forward_list<std::string> renamed_;  ///< providers' own names for the model
  routing::Plan plan_;
  routing::Attempt next_;         ///< begins when the back-off is over
  std::string_view next_reason_;  ///< of that attempt: "retry", "key", "failover"
  Lane first_;
  std::unique_ptr<Lane> second_;  ///< made when a request is hedged
  Lane* last_ = nullptr;          ///< the lane that was started last, or won
  Lane* winner_ = nullptr;        ///< nullptr until one is ready
  std::uint32_t attempts_ = 0;
  Duration soonest_{0};  ///< until a provider that is at its limit can be asked again; 0 = none is
  net::Timer backoff_;
  net::Timer hedge_;

  // The plugins.
  std::unique_ptr<plugin::RequestHooks> hooks_;  ///< made when the first plugin is there
  bool hooked_ = false;                          ///< there are plugins
  plugin::Hook stage_ = plugin::Hook::pre_http;
  Result<void> readable_;         ///< whether the body makes sense, before the plugins saw it
  HookedAnswer hooked_answer_;    ///< used when plugins want the answer
  bool observes_answer_ = false;  ///< `post_http` comes when the answer is over
  std::optional<Error> lost_;     ///< why no more events come, when those that wait have gone out

  // The answer.
  Buffer answer_head_;
  bool head_out_ = false;     ///< possibly only ours, with comments behind it
  bool content_out_ = false;  ///< bytes of the winner's answer: no way back
  bool stream_open_ = false;  ///< counted as an open stream
  Framing framing_ = Framing::none;
  int status_ = 0;
  std::array<char, http::kMostChunkHead> chunk_head_;
  net::Timer pulse_;  ///< for keep-alive comments
  TimePoint last_out_;

  // The record.
  TimePoint began_at_;
  TimePoint received_at_;       ///< the last byte that the request needed; later, the attempt's due
  TimePoint read_at_;           ///< that last byte, once an attempt began
  TimePoint first_attempt_at_;  ///< when there was a second one
  std::uint64_t bytes_out_ = 0;
  Duration overhead_{0};
  Duration first_byte_{0};
  std::string error_;
  bool client_left_ = false;
  struct BodyLogs {
    BodyLog request, answer;
  };
  bool body_logs_wanted_ = false;
  std::unique_ptr<BodyLogs> body_logs_;  ///< made when they are first wanted
};

}  // namespace butter::gateway
