#pragma once

#include <string_view>

#include "base/buffer.h"
#include "base/secret.h"

namespace butter::provider {

/// Appends one header line that ends with the key; nothing when the key is empty.
/// \param line_begin  name, colon and what stands before the key: "x-api-key: "
inline void write_credential(Buffer& out, std::string_view line_begin, const Secret& key) {
  if (key.empty()) { return; }
  out.append(line_begin);
  out.append(key.reveal());
  out.append("\r\n");
}

}  // namespace butter::provider
