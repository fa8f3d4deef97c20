#include <algorithm>
#include <utility>

#include "base/strings.h"
#include "provider/anthropic_body.h"
#include "provider/auth.h"
#include "provider/types.h"

namespace butter::provider {

namespace {

constexpr std::string_view kVersion = "vertex-2023-10-16";

bool is_anthropic(std::string_view model) noexcept {
  return model.starts_with("claude-");
}

/// "-20250514" at the end of a model's name.
bool ends_with_date(std::string_view model) noexcept {
  constexpr std::size_t kSize = 9;
  if (model.size() < kSize || model[model.size() - kSize] != '-') { return false; }
  return std::ranges::all_of(model.substr(model.size() - kSize + 1),
                             [](char c) { return c >= '0' && c <= '9'; });
}

class Vertex final : public Provider {
 public:
  using Provider::Provider;

  [[nodiscard]] bool speaks(Operation) const noexcept override { return false; }
  /// A key of Vertex's express mode; without it a token is fetched.
  void write_auth(Buffer& out, const Secret& key) const override {
    write_credential(out, "x-goog-api-key: ", key);
  }

  /// Anthropic's names with a date have an '@' before it there.
  [[nodiscard]] std::optional<std::string> own_name(std::string_view model) const override {
    constexpr std::size_t kDate = 9;
    if (!is_anthropic(model) || !ends_with_date(model)) { return std::nullopt; }
    std::string name(model);
    name[name.size() - kDate] = '@';
    return name;
  }
  [[nodiscard]] bool relays(Operation operation, std::string_view model) const noexcept override {
    return operation == Operation::messages && is_anthropic(model);
  }
  [[nodiscard]] std::optional<dialect::Dialect> dialect() const noexcept override {
    return dialect::Dialect::gemini;
  }
  [[nodiscard]] std::optional<dialect::Dialect> dialect_of(
      std::string_view model) const noexcept override {
    return is_anthropic(model) ? dialect::Dialect::messages : dialect::Dialect::gemini;
  }
  [[nodiscard]] dialect::Target target(std::string_view model, bool stream) const override {
    return {.model = model,
            .stream = stream,
            .anthropic_version = is_anthropic(model) ? kVersion : std::string_view{}};
  }
  void append_path(const dialect::Target& target, std::string& out) const override {
    const bool anthropic = is_anthropic(target.model);
    out.append("/projects/").append(config_.project);
    out.append("/locations/").append(config_.location);
    out += anthropic ? "/publishers/anthropic/models/" : "/publishers/google/models/";
    // Anthropic's names have an '@', which may stand in a path.
    const std::size_t at = std::min(target.model.find('@'), target.model.size());
    out += percent_encoded(target.model.substr(0, at));
    if (at < target.model.size()) { out += '@' + percent_encoded(target.model.substr(at + 1)); }
    if (anthropic) {
      out += target.stream ? ":streamRawPredict" : ":rawPredict";
    } else {
      out += target.stream ? ":streamGenerateContent?alt=sse" : ":generateContent";
    }
  }

  /// `stream` stays: it is what makes streamRawPredict stream.
  void splice_relayed(const json::RequestScan& scan, std::string_view body, std::string_view betas,
                      json::Splice& splice) const override {
    splice_anthropic_body(scan, body, kVersion, betas, StreamMember::kept, splice);
  }

  [[nodiscard]] bool needs_credential() const noexcept override { return config_.keys.empty(); }
  void authorise(const Outgoing&, const Credential& credential, Buffer& head) const override {
    write_credential(head, "Authorization: Bearer ", credential.secret);
  }
};

}  // namespace

std::string vertex_url(const config::Provider& config) {
  const std::string prefix = config.location == "global" ? "" : config.location + "-";
  return "https://" + prefix + "aiplatform.googleapis.com/v1";
}

std::unique_ptr<Provider> make_vertex(const config::Provider& config, BaseUrl url) {
  return std::make_unique<Vertex>(config, std::move(url));
}

}  // namespace butter::provider
