#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/result.h"

namespace butter::json {

/// Where one member of the top-level object stands in the body's bytes.
struct Member {
  std::size_t key_begin = 0;    ///< the key's opening quote
  std::size_t value_begin = 0;  ///< first byte of the value
  std::size_t value_end = 0;    ///< one past its last byte, white space excluded
  std::uint32_t count = 0;  ///< how often the key stands there, 0 = absent; the last one's offsets

  [[nodiscard]] explicit operator bool() const noexcept { return count > 0; }
};

/// What the gateway reads of a request body, found by one forward scan. Nothing is copied but
/// `model` and `provider` when they hold escapes.
///
/// Keys match after their escapes are decoded. One that matches only without regard to ASCII case
/// counts when the exact one is absent (as in the Go program). Values that are skipped are not
/// looked into: a misspelt literal or mismatched brackets in there are the upstream's to refuse.
struct RequestScan {
  Member model;
  Member provider;
  Member stream;
  Member stream_options;
  std::size_t object_end = 0;       ///< offset of the closing brace; 0 when the body is `null`
  bool empty_object = false;        ///< no member at all
  std::string_view model_name;      ///< decoded; "" when absent, null or empty
  std::string_view provider_name;   ///< decoded; "" unless `provider` is a string
  bool provider_is_object = false;  ///< OpenRouter's routing object: relayed
  bool stream_on = false;           ///< `"stream": true`
  bool include_usage = false;       ///< `stream_options.include_usage` is true
};

/// Scans request bodies. Keeps its scratch memory between calls, and gives it back when a body made
/// it grow past 4 MiB. Thread: worker-local.
class RequestScanner {
 public:
  RequestScanner();
  ~RequestScanner();

  /// The views in the result point into `body` or into this scanner, until the next call. A body of
  /// `null` counts as {}.
  ///
  /// \param body  the whole body; nothing behind it is read
  /// \errors bad_request with a message that begins "invalid request body: ", and
  ///         - "unexpected end of JSON input" when it is empty or cut off
  ///         - "unexpected byte "x" at offset 7", "invalid UTF-8 at offset 7" and the like
  ///         - "json: cannot unmarshal number into field model of type string" for wrong types of
  ///           model, stream and provider; null counts as absent
  ///         - "field model is longer than 4096 bytes" (or provider)
  ///         - "duplicate field model" (or stream, provider), in whatever case: which one counts is
  ///           the upstream's choice, so that routing by either would be a guess
  ///         overloaded: no memory
  [[nodiscard]] Result<RequestScan> scan(std::string_view body);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace butter::json
