#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "json/cursor.h"

namespace butter::json {

/// Where a member of an object goes.
template <class Into>
struct Member {
  enum class As : std::uint8_t {
    string,  ///< what stands between its quotes; "" when it is no string
    value,   ///< as it is written
  };
  std::string_view name;
  std::string_view Into::* to;
  As as = As::string;
};

/// Reads the object at `at` and keeps the members that have a place; those that are not there leave
/// theirs as it is.
template <class Into>
void read_members(Cursor& at, std::span<const Member<Into>> members, Into& into) {
  at.object([&](Key key) {
    for (const Member<Into>& member : members) {
      if (key != member.name) { continue; }
      into.*member.to = member.as == Member<Into>::As::string ? at.string() : at.value();
      return;
    }
    at.skip_value();
  });
}

}  // namespace butter::json
