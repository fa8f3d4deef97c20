#include "base/buffer.h"

#include <sys/mman.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <new>
#include <utility>

namespace butter {

namespace {
constexpr std::size_t kSmallest = 512;
constexpr std::size_t kHeadroom = 4u << 20;

/// Whether smaller allocations, which cannot fail without ending the program, have room.
bool memory_is_left() noexcept {
  // Asked of the kernel: malloc would change how it handles sizes like this.
  void* const room =
      ::mmap(nullptr, kHeadroom, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (room == MAP_FAILED) { return false; }
  ::munmap(room, kHeadroom);
  return true;
}

}  // namespace

Buffer::Buffer(Buffer&& other) noexcept
    : data_(std::move(other.data_)),
      begin_(std::exchange(other.begin_, 0)),
      end_(std::exchange(other.end_, 0)),
      capacity_(std::exchange(other.capacity_, 0)) {}

Buffer& Buffer::operator=(Buffer&& other) noexcept {
  if (this != &other) {
    data_ = std::move(other.data_);
    begin_ = std::exchange(other.begin_, 0);
    end_ = std::exchange(other.end_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
  }
  return *this;
}

char* Buffer::make_room(std::size_t n) {
  const std::size_t used = size();
  if (data_ && capacity_ - used >= n && begin_ >= used) {
    std::memcpy(data_.get(), data_.get() + begin_, used);
  } else {
    const std::size_t wanted =
        std::max({kSmallest, used + n, std::min(capacity_ * 2, used + n + (1u << 20))});
    auto grown = std::make_unique_for_overwrite<char[]>(wanted + kTail);
    if (used > 0) { std::memcpy(grown.get(), data_.get() + begin_, used); }
    std::memset(grown.get() + wanted, 0, kTail);
    data_ = std::move(grown);
    capacity_ = wanted;
  }
  begin_ = 0;
  end_ = used;
  return data_.get() + end_;
}

bool Buffer::reserve(std::size_t n) noexcept {
  if (capacity_ - end_ >= n && data_) { return true; }
  try {
    static_cast<void>(prepare(n));
  } catch (const std::bad_alloc&) { return false; }
  return memory_is_left();
}

void Buffer::append_number(unsigned long long value) {
  constexpr std::size_t kDigits = 20;
  char* const first = prepare(kDigits);
  commit(static_cast<std::size_t>(std::to_chars(first, first + kDigits, value).ptr - first));
}

void Buffer::consume(std::size_t n) noexcept {
  begin_ += n;
  if (begin_ == end_) { clear(); }
}

void Buffer::erase(std::size_t at, std::size_t n) noexcept {
  std::memmove(data() + at, data() + at + n, size() - at - n);
  end_ -= n;
}

void Buffer::release(std::size_t keep) noexcept {
  clear();
  if (capacity_ > keep) {
    data_.reset();
    capacity_ = 0;
  }
}

}  // namespace butter
