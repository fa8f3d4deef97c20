#include "gateway/usage_tail.h"

#include <algorithm>
#include <cstring>

namespace butter::gateway {

namespace {

constexpr std::string_view kKey = R"("usage")";

/// The last n bytes, or all.
std::string_view last(std::string_view text, std::size_t n) {
  return text.substr(text.size() - std::min(n, text.size()));
}

/// What follows the last `"usage":`. Between quotes it is a key or a whole string: a quote inside a
/// string is escaped.
std::string_view after_last_key(std::string_view text) {
  constexpr std::size_t kG = kKey.find('g');  // the rarest of its letters
  for (std::size_t end = text.size(); end > kG;) {
    const void* const found = ::memrchr(text.data(), 'g', end);
    if (found == nullptr) { return {}; }
    const auto at = static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
    if (at >= kG && text.substr(at - kG).starts_with(kKey)) {
      const std::size_t value = text.find_first_not_of(" \t\r\n:", at - kG + kKey.size());
      return value == std::string_view::npos ? std::string_view{} : text.substr(value);
    }
    end = at;
  }
  return {};
}

}  // namespace

void UsageTail::start(std::optional<std::uint64_t> size) noexcept {
  fed_ = 0;
  size_ = size;
  only_ = {};
  kept_.clear();
}

void UsageTail::feed(std::string_view piece) {
  const bool whole = fed_ == 0 && size_ && piece.size() == *size_;
  fed_ += piece.size();
  if (whole) {
    only_ = piece;
  } else if (!size_ || fed_ + kSize > *size_) {
    kept_.append(last(piece, kSize));
    if (kept_.size() > 2 * kSize) { kept_.consume(kept_.size() - kSize); }
  }
}

std::string_view UsageTail::usage() const noexcept {
  return after_last_key(last(only_.empty() ? kept_.view() : only_, kSize));
}

}  // namespace butter::gateway
