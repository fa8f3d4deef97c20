#include <utility>

#include "provider/auth.h"
#include "provider/types.h"

namespace butter::provider {

namespace {

class OpenAi final : public Provider {
 public:
  using Provider::Provider;

  [[nodiscard]] bool speaks(Operation operation) const noexcept override {
    return is_openai(operation);
  }
  [[nodiscard]] std::optional<dialect::Dialect> dialect() const noexcept override {
    return dialect::Dialect::chat;
  }
  void append_path(const dialect::Target&, std::string& out) const override {
    out += "/chat/completions";
  }
  void write_auth(Buffer& out, const Secret& key) const override {
    write_credential(out, "Authorization: Bearer ", key);
  }
};

}  // namespace

std::unique_ptr<Provider> make_openai(const config::Provider& config, BaseUrl url) {
  return std::make_unique<OpenAi>(config, std::move(url));
}

}  // namespace butter::provider
