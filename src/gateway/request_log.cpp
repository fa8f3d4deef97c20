#include "gateway/request_log.h"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace butter::gateway {

namespace {

std::int64_t in_us(Duration d) {
  return std::chrono::duration_cast<std::chrono::microseconds>(d).count();
}

void add_given(log::LineWriter& line, std::string_view name, std::string_view text) {
  if (!text.empty()) { line.add(name, text); }
}

void add_body(log::LineWriter& line, std::string_view name, std::string_view mark,
              const LoggedBody& body) {
  add_given(line, name, body.text);
  if (body.truncated) { line.add(mark, true); }
}

void add_fields(log::LineWriter& line, const RequestRecord& record) {
  line.add("provider", record.provider);
  line.add("model", record.model);
  line.add("status", std::int64_t{record.status});
  line.add("duration_ms", in_us(record.duration) / 1000);
  line.add("method", record.method);
  line.add("path", record.path);
  line.add("streaming", record.streaming);
  add_given(line, "error", record.error);
  line.add("request_id", record.request_id);
  line.add("upstream_model", record.upstream_model);
  line.add("attempts", std::uint64_t{record.attempts});
  add_given(line, "key_hint", record.key_hint);
  add_given(line, "app_key", record.app_key);
  line.add("duration_us", in_us(record.duration));
  line.add("first_byte_us", in_us(record.first_byte));
  line.add("overhead_us", in_us(record.overhead));
  for (std::size_t i = 0; i < record.phases.size(); ++i) {
    line.add(kPhaseNames[i], in_us(record.phases[i]));
  }
  if (record.plugins > Duration::zero()) { line.add("plugins_us", in_us(record.plugins)); }
  line.add("bytes_in", record.bytes_in);
  line.add("bytes_out", record.bytes_out);
  if (record.usage) {
    line.add("input_tokens", record.usage->input);
    line.add("output_tokens", record.usage->output);
    line.add("cached_tokens", record.usage->cached);
  }
  add_body(line, "request_body", "request_body_truncated", record.request_body);
  add_body(line, "response_body", "response_body_truncated", record.response_body);
}

}  // namespace

void write_request_line(const RequestRecord& record, const config::RequestLog& settings,
                        log::Logger& logger) {
  logger.write(settings.level, "request trace",
               [&record](log::LineWriter& line) { add_fields(line, record); });
}

}  // namespace butter::gateway
