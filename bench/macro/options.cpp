#include "options.h"

#include <cstdio>
#include <cstdlib>

namespace butter::bench {

namespace {

[[noreturn]] void refuse(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::exit(2);
}

}  // namespace

Options::Options(int argc, char** argv) {
  for (int i = 1; i < argc; i += 2) {
    const std::string name = argv[i];
    if (!name.starts_with("--")) { refuse("not an option: " + name); }
    if (i + 1 == argc) { refuse("no value: " + name); }
    values_[name.substr(2)].text = argv[i + 1];
  }
}

const std::string* Options::take(const std::string& name) {
  const auto found = values_.find(name);
  if (found == values_.end()) { return nullptr; }
  found->second.asked = true;
  return &found->second.text;
}

std::int64_t Options::integer(const std::string& name, std::int64_t fallback) {
  const std::string* const given = take(name);
  if (given == nullptr) { return fallback; }
  char* end = nullptr;
  const std::int64_t value = std::strtoll(given->c_str(), &end, 10);
  if (given->empty() || *end != '\0' || value < 0) { refuse("not a whole number: --" + name); }
  return value;
}

double Options::number(const std::string& name, double fallback) {
  const std::string* const given = take(name);
  if (given == nullptr) { return fallback; }
  char* end = nullptr;
  const double value = std::strtod(given->c_str(), &end);
  if (given->empty() || *end != '\0' || !(value >= 0)) { refuse("not a number: --" + name); }
  return value;
}

std::string Options::text(const std::string& name, const std::string& fallback) {
  const std::string* const given = take(name);
  return given == nullptr ? fallback : *given;
}

void Options::refuse_unknown() const {
  for (const auto& [name, value] : values_) {
    if (!value.asked) { refuse("unknown option: --" + name); }
  }
}

}  // namespace butter::bench
