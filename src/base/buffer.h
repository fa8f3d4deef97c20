#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace butter {

/// A growing byte queue: written at the end, consumed at the front, one contiguous piece.
///
/// Behind the last byte there are always kTail readable bytes, so that a SIMD reader may run past
/// the end. New room is not zeroed. Clearing keeps the memory unless it grew past `keep`.
/// Thread: any one at a time.
class Buffer {
 public:
  static constexpr std::size_t kTail = 64;  ///< simdjson's SIMDJSON_PADDING

  Buffer() = default;
  Buffer(Buffer&& other) noexcept;
  Buffer& operator=(Buffer&& other) noexcept;

  [[nodiscard]] const char* data() const noexcept { return data_.get() + begin_; }
  [[nodiscard]] char* data() noexcept { return data_.get() + begin_; }
  [[nodiscard]] std::size_t size() const noexcept { return end_ - begin_; }
  [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
  [[nodiscard]] std::string_view view() const noexcept { return {data(), size()}; }

  /// Room for `n` more bytes; pointers into the buffer end here. Follow with commit().
  [[nodiscard]] char* prepare(std::size_t n) {
    return capacity_ - end_ >= n && data_ ? data_.get() + end_ : make_room(n);
  }
  /// Makes room for `n` more bytes, so that they can be added without a failure: for what comes
  /// from outside and may be large.
  /// \return false when there is no memory for it, or hardly any left for all else
  [[nodiscard]] bool reserve(std::size_t n) noexcept;
  void commit(std::size_t n) noexcept { end_ += n; }  ///< n <= the last prepare()

  void append(std::string_view bytes) {
    if (bytes.empty()) { return; }
    std::memcpy(prepare(bytes.size()), bytes.data(), bytes.size());
    commit(bytes.size());
  }
  void push_back(char c) {
    *prepare(1) = c;
    commit(1);
  }
  void append_number(unsigned long long value);  ///< decimal

  void consume(std::size_t n) noexcept;                ///< drops n bytes at the front; n <= size()
  void erase(std::size_t at, std::size_t n) noexcept;  ///< takes n bytes out; at + n <= size()
  void clear() noexcept { begin_ = end_ = 0; }
  /// Clears, and gives the memory back when there is more than `keep` of it.
  void release(std::size_t keep = 0) noexcept;

 private:
  char* make_room(std::size_t n);

  std::unique_ptr<char[]> data_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t capacity_ = 0;  ///< without the tail
};

}  // namespace butter
