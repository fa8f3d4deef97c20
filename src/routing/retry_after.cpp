#include "routing/retry_after.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "base/strings.h"

namespace butter::routing {

namespace {

namespace chrono = std::chrono;

constexpr double kMostSeconds = 365.0 * 24 * 3600;

std::optional<Duration> number(std::string_view text, double unit_in_seconds) {
  text = trim(text);
  // from_chars would read "inf" and "nan" too, and a sign.
  if (text.empty() || text.front() < '0' || text.front() > '9') { return std::nullopt; }
  double value = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value, std::chars_format::fixed);
  if (end != last || error == std::errc::invalid_argument) { return std::nullopt; }
  const bool too_large = error == std::errc::result_out_of_range;
  const double seconds = too_large ? kMostSeconds : std::min(value * unit_in_seconds, kMostSeconds);
  return chrono::duration_cast<Duration>(chrono::duration<double>(seconds));
}

/// Reads the parts of a date one after the other; after the first that does not fit, all fail.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  void literal(std::string_view expected) {
    ok_ = ok_ && rest_.starts_with(expected);
    if (ok_) { rest_.remove_prefix(expected.size()); }
  }

  int digits(std::size_t count) {
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const bool digit = ok_ && i < rest_.size() && rest_[i] >= '0' && rest_[i] <= '9';
      if (!digit) { return fail(); }
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }

  /// Two columns, the first of which may be blank.
  int padded() {
    if (!rest_.starts_with(' ')) { return digits(2); }
    literal(" ");
    return digits(1);
  }

  /// 1 for the first of `names`, each of three letters.
  int name(std::string_view names) {
    const std::string_view word = rest_.substr(0, 3);
    for (std::size_t at = 0; ok_ && word.size() == 3 && at < names.size(); at += 3) {
      if (names.substr(at, 3) != word) { continue; }
      rest_.remove_prefix(3);
      return static_cast<int>(at / 3) + 1;
    }
    return fail();
  }

  void skip_letters() {
    while (!rest_.empty() && to_lower(rest_.front()) >= 'a' && to_lower(rest_.front()) <= 'z') {
      rest_.remove_prefix(1);
    }
  }

  [[nodiscard]] bool next_is(char c) const { return rest_.starts_with(c); }
  [[nodiscard]] bool complete() const { return ok_ && rest_.empty(); }

 private:
  int fail() {
    ok_ = false;
    return 0;
  }

  std::string_view rest_;
  bool ok_ = true;
};

constexpr std::string_view kDays = "MonTueWedThuFriSatSun";
constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";

struct Parts {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
};

void time_of_day(Reader& in, Parts& out) {
  out.hour = in.digits(2);
  in.literal(":");
  out.minute = in.digits(2);
  in.literal(":");
  out.second = in.digits(2);
}

/// "Sun Nov  6 08:49:37 1994", after the day's name.
void asctime_date(Reader& in, Parts& out) {
  in.literal(" ");
  out.month = in.name(kMonths);
  in.literal(" ");
  out.day = in.padded();
  in.literal(" ");
  time_of_day(in, out);
  in.literal(" ");
  out.year = in.digits(4);
}

/// "Sun, 06 Nov 1994 08:49:37 GMT" and "Sunday, 06-Nov-94 08:49:37 GMT", after the comma.
void comma_date(Reader& in, Parts& out, int year_now) {
  in.literal(", ");
  out.day = in.digits(2);
  const bool two_digit_year = in.next_is('-');
  const std::string_view separator = two_digit_year ? "-" : " ";
  in.literal(separator);
  out.month = in.name(kMonths);
  in.literal(separator);
  out.year = in.digits(two_digit_year ? 2 : 4);
  if (two_digit_year) {
    out.year += year_now / 100 * 100;
    // RFC 9110, section 5.6.7: more than 50 years ahead means the past century.
    if (out.year > year_now + 50) { out.year -= 100; }
  }
  in.literal(" ");
  time_of_day(in, out);
  in.literal(" GMT");
}

std::optional<chrono::sys_seconds> http_date(std::string_view text, WallTime now) {
  const chrono::year_month_day today(chrono::floor<chrono::days>(now));
  Reader in(text);
  Parts parts;
  (void)in.name(kDays);
  in.skip_letters();
  if (in.next_is(',')) {
    comma_date(in, parts, static_cast<int>(today.year()));
  } else {
    asctime_date(in, parts);
  }
  const chrono::year_month_day date(chrono::year(parts.year),
                                    chrono::month(static_cast<unsigned>(parts.month)),
                                    chrono::day(static_cast<unsigned>(parts.day)));
  const bool valid = in.complete() && date.ok() && parts.hour < 24 && parts.minute < 60 &&
                     parts.second <= 60;  // 60: a leap second
  if (!valid) { return std::nullopt; }
  return chrono::sys_days(date) + chrono::hours(parts.hour) + chrono::minutes(parts.minute) +
         chrono::seconds(parts.second);
}

}  // namespace

std::optional<Duration> parse_retry_after(std::string_view seconds_or_date, WallTime now) {
  if (const auto wait = number(seconds_or_date, 1)) { return wait; }
  const auto date = http_date(trim(seconds_or_date), now);
  if (!date) { return std::nullopt; }
  // Not subtracted as they are: a year like 9999 is beyond what nanoseconds can hold.
  const double seconds = chrono::duration<double>(date->time_since_epoch()).count() -
                         chrono::duration<double>(now.time_since_epoch()).count();
  return chrono::duration_cast<Duration>(
      chrono::duration<double>(std::clamp(seconds, 0.0, kMostSeconds)));
}

std::optional<Duration> parse_retry_after_ms(std::string_view milliseconds) {
  return number(milliseconds, 1e-3);
}

}  // namespace butter::routing
