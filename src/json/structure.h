#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/result.h"

namespace butter::json {

/// Finds where the structure of a JSON text stands, at several GB/s: the offsets of all brackets,
/// braces, colons and commas outside strings, of the opening quotes, and of the first byte of each
/// other scalar. Between a scalar's last byte and the next offset there is only white space.
///
/// It is simdjson's first stage alone. simdjson's on-demand parser walks the same offsets, but
/// reads past a text that ends early and tells no position of an error; a body from the network is
/// followed by bytes that the next request chose.
/// Thread: worker-local.
class Structure {
 public:
  Structure();
  ~Structure();

  /// \param text  less than 4 GiB; nothing behind it is read
  /// \return ascending offsets, at least one; valid until the next call of this object
  /// \errors bad_request: invalid UTF-8, a control byte in a string, "unexpected end of JSON input"
  ///         when a string is not closed or there is nothing but white space. overloaded: no
  ///         memory.
  [[nodiscard]] Result<std::span<const std::uint32_t>> find(std::string_view text);

  /// Gives the memory back when there is more than `keep` bytes of it; ends the last result.
  void release(std::size_t keep) noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace butter::json
