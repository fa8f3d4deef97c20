#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/body_redaction.h"
#include "gateway/request_record.h"

namespace butter::gateway {

/// The beginning of a body that is to be logged, as it came in pieces. Used again with its memory.
/// Thread: worker-local.
class BodyLog {
 public:
  /// \param most          bytes that are told of it
  /// \param content_type  "" when it is not known
  void start(std::size_t most, const BodyRedaction& redaction, std::string_view content_type = {});
  void add(std::string_view piece);

  /// The body without secrets; of one that is no text, only what it was: "[1234 bytes, no text]",
  /// "[1234 bytes of multipart/form-data]".
  /// \param app_key  the caller's; "" = it sent none
  [[nodiscard]] LoggedBody told(std::string_view app_key) const;

 private:
  [[nodiscard]] bool is_whole() const noexcept { return bytes_ == kept_.size(); }

  const BodyRedaction* redaction_ = nullptr;
  std::size_t most_ = 0;
  std::size_t room_ = 0;   ///< most_, and what a secret needs that begins before the cut
  std::string multipart_;  ///< the type of a form; "" when it is none
  std::string kept_;
  std::uint64_t bytes_ = 0;
};

}  // namespace butter::gateway
