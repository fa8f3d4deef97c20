#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "dialect/conversation.h"
#include "json/cursor.h"

namespace butter::dialect {

/// Walks through a request and asks of each value that it is of its type. The first complaint, with
/// its path ("input[2].content[0].type: must be a string"), ends the reading: from there every
/// value is stepped over unread. A value of null reads as one that is absent. Thread: worker-local.
class Fields {
 public:
  explicit Fields(std::string_view body) noexcept : cursor_(body) {}

  /// Calls visit(json::Key) for each member, with the reader at its value, which visit must read or
  /// skip.
  template <class Visit>
  void object(Visit&& visit) {
    if (!expect('{', "must be an object")) { return; }
    cursor_.object([&](json::Key key) {
      if (!ok()) { return cursor_.skip_value(); }
      within(key, kNoIndex, [&] { visit(key); });
    });
  }

  /// Calls visit(index) for each element.
  template <class Visit>
  void array(Visit&& visit) {
    if (!expect('[', "must be a list")) { return; }
    std::size_t index = 0;
    cursor_.array([&] {
      if (!ok()) { return cursor_.skip_value(); }
      within({}, index, [&] { visit(index); });
      ++index;
    });
  }

  /// Reads a value that was kept as it was written, as the member `key` of where the reader is.
  template <class Visit>
  void at(std::string_view key, Raw value, Visit&& visit) {
    if (ok()) {
      within(key, kNoIndex, [&] { again(value, visit); });
    }
  }

  /// Reads the value where the reader was once more.
  template <class Visit>
  void again(Raw value, Visit&& visit) {
    const json::Cursor before = std::exchange(cursor_, json::Cursor(value.json));
    visit();
    if (!cursor_.ok()) { complain("is no well-formed JSON"); }
    cursor_ = before;
  }

  [[nodiscard]] bool is_string() noexcept { return cursor_.peek() == '"'; }
  [[nodiscard]] bool is_list() noexcept { return cursor_.peek() == '['; }
  [[nodiscard]] bool is_null() noexcept { return cursor_.peek() == 'n'; }
  /// The value where the reader is, which stays there.
  [[nodiscard]] Raw peek_raw() const noexcept { return {json::Cursor(cursor_).value()}; }
  void skip() noexcept { cursor_.skip_value(); }
  /// \return whether it says something: not null, false, "", {} or []
  [[nodiscard]] bool skip_said() noexcept { return !cursor_.skip_empty(); }

  [[nodiscard]] Text text();
  [[nodiscard]] std::optional<bool> boolean();
  [[nodiscard]] std::optional<std::uint64_t> count();  ///< not negative
  [[nodiscard]] Raw number();
  [[nodiscard]] Raw object_raw();
  [[nodiscard]] Raw any();

  /// What the value where the reader is does not hold to.
  void complain(std::string_view what);
  /// The same of its member `key`.
  void complain(std::string_view key, std::string_view what);

  [[nodiscard]] bool ok() const noexcept { return complaint_.empty(); }
  /// \errors bad_request: the first complaint, or a text that ends early
  [[nodiscard]] Result<void> result() const;

 private:
  static constexpr std::size_t kNoIndex = static_cast<std::size_t>(-1);
  /// Stands on the stack of whoever is inside the value.
  struct Step {
    std::string_view key;
    std::size_t index;
    const Step* outer;
  };

  template <class Visit>
  void within(std::string_view key, std::size_t index, Visit&& visit) {
    const Step step{key, index, inner_};
    inner_ = &step;
    visit();
    inner_ = step.outer;
  }

  /// Steps over what does not begin so, with a complaint unless it is null.
  [[nodiscard]] bool expect(char first, std::string_view complaint);
  static void append_path(const Step* step, std::string& path);

  json::Cursor cursor_;
  const Step* inner_ = nullptr;  ///< where the reader is
  std::string complaint_;
};

}  // namespace butter::dialect
