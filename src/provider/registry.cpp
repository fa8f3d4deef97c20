#include <utility>

#include "provider/types.h"

namespace butter::provider {

namespace {

struct Type {
  std::unique_ptr<Provider> (*make)(const config::Provider&, BaseUrl);
  bool needs_url = true;
  std::string (*usual_url)(const config::Provider&) = nullptr;  ///< where it follows from the rest
};

Type type_of(config::ProviderType type) {
  switch (type) {
    case config::ProviderType::openai: return {make_openai};
    case config::ProviderType::azure_openai: return {make_azure_openai};
    case config::ProviderType::anthropic: return {make_anthropic};
    case config::ProviderType::gemini: return {make_gemini};
    case config::ProviderType::vertex: return {make_vertex, false, vertex_url};
    case config::ProviderType::bedrock: return {make_bedrock, false, bedrock_url};
    case config::ProviderType::mock: return {make_mock, false};
  }
  return {make_openai};
}

}  // namespace

Result<std::unique_ptr<Provider>> make_provider(const config::Provider& config) {
  const Type type = type_of(config.type);
  std::string text = config.base_url;
  if (text.empty() && type.usual_url != nullptr) { text = type.usual_url(config); }
  if (text.empty() && !type.needs_url) { return type.make(config, BaseUrl{}); }
  Result<BaseUrl> url = BaseUrl::parse(text);
  if (!url) { return std::unexpected(std::move(url).error()); }
  return type.make(config, *std::move(url));
}

}  // namespace butter::provider
