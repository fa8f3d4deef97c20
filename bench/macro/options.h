#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace butter::bench {

/// Command line of the form `--name value ...`. A mistake ends the program with status 2 and a line
/// on standard error: these are tools, and a wrong option must not be measured.
/// Thread: main.
class Options {
 public:
  Options(int argc, char** argv);

  [[nodiscard]] std::int64_t integer(const std::string& name, std::int64_t fallback);
  [[nodiscard]] double number(const std::string& name, double fallback);
  [[nodiscard]] std::string text(const std::string& name, const std::string& fallback);

  /// To be called once everything was asked for: refuses what nobody asked for.
  void refuse_unknown() const;

 private:
  [[nodiscard]] const std::string* take(const std::string& name);

  struct Value {
    std::string text;
    bool asked = false;
  };
  std::map<std::string, Value> values_;
};

}  // namespace butter::bench
