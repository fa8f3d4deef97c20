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
/// At most kMost changes, which may be added in any order and must not overlap: a member is
/// replaced or removed, once. All belong to one body. Members are those of the top-level object.
///
/// Commas: a removed member takes the comma behind it along. The last member has none behind it,
/// and takes the one before it; so does a run of removed members that reaches the end, which
/// becomes one change. An appended member brings a comma before it, unless no other member is left.
/// Thread: worker-local.
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
  /// \return how many pieces, none of them empty; views into `body` and into this object
  [[nodiscard]] std::size_t pieces(std::string_view body, std::span<std::string_view> out) const;
  [[nodiscard]] std::size_t size_after(std::size_t body_size) const noexcept;

 private:
  enum class Kind : unsigned char { replacement, removal, addition };
  struct Edit {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t text_begin = 0;  ///< in texts_
    std::size_t text_size = 0;
    Kind kind = Kind::replacement;
  };
  void insert(Edit edit);
  void erase(std::size_t i) noexcept;
  /// The index of the removal that ends at `offset`, or begins there; count_ when there is none.
  [[nodiscard]] std::size_t removal_ending(std::size_t offset) const noexcept;
  [[nodiscard]] std::size_t removal_beginning(std::size_t offset) const noexcept;
  /// What the i-th change puts in; without its comma when it is the first member of all.
  [[nodiscard]] std::string_view text_of(std::size_t i) const noexcept;

  std::array<Edit, kMost> edits_;  ///< sorted by begin; equal ones in the order they came
  std::size_t count_ = 0;
  bool no_member_left_ = false;  ///< of those that the body had
  std::string texts_;            ///< keeps its memory
};

}  // namespace butter::json
