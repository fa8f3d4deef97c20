#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/buffer.h"
#include "guard/fold.h"
#include "guard/roles.h"
#include "json/cursor.h"

namespace butter::guard {

/// The strings in a request's body that are to be looked at, made plain.
///
/// A request is any JSON: OpenAI's, Anthropic's, Gemini's, Bedrock's, or one that is not known.
/// Whose a string is says the outermost object around it that has a `role`; the results of tools
/// are the tools', wherever they stand. What belongs to the application (`system`, `instructions`,
/// `tools` and the like) is the system's; everything else is the user's. What is no JSON, or not
/// to its end, is one text of the user's, and so is what is nested deeper than kMostDepth.
/// Thread: any one at a time.
class RequestTexts {
 public:
  static constexpr unsigned kMostDepth = 64;

  /// \param body  must stay as long as this object
  RequestTexts(const Fold& fold, const Roles& roles, std::string_view body);

  /// Calls visit(std::string_view) with texts that follow each other, a byte between them that
  /// stands in no UTF-8, until it returns true. \return whether it did
  template <class Visit>
  [[nodiscard]] bool any_run(Visit&& visit) const {
    for (std::size_t i = 0, begin = 0; i < texts_.size(); ++i) {
      if (texts_[i].spared) {
        begin = texts_[i].end;
      } else if (i + 1 == texts_.size() || texts_[i + 1].spared) {
        if (visit(plain_.view().substr(begin, texts_[i].end - begin))) { return true; }
      }
    }
    return false;
  }

  /// Calls visit(plain, raw) for each text, as it was made plain and as it stands in the body,
  /// until it returns true. \return whether it did
  template <class Visit>
  [[nodiscard]] bool any_text(Visit&& visit) const {
    std::size_t begin = 0;
    for (const Text& text : texts_) {
      const std::size_t size = text.end - begin - 1;
      if (!text.spared && visit(plain_.view().substr(begin, size), text.raw)) { return true; }
      begin = text.end;
    }
    return false;
  }

 private:
  struct Text {
    std::string_view raw;
    std::size_t end;  ///< in plain_, kBetween included; it begins where the one before ends
    bool spared;
    bool of_tool = false;
  };
  enum class Place : unsigned char { request, inside };
  static constexpr char kBetween = '\xff';

  void value(json::Cursor& at, unsigned depth, Place place);
  void object(json::Cursor& at, unsigned depth, Place place);
  std::string_view add_string(json::Cursor& at);  ///< as it is written
  void add_plain(std::string_view text);
  void end_text(std::string_view raw);
  /// Says whose the texts from `first` on are.
  void give_to(std::string_view role, std::size_t first);

  const Fold& fold_;
  const Roles& roles_;
  const bool users_spared_;
  Buffer plain_;
  std::vector<Text> texts_;
};

}  // namespace butter::guard
