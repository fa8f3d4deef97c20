#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace butter::plugin {

/// Which requests a plugin sees. A pattern is a whole name, or the beginning of one and `*`.
/// Thread: any (immutable).
class Filter {
 public:
  Filter() = default;  ///< all of them
  /// \param routes, models  patterns; none = any
  Filter(std::vector<std::string> routes, std::vector<std::string> models)
      : routes_(std::move(routes)), models_(std::move(models)) {}

  /// \param path  of the request, without query
  /// \param model  by the caller's name; "" = not known, which only a plugin for any model sees
  [[nodiscard]] bool sees(std::string_view path, std::string_view model) const noexcept;

 private:
  std::vector<std::string> routes_, models_;
};

}  // namespace butter::plugin
