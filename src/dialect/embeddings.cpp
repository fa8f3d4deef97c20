#include "dialect/embeddings.h"

#include <bit>
#include <charconv>
#include <string>

#include "base/strings.h"
#include "crypto/base64.h"
#include "dialect/count.h"
#include "json/cursor.h"
#include "json/writer.h"

namespace butter::dialect {

namespace {

/// Keeps the first complaint.
class RequestReader {
 public:
  explicit RequestReader(std::string_view body) : at_(body) {}

  Result<EmbeddingsRequest> read() {
    if (at_.peek() != '{') { return fail(Errc::bad_request, "the body must be an object"); }
    at_.object([this](json::Key key) { field(key); });
    if (!at_.ok()) { complain("the body is not valid JSON"); }
    if (request_.inputs.empty()) { complain("input: at least one text is needed"); }
    if (!complaint_.empty()) { return fail(Errc::bad_request, std::move(complaint_)); }
    return std::move(request_);
  }

 private:
  void field(std::string_view key) {
    if (key == "model") {
      request_.model.escaped = at_.string();
    } else if (key == "input") {
      input();
    } else if (key == "dimensions") {
      dimensions();
    } else if (key == "encoding_format") {
      encoding();
    } else if (!at_.skip_empty()) {
      request_.dropped.push_back(key);
    }
  }

  void input() {
    if (at_.peek() == '"') {
      request_.inputs.push_back({at_.string()});
      return;
    }
    if (at_.peek() != '[') { complain("input: must be a string or a list of strings"); }
    at_.array([this] {
      if (at_.peek() != '"') {
        complain("input[" + std::to_string(request_.inputs.size()) +
                 "]: must be a string; lists of tokens are understood by OpenAI's models only");
      }
      request_.inputs.push_back({at_.string()});
    });
  }

  void dimensions() {
    if (at_.peek() == 'n') { return at_.skip_value(); }
    request_.dimensions = read_count(at_);
    if (request_.dimensions.value_or(0) == 0) {
      complain("dimensions: must be a whole number of at least 1");
    }
  }

  void encoding() {
    if (at_.peek() == 'n') { return at_.skip_value(); }
    const std::string_view name = at_.string();
    if (name == "base64") { request_.encoding = EmbeddingsRequest::Encoding::base64; }
    if (name != "base64" && name != "float") {
      complain("encoding_format: must be \"float\" or \"base64\", not " + quoted(name));
    }
  }

  void complain(std::string what) {
    if (complaint_.empty()) { complaint_ = std::move(what); }
  }

  json::Cursor at_;
  EmbeddingsRequest request_;
  std::string complaint_;
};

/// 32-bit floats, little-endian; "" when something is no number.
std::string as_bytes(Raw vector) {
  std::string bytes;
  bool numbers = true;
  json::Cursor at(vector.json);
  at.array([&] {
    const std::string_view text = at.value();
    float value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    // Too small or too large for 32 bits is as near as they come.
    numbers = numbers && error != std::errc::invalid_argument && end == text.data() + text.size();
    const auto bits = std::bit_cast<std::uint32_t>(value);
    for (unsigned shift = 0; shift < 32; shift += 8) {
      bytes += static_cast<char>(bits >> shift & 0xff);
    }
  });
  return numbers && at.ok() ? bytes : std::string{};
}

}  // namespace

Result<EmbeddingsRequest> read_embeddings_request(std::string_view body) {
  return RequestReader(body).read();
}

Result<void> write_embeddings_answer(const EmbeddingsAnswer& answer,
                                     const EmbeddingsRequest& request, std::string_view model,
                                     Buffer& out) {
  json::Writer json(out);
  json.begin_object().key("object").string("list").key("data").begin_array();
  std::int64_t index = 0;
  for (const Raw vector : answer.vectors) {
    json.begin_object().key("object").string("embedding");
    json.key("index").number(index++).key("embedding");
    if (request.encoding == EmbeddingsRequest::Encoding::base64) {
      const std::string bytes = as_bytes(vector);
      if (bytes.empty()) {
        return fail(Errc::upstream_protocol, "the provider's vector is no list of numbers");
      }
      json.escaped(crypto::base64(bytes));
    } else {
      json.raw(vector.json);
    }
    json.end_object();
  }
  const auto tokens = static_cast<std::int64_t>(answer.input_tokens);
  json.end_array().key("model").string(model).key("usage").begin_object();
  json.key("prompt_tokens").number(tokens).key("total_tokens").number(tokens);
  json.end_object().end_object();
  return {};
}

}  // namespace butter::dialect
