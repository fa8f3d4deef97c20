#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace butter::metrics {

/// A label: name and value; the value is escaped when written.
using Label = std::pair<std::string_view, std::string_view>;

/// The content type of the text format.
inline constexpr std::string_view kContentType =
    "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";

/// Merged buckets of one histogram series, ready to be written.
struct HistogramValues {
  std::span<const double> bounds;          ///< seconds
  std::span<const std::uint64_t> buckets;  ///< not cumulative; one more than bounds
  std::uint64_t sum_ns = 0;
};

/// Writes Prometheus' text exposition format, version 0.0.4. A family's HELP and TYPE come once,
/// before its samples: call family(), then its samples. Thread: any one at a time.
class TextWriter {
 public:
  void family(std::string_view name, std::string_view help, std::string_view type);
  void sample(std::string_view name, std::span<const Label> labels, std::uint64_t value);
  void sample(std::string_view name, std::span<const Label> labels, double value);
  void histogram(std::string_view name, std::span<const Label> labels,
                 const HistogramValues& values);

  [[nodiscard]] std::string take() { return std::exchange(out_, {}); }

 private:
  void series(std::string_view name, std::string_view suffix, std::span<const Label> labels,
              std::string_view le);
  std::string out_;
};

}  // namespace butter::metrics
