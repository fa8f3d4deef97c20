#include "config/diagnostics.h"

#include <algorithm>
#include <tuple>

#include "base/strings.h"

namespace butter::config {

namespace {

constexpr std::size_t kMostComplaints = 100;  // more are no help to anybody

void in_file_order(std::vector<Complaint>& complaints) {
  std::ranges::stable_sort(complaints, [](const Complaint& a, const Complaint& b) {
    return std::tie(a.line, a.column) < std::tie(b.line, b.column);
  });
}

}  // namespace

std::string Complaint::text() const {
  if (file.empty()) { return what; }
  std::string out = file;
  if (line > 0) { out += ':' + std::to_string(line) + ':' + std::to_string(column); }
  out += ": ";
  if (!path.empty()) { out += path + ": "; }
  return out + what;
}

std::string Loaded::error_text() const {
  std::string out;
  for (const Complaint& complaint : complaints) {
    if (!out.empty()) { out += '\n'; }
    out += complaint.text();
  }
  return out;
}

std::string join_path(std::string_view path, std::string_view key) {
  std::string out(path);
  if (!out.empty()) { out += '.'; }
  return out += key;
}

std::string did_you_mean(std::string_view word, std::span<const std::string> known) {
  const std::vector<std::string> near = nearest(word, known, 1);
  return near.empty() ? "" : "; did you mean " + quoted(near.front()) + "?";
}

Complaint Diagnostics::complaint(Place at, std::string_view path, std::string what) const {
  return {.file = file_,
          .line = at.line,
          .column = at.column,
          .path = std::string(path),
          .what = std::move(what)};
}

void Diagnostics::refuse(Place at, std::string_view path, std::string what) {
  complaints_.push_back(complaint(at, path, std::move(what)));
}

void Diagnostics::warn(Place at, std::string_view path, std::string what) {
  warnings_.push_back(complaint(at, path, std::move(what)));
}

void Diagnostics::unset(Place at, std::string_view path, std::string_view variable) {
  const std::string name(variable);
  unset_.push_back(
      {.complaint = complaint(at, path, "variable " + name + " is not set"), .variable = name});
}

std::vector<Complaint> Diagnostics::take_complaints() {
  std::vector<Complaint> out = std::exchange(complaints_, {});
  in_file_order(out);
  if (out.size() > kMostComplaints) {
    const std::size_t left_out = out.size() - kMostComplaints;
    out.resize(kMostComplaints);
    out.push_back(complaint({}, "", std::to_string(left_out) + " more mistakes"));
  }
  return out;
}

std::vector<std::string> Diagnostics::take_warnings() {
  std::vector<Complaint> sorted = std::exchange(warnings_, {});
  in_file_order(sorted);
  std::vector<std::string> out;
  out.reserve(sorted.size());
  for (const Complaint& warning : sorted) { out.push_back(warning.text()); }
  return out;
}

}  // namespace butter::config
