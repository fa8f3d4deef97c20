#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/buffer.h"
#include "base/result.h"

namespace butter::json {

/// Where one member of the top-level object stands in the body's bytes.
struct Member {
  std::size_t key_begin = 0;    ///< the key's opening quote
  std::size_t value_begin = 0;  ///< first byte of the value
  std::size_t value_end = 0;    ///< one past its last byte, white space excluded
  std::uint32_t count = 0;      ///< how often the key stands there; 0 = absent; offsets are the last one's

  [[nodiscard]] explicit operator bool() const noexcept { return count > 0; }
};

/// What the gateway reads of a request body, found by one forward scan. Nothing is copied but
/// `model` and `provider` when they hold escapes.
///
/// Keys match exactly; a key that matches only without regard to case counts when the exact one is
/// absent (as in the Go program). Values that are skipped are not looked into.
struct RequestScan {
  Member model;
  Member provider;
  Member stream;
  Member stream_options;
  std::size_t object_end = 0;        ///< offset of the closing brace
  bool empty_object = false;         ///< no member at all
  std::string_view model_name;       ///< decoded; "" when absent, null or empty
  std::string_view provider_name;    ///< decoded; "" unless `provider` is a string
  bool provider_is_object = false;   ///< OpenRouter's routing object: relayed
  bool stream_on = false;            ///< `"stream": true`
  bool include_usage = false;        ///< `stream_options.include_usage` is true
};

/// Scans request bodies. Keeps its scratch memory between calls, and gives it back when a body made
/// it grow past 4 MiB. Thread: worker-local.
class RequestScanner {
 public:
  RequestScanner();
  ~RequestScanner();

  /// \param body  the whole body; Buffer::kTail readable bytes must follow it. The views in the
  ///              result point into it or into this scanner, until the next call.
  /// \errors bad_request with a message that begins "invalid request body: "; "unexpected end of
  ///         JSON input" for an empty one; "json: cannot unmarshal number into field model of type
  ///         string" for wrong types of model, stream and provider (null counts as absent).
  [[nodiscard]] Result<RequestScan> scan(std::string_view body);

 private:
  struct Impl;
  Impl* impl_;
};

}  // namespace butter::json
