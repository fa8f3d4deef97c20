#include "differential/mutate.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

namespace butter::differential {
namespace {

using namespace std::string_view_literals;

// Bytes and words that heads are attacked with.
constexpr std::string_view kBytes =
    " \t\r\n\0\v\f\x01\x1f\x7f\x80\xe4\xff:;,.-+_/?#*@%\"'()[]{}<>=\\0159axX"sv;
constexpr std::string_view kWords[] = {
    "\r\n",
    "\n",
    "\r",
    "\r\n ",
    "\r\n\t",
    "chunked",
    ", chunked",
    "Host: a\r\n",
    "HTTP/1.0",
    "HTTP/1.1",
    "HTTP/2.0",
    "close",
    "keep-alive",
    "http://",
    "https://",
    "GET ",
    "OPTIONS ",
    "CONNECT ",
    "* ",
    "18446744073709551615",
    "\r\nX: y",
    ": ",
    " :",
    "Content-Length",
    "Transfer-Encoding",
    "Connection",
    "identity",
    "\r\nUpgrade:",
    "204",
    "100",
};

std::size_t below(std::size_t limit, std::mt19937_64& random) {
  return static_cast<std::size_t>(random() % limit);
}

/// The lines of a head with their ends.
std::vector<std::string> lines_of(std::string_view head) {
  std::vector<std::string> lines;
  while (!head.empty()) {
    const std::size_t end = std::min(head.find('\n'), head.size() - 1) + 1;
    lines.emplace_back(head.substr(0, end));
    head.remove_prefix(end);
  }
  return lines;
}

void change_byte(std::string& head, std::mt19937_64& random) {
  const std::size_t at = below(head.size(), random);
  const char byte = kBytes[below(kBytes.size(), random)];
  switch (below(4, random)) {
    case 0: head[at] = byte; break;
    case 1: head.insert(at, 1, byte); break;
    case 2: head.erase(at, 1); break;
    default: head.insert(at, kWords[below(std::size(kWords), random)]); break;
  }
}

void change_line(std::string& head, std::string_view other, std::mt19937_64& random) {
  std::vector<std::string> lines = lines_of(head);
  const std::size_t at = below(lines.size(), random);
  const std::vector<std::string> borrowed = lines_of(other);
  const std::string line = borrowed.empty() ? "" : borrowed[below(borrowed.size(), random)];
  const auto place = lines.begin() + static_cast<std::ptrdiff_t>(at);
  switch (below(4, random)) {
    case 0: lines.insert(place, std::string(lines[at])); break;
    case 1: lines.erase(place); break;
    case 2: lines[at] = line; break;
    default: lines.insert(place, line); break;
  }
  head.clear();
  for (const std::string& part : lines) { head += part; }
}

}  // namespace

std::string mutate(std::string head, std::span<const std::string> others, std::mt19937_64& random) {
  for (std::size_t changes = 1 + below(3, random); changes > 0; --changes) {
    if (head.empty()) { break; }
    if (below(3, random) == 0) {
      change_line(head, others[below(others.size(), random)], random);
    } else {
      change_byte(head, random);
    }
  }
  return head;
}

}  // namespace butter::differential
