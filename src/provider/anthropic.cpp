#include <array>
#include <utility>

#include "provider/auth.h"
#include "provider/types.h"

namespace butter::provider {

namespace {

// The oldest version that has the Messages API; callers that need a newer one say so.
constexpr std::array kDefaultHeaders{DefaultHeader{"anthropic-version", "2023-06-01"}};

class Anthropic final : public Provider {
 public:
  using Provider::Provider;

  /// `other` holds /messages/batches and the like.
  [[nodiscard]] bool speaks(Operation operation) const noexcept override {
    return operation == Operation::messages || operation == Operation::count_tokens ||
           operation == Operation::other;
  }
  [[nodiscard]] std::optional<dialect::Dialect> dialect() const noexcept override {
    return dialect::Dialect::messages;
  }
  void append_path(const dialect::Target&, std::string& out) const override { out += "/messages"; }
  void write_auth(Buffer& out, const Secret& key) const override {
    write_credential(out, "x-api-key: ", key);
  }
  [[nodiscard]] std::span<const DefaultHeader> default_headers() const noexcept override {
    return kDefaultHeaders;
  }
};

}  // namespace

std::unique_ptr<Provider> make_anthropic(const config::Provider& config, BaseUrl url) {
  return std::make_unique<Anthropic>(config, std::move(url));
}

}  // namespace butter::provider
