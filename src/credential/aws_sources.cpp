#include "credential/aws_sources.h"

#include <utility>

#include "base/strings.h"
#include "credential/answer_json.h"
#include "credential/file_text.h"

namespace butter::credential {

namespace {

/// Visible ASCII: what may stand in a field's value or a path.
bool is_word(std::string_view text) {
  for (const char c : text) {
    if (c <= ' ' || c > '~') { return false; }
  }
  return !text.empty();
}

class Container final : public Source {
 public:
  explicit Container(ContainerEndpoint endpoint) : endpoint_(std::move(endpoint)) {}

  [[nodiscard]] std::string_view name() const noexcept override {
    return "the container's credential endpoint";
  }
  Result<HttpRequest> begin(std::int64_t) override {
    std::string token = endpoint_.token;
    if (!endpoint_.token_file.empty()) {
      const auto text = file_text(endpoint_.token_file);
      if (!text) { return std::unexpected(text.error()); }
      token = trim(text->substr(0, text->find('\n')));
      if (!is_word(token)) {
        return fail(Errc::unavailable, "the container's token file holds no token");
      }
    }
    HttpRequest request{.method = "GET", .url = endpoint_.url, .headers = {}};
    if (!token.empty()) { request.headers = "Authorization: " + token + "\r\n"; }
    return request;
  }
  Result<Step> on_answer(int status, std::string_view body, std::int64_t) override {
    auto keys = read_aws_keys(status, body, name());
    if (!keys) { return std::unexpected(std::move(keys).error()); }
    return Step(*std::move(keys));
  }

 private:
  ContainerEndpoint endpoint_;
};

class Imds final : public Source {
 public:
  explicit Imds(std::string endpoint) : endpoint_(std::move(endpoint)) {
    while (endpoint_.ends_with('/')) { endpoint_.pop_back(); }
  }

  [[nodiscard]] std::string_view name() const noexcept override {
    return "the EC2 metadata service";
  }
  Result<HttpRequest> begin(std::int64_t) override {
    stage_ = Stage::token;
    return HttpRequest{.method = "PUT",
                       .url = endpoint_ + "/latest/api/token",
                       .headers = "X-aws-ec2-metadata-token-ttl-seconds: 21600\r\n"};
  }
  Result<Step> on_answer(int status, std::string_view body, std::int64_t) override;

 private:
  enum class Stage : std::uint8_t { token, role, keys };

  [[nodiscard]] Step get(std::string_view role) const {
    std::string url = endpoint_ + "/latest/meta-data/iam/security-credentials/";
    return HttpRequest{.method = "GET",
                       .url = url.append(role),
                       .headers = "X-aws-ec2-metadata-token: " + token_ + "\r\n"};
  }

  std::string endpoint_;
  Stage stage_ = Stage::token;
  std::string token_;
};

Result<Source::Step> Imds::on_answer(int status, std::string_view body, std::int64_t) {
  if (stage_ == Stage::keys) {
    auto keys = read_aws_keys(status, body, name());
    if (!keys) { return std::unexpected(std::move(keys).error()); }
    return Step(*std::move(keys));
  }
  const std::string_view line = trim(body.substr(0, body.find('\n')));
  if (status == 404 && stage_ == Stage::role) {
    return fail(Errc::unavailable, "the EC2 instance has no role");
  }
  if (status != 200 || !is_word(line)) {
    return fail(Errc::unavailable,
                std::string(name()) + " answered with status " + std::to_string(status));
  }
  if (stage_ == Stage::token) {
    stage_ = Stage::role;
    token_ = line;
    return get("");
  }
  stage_ = Stage::keys;
  return get(line);
}

}  // namespace

std::unique_ptr<Source> make_aws_container(ContainerEndpoint endpoint) {
  return std::make_unique<Container>(std::move(endpoint));
}

std::unique_ptr<Source> make_aws_imds(std::string endpoint) {
  return std::make_unique<Imds>(std::move(endpoint));
}

}  // namespace butter::credential
