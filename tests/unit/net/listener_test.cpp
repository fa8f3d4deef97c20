#include "net/listener.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <unistd.h>

#include <vector>

#include "support/loop_driver.h"

namespace butter::net {
namespace {

using support::run_until;
using support::settle;

class ListenerTest : public testing::Test {
 protected:
  ListenerTest()
      : socket_(listen_on("127.0.0.1:0").value()), address_(local_address(socket_.get())) {}

  void listen() {
    listener_.emplace(
        loop_, std::move(socket_),
        [this](Fd fd, const Address& peer) {
          accepted_.push_back(std::move(fd));
          peers_.push_back(peer);
        },
        [this](int error) { pauses_.push_back(error); });
  }
  [[nodiscard]] bool accepts(std::size_t count) {
    return run_until(loop_, [this, count] { return accepted_.size() >= count; });
  }

  Loop loop_;
  Fd socket_;
  Address address_;
  std::vector<Fd> accepted_;
  std::vector<Address> peers_;
  std::vector<int> pauses_;
  std::optional<Listener> listener_;
};

TEST_F(ListenerTest, AcceptsAllThatWait) {
  listen();
  std::vector<Fd> clients;
  for (int i = 0; i < 20; ++i) { clients.push_back(connect_to(address_)); }
  ASSERT_TRUE(accepts(20));
  for (std::size_t i = 0; i < clients.size(); ++i) {
    EXPECT_EQ(peers_[i].text(), local_address(clients[i].get()).text());
    EXPECT_NE(::fcntl(accepted_[i].get(), F_GETFL) & O_NONBLOCK, 0);
    EXPECT_NE(::fcntl(accepted_[i].get(), F_GETFD) & FD_CLOEXEC, 0);
  }
}

TEST_F(ListenerTest, AcceptsWhatCameBeforeIt) {
  const Fd early = connect_to(address_);
  listen();
  EXPECT_TRUE(accepts(1));
}

TEST_F(ListenerTest, RefusesWhenClosed) {
  listen();
  settle(loop_);
  listener_->close();
  listener_->close();
  const Fd late = connect_to(address_);
  settle(loop_);
  EXPECT_TRUE(accepted_.empty());
}

TEST_F(ListenerTest, MayBeClosedWhileAccepting) {
  int calls = 0;
  listener_.emplace(loop_, std::move(socket_), [&](Fd, const Address&) {
    ++calls;
    listener_->close();
  });
  const Fd first = connect_to(address_);
  const Fd second = connect_to(address_);
  settle(loop_);
  EXPECT_EQ(calls, 2) << "who is connected already is accepted";
  const Fd late = connect_to(address_);
  settle(loop_);
  EXPECT_EQ(calls, 2);
}

TEST_F(ListenerTest, AcceptsWhoIsConnectedBeforeItCloses) {
  listen();
  const Fd first = connect_to(address_);
  const Fd second = connect_to(address_);
  listener_->close();
  EXPECT_EQ(accepted_.size(), 2u);
}

/// Of a connection, as the kernel counts them: 1 = established, 2 = SYN sent, 7 = closed.
int tcp_state(const Fd& fd) {
  tcp_info info{};
  socklen_t size = sizeof info;
  EXPECT_EQ(::getsockopt(fd.get(), IPPROTO_TCP, TCP_INFO, &info, &size), 0);
  return info.tcpi_state;
}

TEST_F(ListenerTest, HeldOffItAcceptsWhoHasBegunAndLetsOthersAskAgain) {
  listen();
  const Fd begun = connect_to(address_);
  listener_->hold_off();
  const Fd late = connect_to(address_);
  settle(loop_);
  EXPECT_EQ(accepted_.size(), 1u);
  EXPECT_EQ(tcp_state(begun), TCP_ESTABLISHED);
  EXPECT_EQ(tcp_state(late), TCP_SYN_SENT) << "neither answered nor refused";
}

TEST_F(ListenerTest, WhoWasHeldOffIsAcceptedByTheNext) {
  const Fd next_socket = listen_on(address_.text()).value();
  listen();
  listener_->hold_off();
  // The kernel spreads new connections over both; some of these wait for the next one.
  std::vector<Fd> clients;
  for (int i = 0; i < 32; ++i) { clients.push_back(connect_to(address_)); }
  settle(loop_);
  listener_->close();
  EXPECT_TRUE(accepted_.empty());
  std::size_t accepted = 0;
  Listener next(loop_, Fd(::dup(next_socket.get())), [&](Fd, const Address&) { ++accepted; });
  EXPECT_TRUE(run_until(loop_, [&] { return accepted == clients.size(); })) << accepted;
  for (const Fd& client : clients) { EXPECT_NE(tcp_state(client), TCP_CLOSE); }
}

TEST_F(ListenerTest, CallsNobodyWhenDestroyed) {
  listen();
  const Fd client = connect_to(address_);
  listener_.reset();
  EXPECT_TRUE(accepted_.empty());
}

TEST_F(ListenerTest, PausesWhenDescriptorsRunOut) {
  listen();
  // One is accepted first: the sanitizer looks at a type the first time with a descriptor of its
  // own.
  const Fd first = connect_to(address_);
  EXPECT_TRUE(accepts(1));
  const Fd client = connect_to(address_);
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  rlimit none = limit;
  {
    const Fd next(::dup(client.get()));
    none.rlim_cur = static_cast<rlim_t>(next.get());
  }
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  support::run_for(loop_, 250ms);
  EXPECT_EQ(accepted_.size(), 1u);
  EXPECT_EQ(pauses_, std::vector{EMFILE}) << "told once, though it has asked again";
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_TRUE(accepts(2)) << "asks again after a while";
}

}  // namespace
}  // namespace butter::net
