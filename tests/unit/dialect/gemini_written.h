#pragma once

#include <string>

#include "base/buffer.h"
#include "json/writer.h"

namespace butter::dialect::test {

/// What `write` makes of a writer, called inside of an object: its members.
template <class Write>
std::string members(Write&& write) {
  Buffer out;
  json::Writer json(out);
  json.begin_object();
  write(json);
  json.end_object();
  return std::string(out.view());
}

}  // namespace butter::dialect::test
