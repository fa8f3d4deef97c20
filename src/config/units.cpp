#include "config/units.h"

#include <optional>
#include <span>
#include <utility>

#include "base/strings.h"

namespace butter::config {

namespace {

struct Unit {
  std::string_view name;
  std::int64_t factor;
};

constexpr Unit kDurationUnits[] = {
    {"ns", 1},         {"us", 1'000},        {"\u00b5s", 1'000},    {"\u03bcs", 1'000},
    {"ms", 1'000'000}, {"s", 1'000'000'000}, {"m", 60'000'000'000}, {"h", 3'600'000'000'000},
};

constexpr Unit kSizeUnits[] = {
    {"", 1},          {"B", 1},         {"KB", 1'000},    {"MB", 1'000'000}, {"GB", 1'000'000'000},
    {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30},
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// `digits[.digits]` at the front of `rest`, times a factor that is known only later.
struct Amount {
  std::int64_t whole = 0;
  double fraction = 0;

  [[nodiscard]] std::optional<std::int64_t> times(std::int64_t factor) const {
    std::int64_t product = 0;
    const auto part = static_cast<std::int64_t>(fraction * static_cast<double>(factor) + 1e-6);
    if (__builtin_mul_overflow(whole, factor, &product) ||
        __builtin_add_overflow(product, part, &product)) {
      return std::nullopt;
    }
    return product;
  }
};

/// Takes an amount off the front; nullopt when none stands there or it is too large.
std::optional<Amount> take_amount(std::string_view& rest) {
  Amount amount;
  bool any = false;
  for (; !rest.empty() && is_digit(rest.front()); rest.remove_prefix(1), any = true) {
    if (__builtin_mul_overflow(amount.whole, 10, &amount.whole) ||
        __builtin_add_overflow(amount.whole, rest.front() - '0', &amount.whole)) {
      return std::nullopt;
    }
  }
  if (!rest.empty() && rest.front() == '.') {
    rest.remove_prefix(1);
    double place = 0.1;
    for (; !rest.empty() && is_digit(rest.front()); rest.remove_prefix(1), any = true) {
      amount.fraction += place * (rest.front() - '0');
      place /= 10;
    }
  }
  if (!any) { return std::nullopt; }
  return amount;
}

std::optional<std::int64_t> factor_of(std::string_view name, std::span<const Unit> units) {
  for (const Unit& unit : units) {
    if (unit.name == name) { return unit.factor; }
  }
  return std::nullopt;
}

}  // namespace

std::expected<Duration, std::string> parse_duration(std::string_view text) {
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) { rest.remove_prefix(1); }
  if (rest == "0") { return Duration{0}; }
  std::int64_t total = 0;
  do {
    const auto amount = take_amount(rest);
    if (!amount) { return std::unexpected("not a duration such as \"30s\" or \"1m30s\""); }
    std::size_t length = 0;
    while (length < rest.size() && !is_digit(rest[length]) && rest[length] != '.') { ++length; }
    if (length == 0) { return std::unexpected("a duration needs a unit: ns, us, ms, s, m, h"); }
    const auto factor = factor_of(rest.substr(0, length), kDurationUnits);
    if (!factor) { return std::unexpected("not a unit of time: ns, us, ms, s, m, h"); }
    rest.remove_prefix(length);
    const auto part = amount->times(*factor);
    if (!part || __builtin_add_overflow(total, *part, &total)) {
      return std::unexpected("too long a duration");
    }
  } while (!rest.empty());
  return Duration{negative ? -total : total};
}

std::string format_duration(Duration duration) {
  constexpr Unit kUnits[] = {{"h", 3'600'000'000'000}, {"m", 60'000'000'000}, {"s", 1'000'000'000},
                             {"ms", 1'000'000},        {"us", 1'000},         {"ns", 1}};
  std::int64_t rest = duration.count();
  if (rest == 0) { return "0s"; }
  std::string out;
  for (const Unit& unit : kUnits) {
    const std::int64_t count = rest / unit.factor;
    if (count != 0) { out += std::to_string(count) + std::string(unit.name); }
    rest %= unit.factor;
  }
  return out;
}

std::expected<std::uint64_t, std::string> parse_size(std::string_view text) {
  std::string_view rest = text;
  const auto amount = take_amount(rest);
  const auto factor = factor_of(trim(rest), kSizeUnits);
  if (!amount || !factor) {
    return std::unexpected("not a size such as 65536, \"64KiB\" or \"1MB\"");
  }
  const auto bytes = amount->times(*factor);
  if (!bytes) { return std::unexpected("too large a size"); }
  return static_cast<std::uint64_t>(*bytes);
}

std::string format_size(std::uint64_t bytes) {
  constexpr Unit kUnits[] = {{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}};
  for (const Unit& unit : kUnits) {
    const auto factor = static_cast<std::uint64_t>(unit.factor);
    if (bytes != 0 && bytes % factor == 0) {
      return std::to_string(bytes / factor) + std::string(unit.name);
    }
  }
  return std::to_string(bytes);
}

}  // namespace butter::config
