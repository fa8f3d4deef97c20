#include <algorithm>
#include <utility>

#include "base/strings.h"
#include "provider/auth.h"
#include "provider/types.h"

namespace butter::provider {

namespace {

constexpr std::string_view kVersion = "api-version";

class AzureOpenAi final : public Provider {
 public:
  using Provider::Provider;

  [[nodiscard]] bool speaks(Operation operation) const noexcept override {
    return is_openai(operation);
  }
  [[nodiscard]] std::optional<dialect::Dialect> dialect() const noexcept override {
    return dialect::Dialect::chat;
  }
  /// Older versions refuse `stream_options`. \source
  /// https://learn.microsoft.com/en-us/azure/ai-services/openai/api-version-deprecation
  [[nodiscard]] bool streams_usage() const noexcept override {
    return config_.api_version >= "2024-09-01";
  }
  [[nodiscard]] dialect::Target target(std::string_view model, bool stream) const override {
    return {.model = model, .stream = stream, .stream_options = streams_usage()};
  }
  void append_path(const dialect::Target&, std::string& out) const override {
    out += "/chat/completions";
  }
  void write_auth(Buffer& out, const Secret& key) const override {
    write_credential(out, "api-key: ", key);
  }

  /// The caller's parameters but its api-version, then the configured one.
  void write_target(Buffer& out, std::string_view model, std::string_view path,
                    std::string_view query) const override {
    write_base(out, model);
    out.append(path);
    char separator = '?';
    while (!query.empty()) {
      const std::string_view parameter = query.substr(0, query.find('&'));
      query.remove_prefix(std::min(parameter.size() + 1, query.size()));
      if (parameter.empty() || iequals(parameter.substr(0, parameter.find('=')), kVersion)) {
        continue;
      }
      out.push_back(std::exchange(separator, '&'));
      out.append(parameter);
    }
    out.push_back(separator);
    out.append(kVersion);
    out.push_back('=');
    out.append(config_.api_version);
  }

 private:
  /// `{deployment}` in the base URL is the model's name there; without a model the segments that
  /// lead to it are left out.
  void write_base(Buffer& out, std::string_view model) const {
    constexpr std::string_view kHolder = "/{deployment}";
    constexpr std::string_view kCollection = "/deployments";
    std::string_view base = url_.path;
    const std::size_t at = base.find(kHolder);
    if (at == std::string_view::npos) {
      out.append(base);
      return;
    }
    std::string_view before = base.substr(0, at);
    if (model.empty()) {
      if (before.ends_with(kCollection)) { before.remove_suffix(kCollection.size()); }
      out.append(before);
    } else {
      out.append(before);
      out.push_back('/');
      out.append(percent_encoded(model));
    }
    out.append(base.substr(at + kHolder.size()));
  }
};

}  // namespace

std::unique_ptr<Provider> make_azure_openai(const config::Provider& config, BaseUrl url) {
  return std::make_unique<AzureOpenAi>(config, std::move(url));
}

}  // namespace butter::provider
