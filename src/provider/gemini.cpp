#include <utility>

#include "provider/auth.h"
#include "provider/types.h"

namespace butter::provider {

namespace {

class Gemini final : public Provider {
 public:
  using Provider::Provider;

  [[nodiscard]] bool speaks(Operation) const noexcept override { return false; }
  /// A header, not the `key` parameter: addresses end up in logs.
  void write_auth(Buffer& out, const Secret& key) const override {
    write_credential(out, "x-goog-api-key: ", key);
  }
};

}  // namespace

std::unique_ptr<Provider> make_gemini(const config::Provider& config, BaseUrl url) {
  return std::make_unique<Gemini>(config, std::move(url));
}

}  // namespace butter::provider
