#pragma once

#include <expected>
#include <string>
#include <utility>

#include "base/error.h"

namespace butter {

template <class T>
using Result = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> fail(Errc code, std::string detail) {
  return std::unexpected<Error>(Error{code, std::move(detail)});
}

}  // namespace butter
