#include "credential/fetch.h"

#include <array>
#include <utility>

#include "http/head_writer.h"
#include "provider/base_url.h"

namespace butter::credential {

namespace {

// An answer is a few hundred bytes.
constexpr std::size_t kMostBody = 64 * 1024;
constexpr upstream::Limits kLimits{.connect = 5s, .first_byte = 10s, .idle = 10s, .total = 20s};

struct Place {
  provider::BaseUrl url;
  std::string target;  ///< path and query
};

Result<Place> place_of(const std::string& url) {
  const std::size_t query = std::min(url.find('?'), url.size());
  auto parsed = provider::BaseUrl::parse(std::string_view(url).substr(0, query));
  if (!parsed) { return fail(Errc::unavailable, "the address to ask is no http URL"); }
  Place place{.url = *std::move(parsed), .target = {}};
  // A trailing slash, which BaseUrl drops, belongs to the path.
  place.target = place.url.path;
  if (query > 0 && url[query - 1] == '/') { place.target += '/'; }
  place.target += url.substr(query);
  if (place.target.empty()) { place.target = "/"; }
  return place;
}

Result<std::shared_ptr<const upstream::Endpoint>> endpoint_of(const Place& place,
                                                              std::string_view name) {
  auto endpoint = std::make_shared<upstream::Endpoint>();
  endpoint->name = name;
  endpoint->host = place.url.host;
  endpoint->port = place.url.port;
  endpoint->max_idle = 0;
  if (place.url.tls) {
    auto tls = net::TlsContext::make({});
    if (!tls) { return std::unexpected(tls.error()); }
    endpoint->tls = *std::move(tls);
  }
  return endpoint;
}

}  // namespace

Fetch::Fetch(net::Loop& loop, net::Resolver& resolver, Source& source, Clock clock)
    : loop_(loop),
      resolver_(resolver),
      source_(source),
      clock_(std::move(clock)),
      advance_(net::Timer::calling<&Fetch::advance>(this)) {}

Fetch::~Fetch() {
  call_.cancel();
}

void Fetch::start(Done done) {
  done_ = std::move(done);
  call_.cancel();
  pools_.clear();
  const auto request = source_.begin(clock_());
  if (request) { return send(*request); }
  failure_ = request.error();
  loop_.arm(advance_, Duration::zero());
}

void Fetch::send(const HttpRequest& request) {
  status_ = 0;
  body_.clear();
  failure_.reset();
  const auto place = place_of(request.url);
  auto endpoint =
      place ? endpoint_of(*place, source_.name()) : std::unexpected<Error>(place.error());
  if (!endpoint) {
    failure_ = endpoint.error();
    loop_.arm(advance_, Duration::zero());
    return;
  }
  Buffer head;
  http::write_request_line(head, request.method, place->target);
  http::write_field(head, "Host", place->url.host_header);
  head.append(request.headers);
  if (request.method != "GET") {
    http::write_field(head, "Content-Length", static_cast<std::uint64_t>(request.body.size()));
  }
  http::end_head(head);
  request_.assign(head.view()).append(request.body);
  pools_.push_back(std::make_unique<upstream::Pool>(loop_, resolver_, *std::move(endpoint)));
  const std::array<std::string_view, 1> pieces{request_};
  call_.start(*pools_.back(), *this, {.pieces = pieces}, kLimits);
}

void Fetch::on_body(std::span<const std::string_view> pieces) {
  for (const std::string_view piece : pieces) {
    body_ += piece.substr(0, kMostBody - std::min(kMostBody, body_.size()));
  }
}

void Fetch::on_failure(Error error) {
  failure_ = std::move(error);
  loop_.arm(advance_, Duration::zero());
}

void Fetch::advance() {
  if (failure_) {
    return finish(fail(Errc::unavailable,
                       std::string(source_.name()) + ": " + std::exchange(failure_, {})->detail));
  }
  auto step = source_.on_answer(status_, body_, clock_());
  if (!step) { return finish(std::unexpected(std::move(step).error())); }
  if (const auto* const next = std::get_if<HttpRequest>(&*step)) { return send(*next); }
  finish(std::get<Credential>(*std::move(step)));
}

void Fetch::finish(Result<Credential> result) {
  request_.clear();
  body_.clear();
  std::exchange(done_, {})(std::move(result));
}

}  // namespace butter::credential
