#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/load.h"
#include "config/node.h"

namespace butter::config {

/// "routing" and "failover" make "routing.failover".
[[nodiscard]] std::string join_path(std::string_view path, std::string_view key);

/// "; did you mean "x"?" for the candidate nearest to `word`; "" when none is near.
[[nodiscard]] std::string did_you_mean(std::string_view word, std::span<const std::string> known);

/// A value that needs a variable which is not set. Whether that is a mistake is known only when the
/// whole file has been read.
struct Unset {
  Complaint complaint;
  std::string variable;
};

/// Collects what is wrong with a file, so that the operator sees all of it in one go.
/// Thread: any, one at a time.
class Diagnostics {
 public:
  explicit Diagnostics(std::string file) : file_(std::move(file)) {}

  void refuse(Place at, std::string_view path, std::string what);
  void warn(Place at, std::string_view path, std::string what);
  void unset(Place at, std::string_view path, std::string_view variable);

  [[nodiscard]] bool clean() const noexcept { return complaints_.empty(); }
  [[nodiscard]] const std::vector<Unset>& unset() const noexcept { return unset_; }

  /// The complaints in the file's order; only the first hundred of them, and how many are left out.
  [[nodiscard]] std::vector<Complaint> take_complaints();
  /// The warnings as lines for the log.
  [[nodiscard]] std::vector<std::string> take_warnings();

 private:
  [[nodiscard]] Complaint complaint(Place at, std::string_view path, std::string what) const;

  std::string file_;
  std::vector<Complaint> complaints_;
  std::vector<Complaint> warnings_;
  std::vector<Unset> unset_;
};

}  // namespace butter::config
