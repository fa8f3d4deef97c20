#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace butter::golden {

struct Section {
  std::string title;  ///< "upstream request"
  std::string body;   ///< without line ends around it
};

/// One conversation as a file: head lines `key: value` and `# comment`, then sections, each behind
/// a line `=== title`. tests/golden_dialects/README.md says what the keys and sections mean.
struct GoldenFile {
  std::string head;  ///< as it stands there
  std::map<std::string, std::string, std::less<>> keys;
  std::vector<Section> sections;

  [[nodiscard]] static GoldenFile parse(std::string_view text);
  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::string_view key(std::string_view name) const;
};

/// JSON with a line for each member where it does not fit one line; the tokens stay as they are.
[[nodiscard]] std::string laid_out(std::string_view json);

}  // namespace butter::golden
