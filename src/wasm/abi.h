#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace butter::wasm {

// What a hook of a plugin is told and what it may answer, as plain values. Plugins built for the Go
// program read and write the same JSON; what is ours beyond it is marked so, and stands behind it.

/// When a plugin is called. The names of the exports are those of the enumerators.
enum class Hook : std::uint8_t { pre_http, pre_llm, stream_chunk, post_llm, post_http, on_trace };

inline constexpr std::array kHooks{Hook::pre_http, Hook::pre_llm,   Hook::stream_chunk,
                                   Hook::post_llm, Hook::post_http, Hook::on_trace};

/// "pre_http": the name of the export, and of the hook in the input and in messages.
[[nodiscard]] const char* to_string(Hook hook) noexcept;

/// Values by key, each a JSON text. Sorted, as Go writes a map.
using Metadata = std::map<std::string, std::string, std::less<>>;

struct Header {
  std::string_view name;
  std::string_view value;
};

/// How a request ended, for `on_trace`. Ours.
struct Trace {
  int status = 0;
  Duration duration{0};
  bool streaming = false;
  std::string_view method;
  std::string_view path;
  std::string_view error;  ///< "" = none
};

/// What a hook is told. Views that must live as long as the call; "" and nullptr = not there.
struct HookInput {
  Hook hook = Hook::pre_http;
  std::string_view provider;
  std::string_view model;
  /// A JSON text: the request's body; of `post_llm` the answer's, of `stream_chunk` the event's
  /// data.
  std::string_view body;
  std::span<const Header> headers;  ///< of the request, as they came
  const Metadata* metadata = nullptr;
  int status = 0;             ///< of the answer, for `post_http`. Ours; 0 = not there
  std::string_view response;  ///< the answer's body as JSON, for `post_http`. Ours
  const Trace* trace = nullptr;
};

/// What may be shown to a plugin.
struct Disclosure {
  bool secrets = false;             ///< credentials and cookies, too
  std::string_view app_key_header;  ///< our own keys' header, a secret as well; "" = the usual one
};

/// Writes inputs as Go's encoding/json would. Keeps its memory from call to call.
/// Thread: any one at a time.
class InputWriter {
 public:
  /// \return the JSON text, until the next call
  /// \errors bad_request when the body, the response or a value of the metadata is not JSON
  [[nodiscard]] Result<std::string_view> write(const HookInput& input,
                                               const Disclosure& disclosure);

 private:
  void write_headers(std::span<const Header> headers, const Disclosure& disclosure);
  [[nodiscard]] bool write_metadata(const Metadata& metadata);
  void write_trace(const Trace& trace);
  void add_key(std::string_view key);
  void add_text(std::string_view key, std::string_view value);
  void add_number(std::string_view key, std::int64_t value);
  [[nodiscard]] bool add_json(std::string_view key, std::string_view value);

  struct NamedHeader {
    std::size_t name_begin;  ///< in names_
    std::size_t name_size;
    std::string_view value;
  };
  std::string out_;
  std::string names_;
  std::vector<NamedHeader> headers_;
};

/// What a hook answered.
struct HookOutput {
  struct Answer {
    int status = 400;  ///< 200 to 599
    std::string body;  ///< a JSON text, sent as it is; may be ""
  };
  std::optional<std::string> body;  ///< a JSON text as the plugin wrote it, instead of the old one
  Metadata metadata;                ///< to be merged key by key
  std::vector<std::pair<std::string, std::string>> headers;  ///< to be set. Ours
  std::optional<Answer> short_circuit;
  Duration took{0};  ///< the call, without writing and reading of JSON

  [[nodiscard]] bool changes_nothing() const noexcept {
    return !body && metadata.empty() && headers.empty() && !short_circuit;
  }
};

/// Reads what a hook wrote; "" = no change. Unknown fields are passed over, null is as if the field
/// were not there, `body` excepted, which becomes null.
/// \errors bad_request that begins "unmarshal response: " when it is not JSON, a field has the
/// wrong
///         type, a status is none, or a header may not be set or would break the message's frame
[[nodiscard]] Result<HookOutput> read_output(std::string_view json);

}  // namespace butter::wasm
