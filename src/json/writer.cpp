#include "json/writer.h"

#include "json/text.h"

namespace butter::json {

Writer& Writer::string(std::string_view text) {
  raw("");
  append_string(out_, text);
  return *this;
}

Writer& Writer::number(std::int64_t value) {
  raw(value < 0 ? "-" : "");
  const auto bits = static_cast<std::uint64_t>(value);
  out_.append_number(value < 0 ? 0 - bits : bits);
  return *this;
}

}  // namespace butter::json
