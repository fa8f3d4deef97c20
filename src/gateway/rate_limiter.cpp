#include "gateway/rate_limiter.h"

#include <algorithm>
#include <utility>

#include "crypto/digest.h"
#include "crypto/hex.h"

namespace butter::gateway {

namespace {

// A bucket is the moment at which it is full, as in limit::Bucket: microseconds of the server's
// clock, so that the clocks of the gateways do not matter. A full one is not kept.

/// KEYS: the buckets. ARGV: for each, what is taken, and its size, in microseconds.
/// Returns which is refused (0 = none), the time, and for each what it then misses.
constexpr const char* kTake = R"(
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local missing = {}
for i, key in ipairs(KEYS) do
  missing[i] = math.max(tonumber(redis.call('GET', key) or 0) - now, 0)
  if missing[i] + ARGV[2 * i - 1] > tonumber(ARGV[2 * i]) then
    return {i, now, unpack(missing)}
  end
end
for i, key in ipairs(KEYS) do
  missing[i] = missing[i] + ARGV[2 * i - 1]
  if missing[i] > 0 then
    redis.call('SET', key, string.format('%.0f', now + missing[i]),
               'PX', math.ceil(missing[i] / 1000))
  end
end
return {0, now, unpack(missing)}
)";

/// KEYS: the bucket. ARGV: how much more (or less) was used, in microseconds; when the bucket would
/// have been full, after what had been taken.
constexpr const char* kSettle = R"(
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local more = math.max(tonumber(ARGV[1]), math.min(now - ARGV[2], 0))
local missing = math.max(tonumber(redis.call('GET', KEYS[1]) or 0) - now, 0) + more
if missing > 0 then
  redis.call('SET', KEYS[1], string.format('%.0f', now + missing), 'PX', math.ceil(missing / 1000))
else
  redis.call('DEL', KEYS[1])
end
return 0
)";

using std::chrono::microseconds;

/// Rounded up: never more is let through than the rate says.
std::int64_t in_us(Duration d) {
  return std::chrono::ceil<microseconds>(d).count();
}

std::string_view name_of(limit::Scope scope) {
  switch (scope) {
    case limit::Scope::everyone: return "all";
    case limit::Scope::client: return "ip";
    case limit::Scope::app_key: return "key";
    case limit::Scope::provider: return "provider";
    case limit::Scope::model: return "model";
  }
  __builtin_unreachable();
}

/// At most all that the bucket holds, as limit::judge() has it.
Duration cost_of(const limit::Claim& claim) {
  return claim.rate.time_of(std::min<std::uint64_t>(claim.units, claim.rate.burst));
}

std::vector<std::string_view> views_of(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

}  // namespace

void Claims::clear() noexcept {
  ticket.give_up();
  items.clear();
  refused = nullptr;
  in_redis = false;
}

RateLimiter::RateLimiter(net::Loop& loop, net::Resolver& resolver, const SharedBuckets& buckets,
                         limit::Ledger& ledger, std::atomic<int>& away, log::Logger& logger,
                         metrics::Counter& fallbacks)
    : loop_(loop),
      buckets_(buckets),
      ledger_(ledger),
      away_(away),
      logger_(logger),
      fallbacks_(fallbacks),
      take_(kTake),
      settle_(kSettle) {
  if (!buckets_.server) { return; }
  client_ = std::make_unique<redis::Client>(
      loop, resolver, buckets_.server,
      [this](bool there, std::string_view why) { note(there, why); });
}

RateLimiter::~RateLimiter() {
  if (is_away_) { away_.fetch_sub(1, std::memory_order_relaxed); }
}

