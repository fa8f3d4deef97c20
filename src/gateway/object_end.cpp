#include "gateway/object_end.h"

namespace butter::gateway {

void ObjectEnd::feed(std::string_view piece) noexcept {
  const std::size_t at = piece.find_last_not_of(" \t\r\n");
  if (at != std::string_view::npos) { last_ = piece[at]; }
}

}  // namespace butter::gateway
