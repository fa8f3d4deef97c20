#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "provider/auth.h"
#include "provider/types.h"

namespace butter::provider {

namespace {

/// Known providers whose API has `max_tokens` alone, by their documentation.
constexpr std::array<std::string_view, 5> kMaxTokensOnly{"cohere", "deepseek", "mistral",
                                                         "perplexity", "together"};
/// Those that refuse `stream_options`, and tell usage without being asked.
constexpr std::array<std::string_view, 2> kUsageUnasked{"mistral", "perplexity"};
/// Those that have no responses: callers of it are translated for.
constexpr std::array<std::string_view, 2> kWithoutResponses{"cohere", "mistral"};

class OpenAi final : public Provider {
 public:
  using Provider::Provider;

  [[nodiscard]] bool speaks(Operation operation) const noexcept override {
    if (operation == Operation::responses) { return !is_one_of(kWithoutResponses); }
    return is_openai(operation);
  }
  [[nodiscard]] std::optional<dialect::Dialect> dialect() const noexcept override {
    return dialect::Dialect::chat;
  }
  [[nodiscard]] dialect::Target target(std::string_view model, bool stream) const override {
    return {.model = model,
            .stream = stream,
            .max_completion_tokens = !is_one_of(kMaxTokensOnly),
            .stream_options = streams_usage()};
  }
  [[nodiscard]] bool streams_usage() const noexcept override { return !is_one_of(kUsageUnasked); }
  void append_path(const dialect::Target&, std::string& out) const override {
    out += "/chat/completions";
  }
  void write_auth(Buffer& out, const Secret& key) const override {
    write_credential(out, "Authorization: Bearer ", key);
  }

 private:
  [[nodiscard]] bool is_one_of(std::span<const std::string_view> names) const noexcept {
    return std::ranges::find(names, config_.name) != names.end();
  }
};

}  // namespace

std::unique_ptr<Provider> make_openai(const config::Provider& config, BaseUrl url) {
  return std::make_unique<OpenAi>(config, std::move(url));
}

}  // namespace butter::provider
