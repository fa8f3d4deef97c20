// What a worker answers by itself: health, models, metrics, and requests that go nowhere.

#include "base/strings.h"
#include "gateway/body_log.h"
#include "gateway/error_body.h"
#include "gateway/headers.h"
#include "gateway/worker.h"
#include "http/head_writer.h"
#include "metrics/text.h"

namespace butter::gateway {

namespace {

struct LocalAnswer {
  int status = 200;
  std::string_view content_type = "text/plain; charset=utf-8";
  std::string body;
  std::string more_head;  ///< header lines, CRLF included
};

/// As Go's mux says it, which the users of the Go program know.
LocalAnswer plain(int status, std::string_view body) {
  LocalAnswer answer;
  answer.status = status;
  answer.body = body;
  answer.more_head = "X-Content-Type-Options: nosniff\r\n";
  return answer;
}

LocalAnswer redirect(std::string_view location, std::string_view query) {
  LocalAnswer answer;
  answer.status = 307;
  answer.more_head.append("Location: ").append(location);
  if (!query.empty()) { answer.more_head.append("?").append(query); }
  answer.more_head += "\r\n";
  return answer;
}

LocalAnswer json(int status, std::string body) {
  LocalAnswer answer;
  answer.status = status;
  answer.content_type = "application/json";
  answer.body = std::move(body);
  return answer;
}

LocalAnswer model(const Snapshot& snapshot, const std::string& id) {
  std::string body = snapshot.model_object(id);
  if (!body.empty()) { return json(200, std::move(body)); }
  const ErrorAnswer error = answer_for(Errc::unknown_model);
  LocalAnswer answer = json(
      404, error_body(error, "the model \"" + id + "\" is not configured", ErrorShape::openai));
  answer.more_head = "x-should-retry: false\r\n";
  return answer;
}

LocalAnswer readiness(const Snapshot& snapshot, bool draining) {
  LocalAnswer answer;
  answer.status = draining || !snapshot.usable() ? 503 : 200;
  answer.body = draining ? "draining" : snapshot.usable() ? "ready" : "no usable provider";
  return answer;
}

LocalAnswer answer_for_path(const Snapshot& snapshot, const Path& path, std::string_view query,
                            const Shared& shared) {
  switch (path.kind) {
    case Path::Kind::models: return json(200, snapshot.model_list());
    case Path::Kind::model: return model(snapshot, percent_decoded(path.rest));
    case Path::Kind::health: return {.body = "ok", .more_head = {}};
    case Path::Kind::ready:
      return readiness(snapshot, shared.draining.load(std::memory_order_relaxed));
    case Path::Kind::metrics:
      if (!snapshot.config().metrics.enabled) { break; }
      return {.content_type = metrics::kContentType,
              .body = Telemetry::exposition(shared.telemetries, snapshot),
              .more_head = {}};
    case Path::Kind::method_not_allowed: {
      LocalAnswer answer = plain(405, "Method Not Allowed\n");
      answer.more_head.append("Allow: ").append(path.allow).append("\r\n");
      return answer;
    }
    case Path::Kind::redirect: return redirect(path.location, query);
    case Path::Kind::not_found:
    case Path::Kind::relay:
    case Path::Kind::native: break;
  }
  return plain(404, "404 page not found\n");
}

}  // namespace

void Worker::answer_locally(server::Connection& connection, const http::RequestHead& head,
                            const Path& path) {
  const LocalAnswer answer = answer_for_path(snapshot_->snapshot(), path, head.query, shared_);
  Buffer out;
  http::write_status_line(out, answer.status,
                          http::reason_phrase(static_cast<std::uint16_t>(answer.status)));
  if (answer.status != 307) { http::write_field(out, "Content-Type", answer.content_type); }
  http::write_field(out, "Content-Length", answer.body.size());
  const std::string_view id = head.fields.value("x-request-id");
  if (is_sane_request_id(id)) { http::write_field(out, "x-request-id", id); }
  if (!connection.keep_alive()) {
    http::write_field(out, "Connection", "close");
  } else if (connection.http_1_0()) {
    http::write_field(out, "Connection", "keep-alive");
  }
  out.append(answer.more_head);
  http::end_head(out);
  connection.queue(out.view());
  if (head.method != "HEAD") { connection.queue(answer.body); }
  connection.finish();
}

std::string_view Worker::refusal(int status, std::string_view why) {
  ErrorAnswer answer = answer_for(status == 431   ? Errc::head_too_large
                                  : status == 408 ? Errc::request_timeout
                                  : status == 503 ? Errc::unavailable
                                                  : Errc::bad_request);
  answer.status = status;
  Buffer out;
  const std::string body = error_body(answer, why, ErrorShape::openai);
  write_error_head(out, answer, body.size(), false);
  http::end_head(out);
  out.append(body);
  local_answer_ = out.view();
  return local_answer_;
}

}  // namespace butter::gateway
