#include "gateway/path.h"

#include <vector>

namespace butter::gateway {

namespace {

bool has_dot_segments(std::string_view path) {
  for (std::size_t at = path.find("/."); at != std::string_view::npos; at = path.find("/.", at)) {
    const std::string_view segment = path.substr(at + 1, path.find('/', at + 1) - at - 1);
    if (segment == "." || segment == "..") { return true; }
    at += segment.size() + 1;
  }
  return false;
}

/// A segment that is empty or made of dots makes a path that means another one.
bool is_clean(std::string_view path) {
  return path.find("//") == std::string_view::npos && !has_dot_segments(path);
}

std::string cleaned(std::string_view path) {
  std::vector<std::string_view> segments;
  std::string_view left = path;
  while (!left.empty()) {
    const std::size_t slash = left.find('/');
    const std::string_view segment = left.substr(0, slash);
    left = slash == std::string_view::npos ? std::string_view{} : left.substr(slash + 1);
    if (segment == "..") {
      if (!segments.empty()) { segments.pop_back(); }
    } else if (!segment.empty() && segment != ".") {
      segments.push_back(segment);
    }
  }
  std::string out;
  for (const std::string_view segment : segments) { out.append("/").append(segment); }
  if (out.empty() || path.ends_with('/')) { out += '/'; }
  return out;
}

Path only(Path::Kind kind, std::string_view method, std::string_view allow) {
  Path path;
  const bool allowed = allow == "POST" ? method == "POST" : method == "GET" || method == "HEAD";
  path.kind = allowed ? kind : Path::Kind::method_not_allowed;
  path.allow = allow;
  return path;
}

constexpr std::string_view kRead = "GET, HEAD";

/// Paths of ours below /v1, which are never relayed.
bool is_reserved(std::string_view rest) {
  return rest == "/usage" || rest == "/app-keys" || rest.starts_with("/app-keys/");
}

Path classify_v1(std::string_view method, std::string_view rest) {
  constexpr std::string_view kModels = "/models";
  const bool reads = method == "GET" || method == "HEAD";
  if (rest == kModels) { return only(Path::Kind::models, method, kRead); }
  if (rest.starts_with("/models/") && rest.size() > kModels.size() + 1 && reads) {
    Path path;
    path.kind = Path::Kind::model;
    path.rest = rest.substr(kModels.size() + 1);
    return path;
  }
  if (rest.size() < 2 || rest.ends_with('/') || is_reserved(rest)) { return {}; }
  const provider::Operation operation = provider::operation_of(rest);
  Path path;
  const bool posts_only = operation != provider::Operation::other;
  if (posts_only) {
    path = only(Path::Kind::relay, method, "POST");
  } else if (method == "OPTIONS") {
    path.kind = Path::Kind::method_not_allowed;
    path.allow = "GET, POST, DELETE";
  } else {
    path.kind = Path::Kind::relay;
  }
  path.operation = operation;
  path.rest = rest;
  return path;
}

Path classify_native(std::string_view rest) {
  Path path;
  const std::size_t slash = rest.find('/');
  if (rest.empty()) { return path; }
  if (slash == std::string_view::npos) {
    path.kind = Path::Kind::redirect;
    path.location = "/native/" + std::string(rest) + "/";
    return path;
  }
  path.provider = rest.substr(0, slash);
  path.rest = rest.substr(slash);
  // Dots could leave the provider's base path; everything else is the provider's to judge.
  path.kind = has_dot_segments(path.rest) ? Path::Kind::not_found : Path::Kind::native;
  return path;
}

}  // namespace

Path classify(std::string_view method, std::string_view path) {
  constexpr std::string_view kV1 = "/v1/";
  constexpr std::string_view kNative = "/native/";
  if (path.starts_with(kNative)) { return classify_native(path.substr(kNative.size())); }
  if (!is_clean(path)) {
    Path redirect;
    redirect.kind = Path::Kind::redirect;
    redirect.location = cleaned(path);
    return redirect;
  }
  if (path.starts_with(kV1)) { return classify_v1(method, path.substr(kV1.size() - 1)); }
  if (path == "/healthz") { return only(Path::Kind::health, method, kRead); }
  if (path == "/readyz") { return only(Path::Kind::ready, method, kRead); }
  if (path == "/metrics") { return only(Path::Kind::metrics, method, kRead); }
  return {};
}

}  // namespace butter::gateway
