#include "support/test_upstream.h"

#include <sys/socket.h>

#include "support/loop_driver.h"

namespace butter::support {

TestUpstream::TestUpstream(net::Loop& loop, SSL_CTX* tls)
    : loop_(loop),
      socket_(net::listen_on("127.0.0.1:0").value()),
      listening_(socket_.get()),
      port_(net::local_address(listening_).port()),
      listener_(loop, std::move(socket_), [this, tls](Fd fd, const net::Address&) {
        net::set_no_delay(fd.get());
        peers_.push_back(std::make_unique<Peer>(loop_, std::move(fd), tls));
      }) {}

void TestUpstream::shrink_buffers(int bytes) {
  ::setsockopt(listening_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

bool TestUpstream::hears(std::size_t index, std::string_view what) {
  return run_until(loop_, [&] {
    return accepted() > index && peer(index).received().find(what) != std::string::npos;
  });
}

}  // namespace butter::support
