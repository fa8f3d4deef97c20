#include <utility>

#include "provider/types.h"

namespace butter::provider {

namespace {

class Mock final : public Provider {
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
  [[nodiscard]] bool has_native() const noexcept override { return false; }
  void write_auth(Buffer&, const Secret&) const override {}
};

}  // namespace

std::unique_ptr<Provider> make_mock(const config::Provider& config, BaseUrl url) {
  return std::make_unique<Mock>(config, std::move(url));
}

}  // namespace butter::provider
