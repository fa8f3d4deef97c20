#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "provider/provider.h"

namespace butter::provider::test {

/// A provider of a type, with the configuration that it refers to.
struct Made {
  explicit Made(config::ProviderType type, std::string base_url = "https://h.test/v1") {
    config.name = "p";
    config.type = type;
    config.base_url = std::move(base_url);
    config.api_version = "2024-10-21";
    provider = make_provider(config).value();
  }

  /// The credential's header lines.
  [[nodiscard]] std::string auth(std::string key) const {
    Buffer out;
    provider->write_auth(out, Secret(std::move(key)));
    return std::string(out.view());
  }
  [[nodiscard]] std::string target(std::string_view path, std::string_view query = "",
                                   std::string_view model = "m") const {
    Buffer out;
    provider->write_target(out, model, path, query);
    return std::string(out.view());
  }
  /// "name: value" of each default header.
  [[nodiscard]] std::string defaults() const {
    std::string out;
    for (const DefaultHeader& header : provider->default_headers()) {
      out.append(header.name).append(": ").append(header.value).append("\n");
    }
    return out;
  }
  /// The operations that it speaks, by name.
  [[nodiscard]] std::string speaks() const {
    std::string out;
    for (const Operation operation :
         {Operation::chat, Operation::completions, Operation::responses, Operation::messages,
          Operation::embeddings, Operation::other}) {
      if (provider->speaks(operation)) { out.append(to_string(operation)).append(" "); }
    }
    return out;
  }

  config::Provider config;
  std::unique_ptr<Provider> provider;
};

}  // namespace butter::provider::test