RateLimiter::Step RateLimiter::take(Claims& claims, std::move_only_function<void()> done) {
  claims.refused = nullptr;
  claims.in_redis = false;
  if (claims.items.empty()) { return Step::granted; }
  if (!client_) { return take_locally(claims); }
  std::vector<std::string> keys;
  std::vector<std::string> arguments;
  for (const limit::Claim& claim : claims.items) {
    keys.push_back(key_of(claim));
    arguments.push_back(std::to_string(in_us(cost_of(claim))));
    arguments.push_back(std::to_string(in_us(claim.rate.time_of(claim.rate.burst))));
  }
  claims.ticket =
      client_->run(take_, views_of(keys), views_of(arguments),
                   [this, &claims, done = std::move(done)](const redis::Reply* reply) mutable {
                     claims.ticket.give_up();
                     if (reply == nullptr || !read_verdict(claims, *reply)) {
                       fallbacks_.add();
                       static_cast<void>(take_locally(claims));
                     }
                     done();
                   });
  if (claims.ticket) { return Step::waits; }
  fallbacks_.add();
  return take_locally(claims);
}

RateLimiter::Step RateLimiter::take_locally(Claims& claims) {
  claims.refused = ledger_.take(claims.items, loop_.now());
  return claims.refused == nullptr ? Step::granted : Step::refused;
}

/// \return false: it is none
bool RateLimiter::read_verdict(Claims& claims, const redis::Reply& reply) {
  if (reply.is_error()) {
    constexpr std::size_t kMostShown = 200;
    note(false, reply.text.substr(0, kMostShown));
    return false;
  }
  constexpr std::size_t kBefore = 2;  // items before those of the buckets
  const auto refused = static_cast<std::size_t>(reply.integer_at(0));
  const std::size_t judged = refused == 0 ? claims.items.size() : refused;
  if (judged > claims.items.size() || reply.items.size() != kBefore + judged) { return false; }
  note(true, {});
  for (std::size_t i = 0; i < judged; ++i) {
    limit::Claim& claim = claims.items[i];
    const std::int64_t missing = reply.integer_at(kBefore + i);
    const bool is_refused = i + 1 == refused;
    claim.verdict = limit::judge(claim.rate, is_refused ? claim.units : 0, microseconds(missing));
    claim.verdict.allowed = !is_refused;
    claim.full_at = reply.integer_at(1) + missing;
  }
  claims.in_redis = true;
  claims.refused = refused == 0 ? nullptr : &claims.items[refused - 1];
  return true;
}

void RateLimiter::settle(const Claims& claims, std::uint64_t used) {
  for (const limit::Claim& claim : claims.items) {
    if (claim.unit == limit::Unit::requests || claim.units == used) { continue; }
    if (claims.in_redis) {
      settle_in_redis(claim, used);
    } else {
      ledger_.settle(claim, used, loop_.now());
    }
  }
}

void RateLimiter::settle_in_redis(const limit::Claim& claim, std::uint64_t used) {
  const std::string key = key_of(claim);
  const std::string_view keys[] = {key};
  const std::int64_t more = in_us(claim.rate.time_of(used) - cost_of(claim));
  const std::vector<std::string> arguments{std::to_string(more), std::to_string(claim.full_at)};
  // Nobody waits for it, and when Redis is away there is nothing to settle.
  client_->run(settle_, keys, views_of(arguments), [](const redis::Reply*) {}).give_up();
}

/// The name of a bucket tells nobody an app key.
std::string RateLimiter::key_of(const limit::Claim& claim) const {
  constexpr std::size_t kHashDigits = 32;
  std::string key = buckets_.key_prefix;
  key.append("rl:").append(name_of(claim.scope)).append(1, ':').append(to_string(claim.unit));
  if (claim.key.empty()) { return key; }
  const std::string hash = crypto::hex(crypto::sha256(claim.key).view());
  return key.append(1, ':').append(hash, 0, kHashDigits);
}

void RateLimiter::note(bool there, std::string_view why) {
  if (is_away_ != there) { return; }
  is_away_ = !there;
  // One line for all workers.
  if (is_away_) {
    if (away_.fetch_add(1, std::memory_order_relaxed) == 0) {
      logger_.warn("redis is away: each process has its own rate limits", log::field("error", why));
    }
  } else if (away_.fetch_sub(1, std::memory_order_relaxed) == 1) {
    logger_.info("redis is back: rate limits are shared");
  }
}

}  // namespace butter::gateway
