#pragma once

#include <array>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "limit/bucket.h"

namespace butter::limit {

/// A bucket for each key. Full ones are forgotten; there is a bound, and who comes when all are in
/// use shares one with others like it. Thread: any (synchronised inside)
class Table {
 public:
  static constexpr std::size_t kShards = 64;

  /// \param most_in_shard  buckets in each of the kShards
  explicit Table(std::size_t most_in_shard = 4096) noexcept : most_in_shard_(most_in_shard) {}

  [[nodiscard]] Verdict take(std::string_view key, const Rate& rate, TimePoint now,
                             std::uint64_t units = 1);
  /// As Bucket::settle().
  void settle(std::string_view key, const Rate& rate, std::uint64_t taken, std::uint64_t used,
              TimePoint full_at, TimePoint now);
  [[nodiscard]] std::size_t size() const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text);
    }
  };
  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<std::string, Bucket, Hash, std::equal_to<>> buckets;  // guarded by mutex
    std::size_t sweep_at = 256;  // guarded by mutex: so many are in it
    Bucket shared;               ///< of those for whom there is no room
  };
  /// Calls use(Bucket&) with the key's bucket, alone.
  template <class Use>
  auto with_bucket(std::string_view key, TimePoint now, Use&& use);
  [[nodiscard]] Bucket& bucket(Shard& shard, std::string_view key, TimePoint now);

  const std::size_t most_in_shard_;
  std::array<Shard, kShards> shards_;
};

}  // namespace butter::limit
