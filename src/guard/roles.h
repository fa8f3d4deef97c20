#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace butter::guard {

/// Whose texts are looked at. Thread: any (immutable).
class Roles {
 public:
  /// \param names  `user`, `assistant`, `tool`, `system`, or others that upstreams know; `all`
  explicit Roles(const std::vector<std::string>& names);

  /// \param name  as any API writes it, in either case: `model` is an assistant, `developer` a
  ///              system, `function` a tool. One that is unknown and was not asked for counts as a
  ///              user: what is not understood is looked at.
  [[nodiscard]] bool include(std::string_view name) const;

 private:
  [[nodiscard]] bool has(std::string_view name) const;

  std::vector<std::string> names_;                        ///< lower case
  std::vector<std::pair<std::string_view, bool>> known_;  ///< what include() says of usual names
};

}  // namespace butter::guard
