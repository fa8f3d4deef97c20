#include "gateway/way.h"

#include <span>

#include "dialect/losses.h"

namespace butter::gateway {

namespace {

std::string joined(std::span<const std::string_view> names) {
  std::string all;
  for (const std::string_view name : names) {
    if (!all.empty()) { all += ','; }
    all += name;
  }
  return all;
}

}  // namespace

Way way_to(const provider::Provider& provider, const ClientRequest& request,
           std::string_view model) {
  using provider::Operation;
  if (request.native || provider.speaks(request.operation)) { return Way::relayed; }
  if (provider.relays(request.operation, model)) { return Way::readdressed; }
  if (request.operation == Operation::embeddings) {
    return provider.embeddings(model) != nullptr ? Way::embeddings : Way::none;
  }
  if (request.operation == Operation::count_tokens) { return Way::counted; }
  const auto spoken = provider.dialect_of(model);
  const bool translates =
      request.dialect() != nullptr && spoken && dialect::provider_dialect(*spoken) != nullptr;
  return translates ? Way::translated : Way::none;
}

Result<std::string> lost_on(Way way, const provider::Provider& provider, ClientRequest& request,
                            std::string_view model, bool strict) {
  if (way == Way::translated) {
    auto conversation = request.conversation();
    if (!conversation) { return std::unexpected(std::move(conversation).error()); }
    const auto& dialect = *dialect::provider_dialect(*provider.dialect_of(model));
    auto lost = dialect::losses(**conversation, dialect, strict);
    if (!lost) { return std::unexpected(std::move(lost).error()); }
    return joined(*lost);
  }
  if (way == Way::embeddings) {
    auto embeddings = request.embeddings();
    if (!embeddings) { return std::unexpected(std::move(embeddings).error()); }
    std::string lost = joined((*embeddings)->dropped);
    if (strict && !lost.empty()) {
      return fail(Errc::bad_request, "\"" + lost + "\" cannot be sent to provider \"" +
                                         provider.config().name + "\", and the route is strict");
    }
    return lost;
  }
  return {};
}

}  // namespace butter::gateway
