#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/diagnostics.h"
#include "config/node.h"
#include "config/section.h"

namespace butter::config {

/// Reads a mapping. A bad value is reported with its place and path and the default stays, so that
/// every mistake of a file is found in one go. Borrows all it is given.
/// Thread: any, one at a time.
class Reader final : public Section {
 public:
  /// `node` is a mapping, or null for an empty one.
  Reader(const Node& node, std::string path, Diagnostics& diagnostics)
      : node_(node), path_(std::move(path)), diagnostics_(diagnostics) {}

  /// Reports what is no mapping, then reads it through `body`, then reports the unknown keys.
  static void read(const Node& node, const std::string& path, Diagnostics& diagnostics,
                   const Body& body);

  void value(std::string_view key, const Field& field, std::string_view doc) override;
  void values(std::string_view key, const Values& values, std::string_view doc) override;
  void dictionary(std::string_view key, const Dictionary& names, std::string_view doc) override;
  void section(std::string_view key, std::string_view doc, const Body& body) override;
  void list(std::string_view key, std::string_view doc, const SectionList& list) override;
  void map(std::string_view key, std::string_view doc, const SectionMap& map) override;

  [[nodiscard]] bool present(std::string_view key) const override;
  [[nodiscard]] bool given(std::string_view key) const override;
  [[nodiscard]] bool taken(std::string_view key) const override;
  void refuse(std::string_view key, std::string what) override;
  void warn(std::string_view key, std::string what) override;

 private:
  [[nodiscard]] const Node::Entry* find(std::string_view key) const;
  /// The key's value when it is of `kind`; null counts as not there, another kind is reported.
  [[nodiscard]] const Node* take(std::string_view key, Node::Kind kind, std::string_view expected);
  [[nodiscard]] bool read_scalar(const Node& node, const std::string& path, const Field& field);
  [[nodiscard]] bool good_name(const Node::Entry& entry, const std::string& path, Check check);
  [[nodiscard]] Place place_of(std::string_view key) const;
  void refuse_unknown_keys();

  const Node& node_;
  std::string path_;
  Diagnostics& diagnostics_;
  std::vector<std::string> known_;
  std::vector<std::string> taken_;
};

}  // namespace butter::config
