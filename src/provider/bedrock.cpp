#include <utility>

#include "provider/types.h"

namespace butter::provider {

namespace {

class Bedrock final : public Provider {
 public:
  using Provider::Provider;

  [[nodiscard]] bool speaks(Operation) const noexcept override { return false; }
  [[nodiscard]] bool has_native() const noexcept override { return false; }
  void write_auth(Buffer&, const Secret&) const override {}
};

}  // namespace

std::unique_ptr<Provider> make_bedrock(const config::Provider& config, BaseUrl url) {
  return std::make_unique<Bedrock>(config, std::move(url));
}

}  // namespace butter::provider
