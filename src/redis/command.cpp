#include "redis/command.h"

#include <utility>

#include "crypto/digest.h"
#include "crypto/hex.h"

namespace butter::redis {

void append_command(Buffer& out, std::size_t words) {
  out.push_back('*');
  out.append_number(words);
  out.append("\r\n");
}

void append_word(Buffer& out, std::string_view word) {
  out.push_back('$');
  out.append_number(word.size());
  out.append("\r\n");
  out.append(word);
  out.append("\r\n");
}

Script::Script(std::string text)
    : text_(std::move(text)), hash_(crypto::hex(crypto::sha1(text_).view())) {}

}  // namespace butter::redis
