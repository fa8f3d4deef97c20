#include "limit/table.h"

#include <algorithm>

namespace butter::limit {

template <class Use>
auto Table::with_bucket(std::string_view key, TimePoint now, Use&& use) {
  // The low bits choose the place inside the shard's own table.
  constexpr int kShardBits = 6;
  static_assert(kShards == std::size_t{1} << kShardBits);
  const std::size_t hash = Hash{}(key);
  Shard& shard = shards_[hash >> (sizeof hash * 8 - kShardBits)];
  const std::lock_guard lock(shard.mutex);
  return use(bucket(shard, key, now));
}

Verdict Table::take(std::string_view key, const Rate& rate, TimePoint now, std::uint64_t units) {
  return with_bucket(key, now, [&](Bucket& each) { return each.take(rate, now, units); });
}

void Table::settle(std::string_view key, const Rate& rate, std::uint64_t taken, std::uint64_t used,
                   TimePoint full_at, TimePoint now) {
  with_bucket(key, now, [&](Bucket& each) { each.settle(rate, taken, used, full_at, now); });
}

Bucket& Table::bucket(Shard& shard, std::string_view key, TimePoint now) {
  if (const auto found = shard.buckets.find(key); found != shard.buckets.end()) {
    return found->second;
  }
  if (shard.buckets.size() >= shard.sweep_at) {
    std::erase_if(shard.buckets, [now](const auto& each) { return each.second.is_full(now); });
    shard.sweep_at = std::min(std::max<std::size_t>(256, shard.buckets.size() * 2), most_in_shard_);
  }
  if (shard.buckets.size() >= most_in_shard_) { return shard.shared; }
  return shard.buckets.try_emplace(std::string(key)).first->second;
}

std::size_t Table::size() const {
  std::size_t sum = 0;
  for (const Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    sum += shard.buckets.size();
  }
  return sum;
}

}  // namespace butter::limit
