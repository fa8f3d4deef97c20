#include "dialect/one_line.h"

namespace butter::dialect {

void append_one_line(Buffer& out, std::string_view json) {
  constexpr std::string_view kLineEnds = "\r\n";
  constexpr std::string_view kData = "data:";
  while (true) {
    const std::size_t end = json.find_first_of(kLineEnds);
    out.append(json.substr(0, end));
    if (end == std::string_view::npos) { return; }
    json.remove_prefix(end + 1);
    if (json.starts_with(kData)) { json.remove_prefix(kData.size()); }
  }
}

}  // namespace butter::dialect
