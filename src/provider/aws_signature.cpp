#include "provider/aws_signature.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "base/strings.h"
#include "crypto/digest.h"
#include "crypto/hex.h"

namespace butter::provider {

namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::size_t kDateDigits = 8;

/// Each segment encoded, whatever escapes it has already.
void append_path(std::string& out, std::string_view path) {
  while (true) {
    const std::size_t slash = path.find('/');
    out += percent_encoded(path.substr(0, slash));
    if (slash == std::string_view::npos) { return; }
    out += '/';
    path.remove_prefix(slash + 1);
  }
}

/// Parameters in the order of their names, each with a '='. Their escapes stand as they were sent.
void append_query(std::string& out, std::string_view query) {
  std::vector<std::pair<std::string_view, std::string_view>> parameters;
  while (!query.empty()) {
    const std::string_view one = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(one.size() + 1, query.size()));
    const std::string_view name = one.substr(0, one.find('='));
    parameters.emplace_back(name, one.substr(std::min(name.size() + 1, one.size())));
  }
  std::ranges::sort(parameters);
  const std::size_t begin = out.size();
  for (const auto& [name, value] : parameters) {
    if (out.size() > begin) { out += '&'; }
    out.append(name).append("=").append(value);
  }
}

std::string signed_names(const AwsRequest& request) {
  std::string names;
  for (const auto& [name, value] : request.headers) {
    if (!names.empty()) { names += ';'; }
    names += name;
  }
  return names;
}

std::string canonical_request(const AwsRequest& request, std::string_view names) {
  const std::string_view path = request.target.substr(0, request.target.find('?'));
  std::string out;
  out.append(request.method).append("\n");
  append_path(out, path.empty() ? "/" : path);
  out += '\n';
  append_query(out, request.target.substr(std::min(path.size() + 1, request.target.size())));
  out += '\n';
  for (const auto& [name, value] : request.headers) {
    out.append(name).append(":").append(value).append("\n");
  }
  return out.append("\n").append(names).append("\n").append(request.payload_hash);
}

crypto::Digest signing_key(const AwsRequest& request, const Secret& secret) {
  const std::string first = "AWS4" + std::string(secret.reveal());
  crypto::Digest key = crypto::hmac_sha256(first, request.time.substr(0, kDateDigits));
  for (const std::string_view step :
       {request.region, request.service, std::string_view("aws4_request")}) {
    key = crypto::hmac_sha256(key.view(), step);
  }
  return key;
}

}  // namespace

std::string aws_authorization(const AwsRequest& request, const Credential& credential) {
  std::string scope(request.time.substr(0, kDateDigits));
  scope.append("/").append(request.region).append("/").append(request.service);
  scope += "/aws4_request";
  const std::string names = signed_names(request);

  std::string to_sign(kAlgorithm);
  to_sign.append("\n").append(request.time).append("\n").append(scope).append("\n");
  to_sign += crypto::hex(crypto::sha256(canonical_request(request, names)).view());
  const crypto::Digest key = signing_key(request, credential.secret);

  std::string out(kAlgorithm);
  out.append(" Credential=").append(credential.key_id).append("/").append(scope);
  out.append(", SignedHeaders=").append(names);
  out.append(", Signature=").append(crypto::hex(crypto::hmac_sha256(key.view(), to_sign).view()));
  return out;
}

std::string aws_time(std::int64_t unix_seconds) {
  const std::chrono::sys_seconds time{std::chrono::seconds(unix_seconds)};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  const auto digits = [](std::string& out, std::int64_t value, std::size_t width) {
    const std::string text = std::to_string(value);
    out.append(width - std::min(width, text.size()), '0').append(text);
  };
  std::string out;
  digits(out, static_cast<int>(date.year()), 4);
  digits(out, static_cast<unsigned>(date.month()), 2);
  digits(out, static_cast<unsigned>(date.day()), 2);
  out += 'T';
  digits(out, clock.hours().count(), 2);
  digits(out, clock.minutes().count(), 2);
  digits(out, clock.seconds().count(), 2);
  return out += 'Z';
}

}  // namespace butter::provider
