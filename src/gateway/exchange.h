#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/buffer.h"
#include "base/result.h"
#include "gateway/error_body.h"
#include "gateway/local_call.h"
#include "gateway/path.h"
#include "gateway/snapshot.h"
#include "gateway/sse_relay.h"
#include "http/multipart.h"
#include "json/splice.h"
#include "net/timer.h"
#include "routing/plan.h"
#include "server/connection.h"
#include "server/exchange.h"
#include "upstream/call.h"

namespace butter::gateway {

class Worker;
struct WorkerSnapshot;

/// One relayed request, from its head to the last byte of its answer.
///
///   reading ──body read, or enough of it──▶ attempting ──head──▶ holding ──content──▶ relaying ──▶
///   over
///      │                                      ▲   │ failed          │ failed             │ failed
///      │                                      └───┴── waiting ◀─────┘                    ▼
///      └──refused──▶ over                      (back-off; or over, with an error)      broken ──▶
///      over
///
/// `holding` only for streams; other answers are committed with their first flush. From `relaying`
/// on the client has seen bytes, and a failure ends its answer uncleanly. However it ends, one
/// record is written. Objects are used again by the next request of the worker, with their memory.
/// Thread: worker-local.
class Exchange final : public server::Exchange, private upstream::CallSink {
 public:
  explicit Exchange(Worker& worker);

  /// Takes a request up. Nothing is answered from inside.
  void begin(server::Connection& connection, const http::RequestHead& head, const Path& path);

  void on_body(std::string_view piece) override;
  void on_body_end() override;
  std::span<char> body_room() override;
  void on_body_in_place(std::size_t bytes) override;
  void on_drained() override;
  void on_input_flush() override;
  void on_gone() override;

  Exchange* next_free = nullptr;  ///< in the worker's list

 private:
  enum class State : std::uint8_t { free, reading, attempting, waiting, holding, relaying };
  enum class BodyKind : std::uint8_t {
    none,
    json,       ///< read whole, looked into
    multipart,  ///< looked into until `model` is found, then passed on as it comes
    opaque,     ///< passed on as it comes
  };
  enum class AnswerFraming : std::uint8_t { length, chunked, until_close, none };

  // exchange.cpp: the client's side.
  void take_headers(const http::RequestHead& head, const Path& path);
  void grow_body(std::string_view piece);
  void forward_body(std::string_view piece);
  void refuse(Errc code, std::string_view message);
  void refuse_with(const ErrorAnswer& answer, std::string_view body);
  void finish();
  void break_off(const Error& why);
  void over();
  void write_record();

  // attempt.cpp: where the request goes.
  [[nodiscard]] bool ready_to_route() const;
  void route();
  [[nodiscard]] Result<void> read_json();
  [[nodiscard]] Result<routing::Candidates> candidates();
  [[nodiscard]] Result<void> keep_speakers(routing::Candidates& candidates) const;
  void start_attempt();
  void start_local();
  [[nodiscard]] std::size_t write_request(std::span<std::string_view> pieces);
  void write_request_head(std::uint64_t body_size, bool known_size);
  void write_client_headers(const provider::Provider& provider);
  void splice_body(const routing::Attempt& attempt);
  [[nodiscard]] bool forward_has(std::string_view name) const;
  /// Tells the plan and the log of a failed attempt.
  [[nodiscard]] routing::Next next_after(const routing::Failure& failure, std::string_view message);
  void failed(const routing::Failure& failure, std::string_view message);
  void try_next(const routing::Next& next);
  void on_backoff_over();
  [[nodiscard]] const provider::Provider& current_provider() const;

  // answer.cpp: the upstream's side.
  void on_head(const http::ResponseHead& head) override;
  void on_body(std::span<const std::string_view> pieces) override;
  void on_end() override;
  void on_failure(Error error) override;
  void on_flush() override;
  void on_request_drained() override;
  [[nodiscard]] bool takes_another_way(const http::ResponseHead& head);
  void write_answer_head(const http::ResponseHead& head);
  void write_receipt();
  void commit();
  void queue_answer();
  void feed_events(std::span<const std::string_view> pieces);
  void error_before_content();
  void release_request();

  Worker& worker_;
  server::Connection* connection_ = nullptr;
  std::shared_ptr<const WorkerSnapshot> snapshot_;
  State state_ = State::free;

  // The request.
  std::string method_;
  std::string path_;  ///< as the client wrote it, without query: for the record
  std::string rest_;  ///< what follows the base URL upstream
  std::string query_;
  std::string request_id_;
  bool client_sent_id_ = false;
  bool native_ = false;
  bool is_head_ = false;
  provider::Operation operation_ = provider::Operation::other;
  BodyKind body_kind_ = BodyKind::none;
  std::optional<std::uint64_t> content_length_;
  bool body_ended_ = false;
  bool body_streams_ = false;    ///< the rest of the body is passed on as it comes
  bool chunked_upload_ = false;  ///< upstream, since the length is not known
  std::uint64_t bytes_in_ = 0;
  Buffer forward_;      ///< header lines that go upstream
  Buffer credentials_;  ///< header lines that go upstream in passthrough mode only
  Buffer body_;
  std::optional<http::MultipartScanner> multipart_;
  http::MultipartScanner::State form_ = http::MultipartScanner::State::reading;
  std::string model_;          ///< the caller's
  std::string provider_name_;  ///< of the body's `provider`, or of /native/
  bool stream_wanted_ = false;
  json::RequestScan scan_;
  json::Splice splice_;
  std::string model_json_;  ///< scratch

  // The attempts.
  routing::Plan plan_;
  routing::Attempt attempt_;
  std::string upstream_model_;
  std::uint32_t attempts_ = 0;
  upstream::Call call_;
  std::unique_ptr<LocalCall> local_;  ///< made when the mock provider is asked
  Buffer request_head_;
  net::Timer backoff_;

  // The answer.
  Buffer answer_head_;
  bool head_out_ = false;
  bool events_ = false;  ///< an event stream whose dialect we know
  bool answer_ended_ = false;
  AnswerFraming framing_ = AnswerFraming::none;
  int status_ = 0;
  SseRelay sse_;
  std::array<std::string_view, SseRelay::kMostOut> out_;
  std::size_t out_count_ = 0;
  std::size_t out_bytes_ = 0;
  std::array<char, 20> chunk_head_;

  // The record.
  TimePoint began_at_;
  std::uint64_t over_bytes_ = 0;  ///< that went to the client
  TimePoint received_at_;         ///< the last byte that the request needed
  TimePoint answered_at_;         ///< the upstream's head
  Duration overhead_{0};
  Duration first_byte_{0};
  std::string error_;
  bool client_left_ = false;
};

}  // namespace butter::gateway
