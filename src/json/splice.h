#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "json/scan.h"

namespace butter::json {

/// Changes to a body's bytes, applied without copying or re-serialising the rest: the result is a
/// list of pieces, some of the body and some of the texts held here.
///
/// At most kMost changes, which may be added in any order and must not overlap. Thread: worker-local.
class Splice {
 public:
  static constexpr std::size_t kMost = 8;

  /// Replaces the value of a member.
  void replace(const Member& member, std::string_view text);
  /// Takes a member out, with the one comma that must go with it.
  void remove(std::string_view body, const Member& member);
  /// Adds `"key":value` as the last member.
  void append(const RequestScan& scan, std::string_view key_and_value);
  /// Replaces body[begin, end) by `text` (multipart values).
  void replace_range(std::size_t begin, std::size_t end, std::string_view text);

  void clear() noexcept;
  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }

  /// The bytes of the changed body, in order. \param out  room for 2 * kMost + 1 pieces
  /// \return how many pieces; views into `body` and into this object
  [[nodiscard]] std::size_t pieces(std::string_view body, std::span<std::string_view> out) const;
  [[nodiscard]] std::size_t size_after(std::size_t body_size) const noexcept;

 private:
  struct Edit {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t text_begin = 0;  ///< in texts_
    std::size_t text_size = 0;
  };
  std::array<Edit, kMost> edits_;  ///< sorted by begin
  std::size_t count_ = 0;
  std::string texts_;  ///< keeps its memory
};

/// Appends `text` as a JSON string with its quotes. Control bytes are escaped, invalid UTF-8 becomes
/// U+FFFD: the result is always valid JSON.
void append_string(std::string& out, std::string_view text);

}  // namespace butter::json
