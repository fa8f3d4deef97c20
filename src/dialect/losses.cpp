#include "dialect/losses.h"

#include <algorithm>
#include <string>

#include "base/strings.h"

namespace butter::dialect {

namespace {

constexpr std::string_view kNotInThisRequest = "not with what else this request asks for";

std::string_view name_of(Feature feature, const Conversation& conversation) {
  const auto named =
      std::ranges::find(conversation.names, feature, &std::pair<Feature, std::string_view>::first);
  return named != conversation.names.end() ? named->second : to_string(feature);
}

std::string_view reason_of(Feature feature, std::span<const Support> table) {
  const Support* const row = support_of(feature, table);
  return row != nullptr ? row->as : std::string_view{};
}

std::unexpected<Error> refuse(std::string_view name, Dialect dialect, std::string_view why) {
  std::string message = quoted(name) + " cannot be said in the provider's dialect (" +
                        std::string(to_string(dialect)) + ")";
  if (!why.empty()) { message += ": " + std::string(why); }
  return fail(Errc::bad_request, std::move(message));
}

}  // namespace

Result<std::vector<std::string_view>> losses(const Conversation& conversation,
                                             const ProviderDialect& provider, bool strict) {
  std::vector<std::string_view> dropped;
  const FeatureSet lost = provider.lost != nullptr ? provider.lost(conversation) : FeatureSet{};
  for (std::size_t i = 0; i < kFeatures; ++i) {
    const auto feature = static_cast<Feature>(i);
    if (!conversation.used[i] || feature == Feature::unknown) { continue; }
    const Fate fate = fate_of(feature, provider.support);
    const bool said = fate == Fate::mapped || fate == Fate::passed;
    if (said && !lost[i]) { continue; }
    const std::string_view name = name_of(feature, conversation);
    if (fate == Fate::refused || strict) {
      return refuse(name, provider.dialect,
                    said ? kNotInThisRequest : reason_of(feature, provider.support));
    }
    dropped.push_back(name);
  }
  if (provider.dialect != Dialect::messages) {
    for (const auto& [name, value] : conversation.messages_own) {
      if (strict) { return refuse(name, provider.dialect, "it is Anthropic's own"); }
      dropped.push_back(name);
    }
  }
  for (const std::string_view name : conversation.unknown) {
    if (strict) { return refuse(name, provider.dialect, "the field is not known"); }
    dropped.push_back(name);
  }
  return dropped;
}

}  // namespace butter::dialect
