#include "log/time_text.h"

#include <chrono>
#include <ctime>
#include <string_view>

namespace butter::log {

void TimeText::append(Buffer& out, WallTime time) {
  constexpr std::int64_t kPerSecond = 1'000'000'000;
  const std::int64_t since_epoch =
      std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
  const std::int64_t second = since_epoch / kPerSecond;
  if (second != second_) {
    const std::time_t seconds = second;
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::strftime(text_.data(), text_.size(), "%Y-%m-%dT%H:%M:%S", &parts);
    second_ = second;
  }
  std::array<char, 11> fraction;
  fraction.front() = '.';
  fraction.back() = 'Z';
  std::int64_t rest = since_epoch % kPerSecond;
  for (std::size_t i = fraction.size() - 2; i > 0; --i) {
    fraction[i] = static_cast<char>('0' + rest % 10);
    rest /= 10;
  }
  out.append(std::string_view(text_.data(), kDateAndTime));
  out.append(std::string_view(fraction.data(), fraction.size()));
}

}  // namespace butter::log
