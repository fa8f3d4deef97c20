#include "credential/file_text.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/fd.h"
#include "base/strings.h"

namespace butter::credential {

Result<std::string> file_text(const std::string& path) {
  constexpr std::size_t kMost = 1024 * 1024;
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string text;
  ssize_t got = file ? 1 : -1;
  while (got > 0 && text.size() < kMost) {
    char block[4096];
    got = ::read(file.get(), block, sizeof block);
    if (got > 0) { text.append(block, static_cast<std::size_t>(got)); }
  }
  if (got < 0) {
    return fail(Errc::unavailable,
                "reading " + quoted(path) + ": " + std::generic_category().message(errno));
  }
  return text;
}

}  // namespace butter::credential
