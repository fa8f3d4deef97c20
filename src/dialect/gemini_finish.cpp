#include "dialect/gemini_finish.h"

#include <algorithm>

namespace butter::dialect::gemini {

namespace {

// What Google's safety took away.
constexpr std::string_view kFiltered[] = {
    "SAFETY",       "RECITATION",       "BLOCKLIST",
    "SPII",         "MODEL_ARMOR",      "PROHIBITED_CONTENT",
    "IMAGE_SAFETY", "IMAGE_RECITATION", "IMAGE_PROHIBITED_CONTENT",
};

}  // namespace

Finish::Reason finish_of(std::string_view reason, bool called) {
  if (reason == "STOP") { return called ? Finish::Reason::tool_calls : Finish::Reason::stop; }
  if (reason == "MAX_TOKENS") { return Finish::Reason::length; }
  const bool filtered = std::ranges::find(kFiltered, reason) != std::ranges::end(kFiltered);
  return filtered ? Finish::Reason::content_filter : Finish::Reason::other;
}

}  // namespace butter::dialect::gemini
