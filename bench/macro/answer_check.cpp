#include "answer_check.h"

namespace butter::bench {

AnswerCheck::AnswerCheck(const Shape& shape, StreamTally& tally)
    : shape_(shape),
      json_(shape.chunks == 0 ? completion(shape.answer_bytes) : std::string()),
      expected_bytes_(shape.chunks == 0 ? json_.size()
                                        : shape.chunks * shape.chunk_bytes + kDone.size()),
      tally_(tally) {}

void AnswerCheck::begin() noexcept {
  bytes_ = events_ = 0;
  done_ = wrong_ = false;
  partial_line_.clear();
}

void AnswerCheck::on_body(std::string_view piece, Nanos now) {
  const std::size_t at = bytes_;
  bytes_ += piece.size();
  if (!shape_.translated && bytes_ > expected_bytes_) {
    wrong_ = true;
    return;
  }
  if (shape_.chunks == 0) {
    wrong_ |= piece != std::string_view(json_).substr(at, piece.size());
    return;
  }
  for (std::size_t end = piece.find('\n'); end != std::string_view::npos; end = piece.find('\n')) {
    if (partial_line_.empty()) {
      on_line(piece.substr(0, end), now);
    } else {
      partial_line_.append(piece.substr(0, end));
      on_line(partial_line_, now);
      partial_line_.clear();
    }
    piece.remove_prefix(end + 1);
  }
  partial_line_.append(piece);
}

void AnswerCheck::on_line(std::string_view line, Nanos now) {
  if (line.empty()) { return; }
  if (line == kDone.substr(0, line.size()) && line.ends_with("[DONE]")) {
    done_ = true;
    return;
  }
  const Nanos sent = stamp_in(line);
  if (shape_.translated && sent < 0) { return; }
  wrong_ |= sent < 0 || done_;
  ++events_;
  if (tally_.counting) {
    ++tally_.chunks;
    tally_.delay.record(now - sent);
  }
}

bool AnswerCheck::correct() const noexcept {
  if (wrong_ || (!shape_.translated && bytes_ != expected_bytes_)) { return false; }
  return shape_.chunks == 0 || (done_ && events_ == shape_.chunks);
}

}  // namespace butter::bench
