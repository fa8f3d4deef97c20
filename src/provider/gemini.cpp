#include <utility>

#include "base/strings.h"
#include "provider/auth.h"
#include "provider/types.h"

namespace butter::provider {

namespace {

/// Appends the resource that a model's name stands for, as two segments of a path:
/// "models/gemini-2.0-flash", "tunedModels/mine". What the caller wrote cannot leave its segment.
void append_resource(std::string_view model, std::string& out) {
  constexpr std::string_view kCollections[] = {"models/", "tunedModels/"};
  std::string_view collection = kCollections[0];
  for (const std::string_view known : kCollections) {
    if (!model.starts_with(known)) { continue; }
    collection = known;
    model.remove_prefix(known.size());
    break;
  }
  out += collection;
  out += percent_encoded(model);
}

class Gemini final : public Provider {
 public:
  using Provider::Provider;

  [[nodiscard]] bool speaks(Operation) const noexcept override { return false; }
  [[nodiscard]] std::optional<dialect::Dialect> dialect() const noexcept override {
    return dialect::Dialect::gemini;
  }
  void append_path(const dialect::Target& target, std::string& out) const override {
    append_model(target.model, out);
    out += target.stream ? ":streamGenerateContent?alt=sse" : ":generateContent";
  }
  [[nodiscard]] const dialect::EmbeddingsDialect* embeddings(
      std::string_view) const noexcept override {
    return &dialect::kGeminiEmbeddings;
  }
  void append_embeddings_path(std::string_view model, const dialect::EmbeddingsRequest& request,
                              std::string& out) const override {
    append_model(model, out);
    out += request.inputs.size() == 1 ? ":embedContent" : ":batchEmbedContents";
  }
  /// A header, not the `key` parameter: addresses end up in logs.
  void write_auth(Buffer& out, const Secret& key) const override {
    write_credential(out, "x-goog-api-key: ", key);
  }

 private:
  /// A base URL that ends with a version ("https://host/v1") is taken at its word.
  void append_model(std::string_view model, std::string& out) const {
    const std::string_view last = std::string_view(url_.path).substr(url_.path.rfind('/') + 1);
    const bool versioned = last.size() >= 2 && last[0] == 'v' && last[1] >= '0' && last[1] <= '9';
    out += versioned ? "/" : "/v1beta/";
    append_resource(model, out);
  }
};

}  // namespace

std::unique_ptr<Provider> make_gemini(const config::Provider& config, BaseUrl url) {
  return std::make_unique<Gemini>(config, std::move(url));
}

}  // namespace butter::provider
