#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "provider/operation.h"

namespace butter::gateway {

/// What a request's method and path ask for.
struct Path {
  enum class Kind : std::uint8_t {
    relay,   ///< below /v1: `operation` and `rest` say what
    native,  ///< /native/{provider}/{rest}
    models,  ///< the list
    model,   ///< one of it: `rest` is the id
    health,
    ready,
    metrics,
    not_found,
    method_not_allowed,  ///< `allow` says what is
    redirect,            ///< 307 to `location`
  };
  Kind kind = Kind::not_found;
  provider::Operation operation = provider::Operation::other;
  std::string_view rest;  ///< relay: below /v1, with its slash; native: after the provider's name,
                          ///< with its slash
  std::string_view provider;  ///< native
  std::string_view allow;
  std::string location;
};

/// \param path  without query, raw. Views point into it.
[[nodiscard]] Path classify(std::string_view method, std::string_view path);

}  // namespace butter::gateway
