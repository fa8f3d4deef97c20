#include "json/splice.h"

#include <algorithm>
#include <cassert>

namespace butter::json {

namespace {

constexpr std::string_view kSpace = " \t\n\r";

/// The offset of the first byte at or behind `at` that is no white space.
std::size_t skip_space(std::string_view body, std::size_t at) noexcept {
  return std::min(body.find_first_not_of(kSpace, at), body.size());
}

/// The offset behind the last byte before `at` that is no white space.
std::size_t skip_space_back(std::string_view body, std::size_t at) noexcept {
  return body.substr(0, at).find_last_not_of(kSpace) + 1;
}

}  // namespace

void Splice::insert(Edit edit) {
  assert(count_ < kMost);
  const auto end = edits_.begin() + static_cast<std::ptrdiff_t>(count_);
  const auto at =
      std::upper_bound(edits_.begin(), end, edit.begin,
                       [](std::size_t begin, const Edit& e) { return begin < e.begin; });
  std::move_backward(at, end, end + 1);
  *at = edit;
  ++count_;
}

void Splice::erase(std::size_t i) noexcept {
  const auto first = edits_.begin();
  const auto at = first + static_cast<std::ptrdiff_t>(i);
  std::move(at + 1, first + static_cast<std::ptrdiff_t>(count_), at);
  --count_;
}

std::size_t Splice::removal_ending(std::size_t offset) const noexcept {
  std::size_t i = 0;
  while (i < count_ && !(edits_[i].kind == Kind::removal && edits_[i].end == offset)) { ++i; }
  return i;
}

std::size_t Splice::removal_beginning(std::size_t offset) const noexcept {
  std::size_t i = 0;
  while (i < count_ && !(edits_[i].kind == Kind::removal && edits_[i].begin == offset)) { ++i; }
  return i;
}

void Splice::replace(const Member& member, std::string_view text) {
  replace_range(member.value_begin, member.value_end, text);
}

void Splice::replace_range(std::size_t begin, std::size_t end, std::string_view text) {
  insert({.begin = begin,
          .end = end,
          .text_begin = texts_.size(),
          .text_size = text.size(),
          .kind = Kind::replacement});
  texts_ += text;
}

void Splice::append(const RequestScan& scan, std::string_view key_and_value) {
  no_member_left_ = no_member_left_ || scan.empty_object;
  insert({.begin = scan.object_end,
          .end = scan.object_end,
          .text_begin = texts_.size(),
          .text_size = key_and_value.size() + 1,
          .kind = Kind::addition});
  texts_ += ',';
  texts_ += key_and_value;
}

void Splice::remove(std::string_view body, const Member& member) {
  Edit edit{.begin = member.key_begin, .kind = Kind::removal};
  const std::size_t next = skip_space(body, member.value_end);
  const std::size_t tail = removal_beginning(next);  // it took the comma behind this member
  if (tail == count_ && body[next] == ',') {
    edit.end = skip_space(body, next + 1);
    insert(edit);
    return;
  }
  // The member is the last one, or the last one left.
  edit.end = member.value_end;
  if (tail < count_) {
    edit.end = edits_[tail].end;
    erase(tail);
  }
  for (std::size_t i; (i = removal_ending(edit.begin)) < count_; erase(i)) {
    edit.begin = edits_[i].begin;
  }
  const std::size_t before = skip_space_back(body, edit.begin);
  if (before > 0 && body[before - 1] == ',') {
    edit.begin = before - 1;
  } else {
    no_member_left_ = true;
  }
  insert(edit);
}

void Splice::clear() noexcept {
  count_ = 0;
  no_member_left_ = false;
  texts_.clear();
}

std::string_view Splice::text_of(std::size_t i) const noexcept {
  const Edit& edit = edits_[i];
  std::string_view text = std::string_view(texts_).substr(edit.text_begin, edit.text_size);
  const bool first_addition =
      edit.kind == Kind::addition && (i == 0 || edits_[i - 1].kind != Kind::addition);
  if (no_member_left_ && first_addition) { text.remove_prefix(1); }
  return text;
}

std::size_t Splice::pieces(std::string_view body, std::span<std::string_view> out) const {
  std::size_t count = 0;
  const auto add = [&](std::string_view piece) {
    if (!piece.empty()) { out[count++] = piece; }
  };
  std::size_t done = 0;  // body[0, done) is in `out` or gone
  for (std::size_t i = 0; i < count_; ++i) {
    add(body.substr(done, edits_[i].begin - done));
    add(text_of(i));
    done = edits_[i].end;
  }
  add(body.substr(done));
  return count;
}

std::size_t Splice::size_after(std::size_t body_size) const noexcept {
  for (std::size_t i = 0; i < count_; ++i) {
    body_size = body_size - (edits_[i].end - edits_[i].begin) + text_of(i).size();
  }
  return body_size;
}

}  // namespace butter::json
