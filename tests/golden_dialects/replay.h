#pragma once

#include <string>

#include "golden_dialects/golden_file.h"

namespace butter::golden {

/// The file as the codecs make it: the given sections as they are, the made ones anew. What does
/// not hold (a title that is not known, a stream whose result depends on where it was cut, a stream
/// that says something else than the whole answer) is a failure of the running test.
[[nodiscard]] GoldenFile replay(const GoldenFile& file);

}  // namespace butter::golden
