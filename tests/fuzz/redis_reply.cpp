// Wherever the network cuts a server's replies, they are the same.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "fuzz/cuts.h"
#include "redis/reply.h"

namespace {

using namespace butter::redis;

std::string shown(const Reply& reply) {
  std::string out(1, static_cast<char>('a' + static_cast<int>(reply.kind)));
  out.append(reply.text).append(std::to_string(reply.integer));
  for (const Reply& item : reply.items) { out += shown(item); }
  return out += ';';
}

using Outcome = std::pair<std::vector<std::string>, bool>;

Outcome replies_of(const std::vector<std::string_view>& parts) {
  std::vector<std::string> replies;
  std::string waiting;
  for (const std::string_view part : parts) {
    waiting += part;
    while (!waiting.empty()) {
      Reply reply;
      std::size_t size = 0;
      const Parsed got = parse_reply(waiting, reply, size);
      if (got == Parsed::bad) { return {replies, false}; }
      if (got == Parsed::more) { break; }
      butter::fuzz::require(size > 0 && size <= waiting.size());
      replies.push_back(shown(reply));
      waiting.erase(0, size);
    }
  }
  return {replies, true};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  butter::fuzz::same_wherever_cut({reinterpret_cast<const char*>(data), size}, replies_of);
  return 0;
}
