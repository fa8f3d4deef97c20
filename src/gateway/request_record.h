#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "dialect/answer.h"
#include "gateway/phases.h"

namespace butter::gateway {

/// A body as the log has it.
struct LoggedBody {
  std::string text;  ///< valid UTF-8; "" = there was none
  bool truncated = false;
};

/// All that is known of a request when it ends, however it ended.
struct RequestRecord {
  std::string_view method;
  std::string_view path;
  std::string_view request_id;
  std::string_view provider;  ///< "" when none was reached
  std::string_view model;     ///< the caller's
  std::string_view upstream_model;
  int status = 0;  ///< what the client got; 499 when it left before an answer
  bool streaming = false;
  bool client_left = false;
  std::string_view error;  ///< "" = none
  std::uint32_t attempts = 0;
  std::string key_hint;  ///< of the provider's key; "" when none of ours was used
  std::string app_key;   ///< a hint of it; "" when the caller sent none
  Duration duration{0};
  Duration first_byte{0};  ///< until the answer's head went out; 0 = never
  Duration overhead{0};    ///< ours of it
  Phases phases{};
  Duration plugins{0};         ///< what they took, before and after the provider
  std::uint64_t bytes_in = 0;  ///< of the body
  std::uint64_t bytes_out = 0;
  std::optional<dialect::Usage> usage{};  ///< as the provider said it
  LoggedBody request_body{};              ///< with log_bodies only
  LoggedBody response_body{};
};

}  // namespace butter::gateway
