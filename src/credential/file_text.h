#pragma once

#include <string>

#include "base/result.h"

namespace butter::credential {

/// What a small file holds; at most 1 MiB of it.
/// \errors unavailable: it cannot be read, with its name and the kernel's words
[[nodiscard]] Result<std::string> file_text(const std::string& path);

}  // namespace butter::credential
