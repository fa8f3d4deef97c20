#include "gateway/request_log.h"

#include <array>
#include <chrono>
#include <cstddef>

namespace butter::gateway {

namespace {

std::int64_t in_us(Duration d) {
  return std::chrono::duration_cast<std::chrono::microseconds>(d).count();
}

/// The fields of one line, in order.
class Line {
 public:
  template <class T>
  void add(std::string_view name, const T& value) {
    fields_[count_++] = log::field(name, value);
  }
  void add_text(std::string_view name, std::string_view text) {
    if (!text.empty()) { add(name, text); }
  }
  void add_body(std::string_view name, std::string_view mark, const LoggedBody& body) {
    add_text(name, body.text);
    if (body.truncated) { add(mark, true); }
  }
  [[nodiscard]] std::span<const log::Field> fields() const { return {fields_.data(), count_}; }

 private:
  static constexpr std::size_t kMostFields = 40;
  std::array<log::Field, kMostFields> fields_;
  std::size_t count_ = 0;
};

void add_usage(Line& line, const dialect::Usage& usage) {
  line.add("input_tokens", usage.input);
  line.add("output_tokens", usage.output);
  line.add("cached_tokens", usage.cached);
}

}  // namespace

void write_request_line(const RequestRecord& record, const config::RequestLog& settings,
                        log::Logger& logger) {
  const log::Level level = settings.level;
  if (!logger.enabled(level)) { return; }
  Line line;
  line.add("provider", record.provider);
  line.add("model", record.model);
  line.add("status", record.status);
  line.add("duration_ms", in_us(record.duration) / 1000);
  line.add("method", record.method);
  line.add("path", record.path);
  line.add("streaming", record.streaming);
  line.add_text("error", record.error);
  line.add("request_id", record.request_id);
  line.add("upstream_model", record.upstream_model);
  line.add("attempts", record.attempts);
  line.add_text("key_hint", record.key_hint);
  line.add_text("app_key", record.app_key);
  line.add("duration_us", in_us(record.duration));
  line.add("first_byte_us", in_us(record.first_byte));
  line.add("overhead_us", in_us(record.overhead));
  for (std::size_t i = 0; i < record.phases.size(); ++i) {
    line.add(kPhaseNames[i], in_us(record.phases[i]));
  }
  if (record.plugins > Duration::zero()) { line.add("plugins_us", in_us(record.plugins)); }
  line.add("bytes_in", record.bytes_in);
  line.add("bytes_out", record.bytes_out);
  if (record.usage) { add_usage(line, *record.usage); }
  line.add_body("request_body", "request_body_truncated", record.request_body);
  line.add_body("response_body", "response_body_truncated", record.response_body);
  logger.write(level, "request trace", line.fields());
}

}  // namespace butter::gateway
