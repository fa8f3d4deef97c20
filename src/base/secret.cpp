#include "base/secret.h"

namespace butter {

std::string Secret::hint() const {
  constexpr std::size_t kShown = 4;
  constexpr std::size_t kLongEnough = 12;
  return value_.size() < kLongEnough ? "..." : "..." + value_.substr(value_.size() - kShown);
}

}  // namespace butter
