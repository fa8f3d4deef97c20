#pragma once

#include <simdjson.h>

#include <string>

namespace butter::provider::mock {

/// Appends a small JSON value that fits a JSON schema of the kind that tools and structured outputs
/// use: type, properties, enum, const, anyOf, items of no consequence. `null` for what it does not
/// know or what is nested too deep.
void append_sample(std::string& out, simdjson::dom::element schema, int depth = 0);

}  // namespace butter::provider::mock
