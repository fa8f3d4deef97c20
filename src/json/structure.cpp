#include "json/structure.h"

#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <string>

#include "json/utf8.h"

namespace butter::json {

namespace {

constexpr std::size_t kSmallest = 16u << 10;
constexpr std::size_t kBytesPerOffset = sizeof(std::uint32_t);  // simdjson has room for one a byte

/// Where the first control byte in a string stands.
std::size_t control_byte_in_string(std::string_view text) noexcept {
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      in_string = !in_string;
    } else if (in_string && static_cast<unsigned char>(c) < 0x20) {
      return i;
    } else if (in_string && c == '\\') {
      ++i;
    }
  }
  return text.size();
}

std::unexpected<Error> explain(simdjson::error_code code, std::string_view text) {
  if (code == simdjson::UTF8_ERROR) {
    return fail(Errc::bad_request, "invalid UTF-8 at offset " + std::to_string(utf8_fault(text)));
  }
  if (code == simdjson::UNESCAPED_CHARS) {
    return fail(Errc::bad_request, "unescaped control character in a string at offset " +
                                       std::to_string(control_byte_in_string(text)));
  }
  if (code == simdjson::EMPTY || code == simdjson::UNCLOSED_STRING) {
    return fail(Errc::bad_request, "unexpected end of JSON input");
  }
  if (code == simdjson::MEMALLOC) {
    return fail(Errc::overloaded,
                "no memory for reading JSON of " + std::to_string(text.size()) + " bytes");
  }
  return fail(Errc::internal, simdjson::error_message(code));
}

}  // namespace

struct Structure::Impl {
  std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
  std::size_t capacity = 0;  ///< bytes of text
};

Structure::Structure() : impl_(std::make_unique<Impl>()) {}
Structure::~Structure() = default;

Result<std::span<const std::uint32_t>> Structure::find(std::string_view text) {
  if (text.size() >= std::numeric_limits<std::uint32_t>::max()) {
    return fail(Errc::bad_request, "longer than 4 GiB");
  }
  if (text.size() > impl_->capacity) {
    constexpr std::size_t kDepth = 1;  // matters to simdjson's second stage only
    const std::size_t wanted = std::bit_ceil(std::max(text.size(), kSmallest));
    const simdjson::error_code error =
        simdjson::get_active_implementation()->create_dom_parser_implementation(wanted, kDepth,
                                                                                impl_->parser);
    impl_->capacity = error ? 0 : wanted;
    if (error) { return explain(error, text); }
  }
  if (text.empty()) { return explain(simdjson::EMPTY, text); }
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const simdjson::error_code error =
      impl_->parser->stage1(bytes, text.size(), simdjson::stage1_mode::regular);
  if (error) { return explain(error, text); }
  return std::span(impl_->parser->structural_indexes.get(), impl_->parser->n_structural_indexes);
}

void Structure::release(std::size_t keep) noexcept {
  if (impl_->capacity * kBytesPerOffset > keep) {
    impl_->parser.reset();
    impl_->capacity = 0;
  }
}

}  // namespace butter::json
