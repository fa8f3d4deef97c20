#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "config/field.h"

namespace butter::config {

class Section;
using Body = std::function<void(Section&)>;

/// Sections without a name of their own, such as `keys`.
struct SectionList {
  /// The key that an item stands for when it is a plain text instead of a mapping; "" = none does.
  std::string_view shorthand;
  Body item;
};

/// Sections under names that the operator chooses, such as `providers`.
struct SectionMap {
  std::string_view label;  ///< what the names are, for the documents: "name"
  Check check_name = nullptr;
  std::function<void(Section&, std::string_view name)> item;
};

/// A mapping of the file, as table.h describes it: key by key, each exactly once. One
/// implementation reads a file, one writes the JSON schema, one writes the reference page; what
/// they know of the keys they all know from the same calls.
///
/// `doc` says what a key means, in a sentence or two; it goes into both documents.
/// Thread: any, one at a time.
class Section {
 public:
  Section() = default;
  Section(const Section&) = delete;
  Section& operator=(const Section&) = delete;
  virtual ~Section() = default;

  virtual void value(std::string_view key, const Field& field, std::string_view doc) = 0;
  virtual void values(std::string_view key, const Values& values, std::string_view doc) = 0;
  virtual void dictionary(std::string_view key, const Dictionary& names, std::string_view doc) = 0;
  virtual void section(std::string_view key, std::string_view doc, const Body& body) = 0;
  virtual void list(std::string_view key, std::string_view doc, const SectionList& list) = 0;
  virtual void map(std::string_view key, std::string_view doc, const SectionMap& map) = 0;

  // What follows judges a file, after the keys in question were visited. Where no file is read
  // there is nothing to judge: no key is present.

  /// The key stands in the file, be its value null.
  [[nodiscard]] virtual bool present(std::string_view) const { return false; }
  /// The key stands in the file with a value.
  [[nodiscard]] virtual bool given(std::string_view) const { return false; }
  /// The key stands in the file and its value was taken.
  [[nodiscard]] virtual bool taken(std::string_view) const { return false; }
  /// Reports a mistake at the key's value, or at the section when the key is not there.
  // NOLINTBEGIN(performance-unnecessary-value-param): the readers of files move the text.
  virtual void refuse(std::string_view, std::string) {}
  virtual void warn(std::string_view, std::string) {}
  // NOLINTEND(performance-unnecessary-value-param)
};

}  // namespace butter::config
