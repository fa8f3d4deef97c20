#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace butter::provider::mock {

/// What the built-in provider reads of a request. A body that is no JSON gives the defaults.
struct Request {
  std::string path;  ///< below /v1
  std::string model;
  std::string id;     ///< differs from request to request; goes behind "chatcmpl-"
  long long now = 0;  ///< seconds since the epoch

  std::string text;                 ///< what the user said last, as text
  std::vector<std::string> inputs;  ///< of embeddings and moderations: one each, as text
  std::size_t prompt_bytes =
      0;  ///< size of the whole body: what the prompt's tokens are guessed from
  bool include_usage = false;    ///< stream_options.include_usage
  bool base64 = false;           ///< encoding_format is base64
  bool as_url = false;           ///< response_format is "url" (images)
  std::size_t dimensions = 0;    ///< 0 = not given
  std::size_t n = 1;             ///< choices or images; 1 to 16
  std::string forced_tool;       ///< name of the tool that must be called; "" = none
  std::string forced_arguments;  ///< a JSON object that fits the tool's schema
  std::string wanted_json;       ///< a JSON text that fits the format asked for; "" = plain text
};

[[nodiscard]] Request read_request(std::string_view path, std::string_view body,
                                   std::string_view model, long long now);

}  // namespace butter::provider::mock
