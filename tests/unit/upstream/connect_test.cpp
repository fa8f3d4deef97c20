// The way to a connection: names, refusals, TLS, proxies; leaving it at every stage.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <string>

#include "support/certificates.h"
#include "unit/upstream/caller.h"

namespace butter::upstream {
namespace {

const std::string kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

class ConnectTest : public UpstreamTest {
 protected:
  using UpstreamTest::UpstreamTest;

  /// A call to `to` that fails before it is sent. \return why
  std::string failure(std::unique_ptr<Endpoint> to) {
    Caller caller;
    caller.start(pool(std::move(to)));
    EXPECT_TRUE(over(caller));
    if (!caller.error) { return "no failure"; }
    EXPECT_EQ(caller.error->code, Errc::upstream_connect);
    EXPECT_EQ(pool().open(), 0u);
    return caller.error->detail;
  }
};

TEST_F(ConnectTest, ANameIsLookedUp) {
  auto to = endpoint();
  to->host = "localhost";  // ::1 comes first where there is IPv6, and refuses
  pool(std::move(to));
  Caller caller;
  exchange(caller);
  EXPECT_EQ(upstream_.accepted(), 1u);
}

TEST_F(ConnectTest, ANameThatIsNoneFails) {
  auto to = endpoint();
  to->host = std::string(300, 'x');
  EXPECT_TRUE(failure(std::move(to)).starts_with("lookup xxx"));
}

TEST_F(ConnectTest, ARefusalNamesTheAddress) {
  const std::string address = "127.0.0.1:" + std::to_string(upstream_.port());
  upstream_.stop();
  EXPECT_EQ(failure(endpoint()), "dial tcp " + address + ": connect: Connection refused");
}

TEST_F(ConnectTest, WithoutADescriptorItIsOverload) {
  Caller before;
  exchange(before);  // so that all else has its descriptors
  before.start(pool());
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  rlimit none = limit;
  none.rlim_cur = 0;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  Caller caller;
  caller.start(pool());
  const bool told = over(caller);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
  ASSERT_TRUE(told);
  EXPECT_EQ(caller.error->code, Errc::overloaded) << "the provider has done nothing wrong";
  EXPECT_THAT(caller.error->detail, testing::EndsWith("connect: Too many open files"));
}

TEST_F(ConnectTest, AFailureInsideStartIsTold) {
  auto to = endpoint();
  to->host = "255.255.255.255";  // refused by the kernel at once
  EXPECT_TRUE(failure(std::move(to)).starts_with("dial tcp 255.255.255.255:"));
}

TEST_F(ConnectTest, CancelledWhileResolving) {
  auto to = endpoint();
  to->host = "localhost";
  Caller caller;
  caller.start(pool(std::move(to)));
  caller.call.cancel();
  EXPECT_EQ(pool().open(), 0u);
  bool resolved = false;
  resolver_.resolve("localhost", loop_, [&](const auto&) { resolved = true; });
  ASSERT_TRUE(run_until([&] { return resolved; }));
  settle();
  EXPECT_EQ(upstream_.accepted(), 0u);
  EXPECT_FALSE(caller.over());
}

TEST_F(ConnectTest, ThePoolMayGoWhileResolving) {
  auto to = endpoint();
  to->host = "localhost";
  {
    Caller caller;
    caller.start(pool(std::move(to)));
  }
  pool_.reset();
  bool resolved = false;
  resolver_.resolve("localhost", loop_, [&](const auto&) { resolved = true; });
  EXPECT_TRUE(run_until([&] { return resolved; }));
}

TEST_F(ConnectTest, CancelledWhileConnecting) {
  Caller caller;
  caller.start(pool());
  caller.call.cancel();
  EXPECT_EQ(pool().open(), 0u);
  settle();
  if (upstream_.accepted() == 1) { EXPECT_TRUE(peer().ended()); }
  EXPECT_FALSE(caller.over());
}

TEST_F(ConnectTest, CancelledWhileWaitingForTheAnswer) {
  Caller caller;
  caller.start(pool());
  ASSERT_TRUE(hears());
  caller.call.cancel();
  EXPECT_TRUE(run_until([this] { return peer().ended(); }));
  EXPECT_EQ(pool().open(), 0u);
}

// TLS

class TlsConnectTest : public ConnectTest {
 protected:
  TlsConnectTest() : TlsConnectTest(std::make_shared<support::CertificateAuthority>()) {}
  explicit TlsConnectTest(const std::shared_ptr<support::CertificateAuthority>& authority)
      : TlsConnectTest(authority, authority->server("IP:127.0.0.1")) {}
  TlsConnectTest(std::shared_ptr<support::CertificateAuthority> authority,
                 support::Owned<SSL_CTX> server)
      : ConnectTest(server.get()), authority_(std::move(authority)), server_(std::move(server)) {}

  [[nodiscard]] std::unique_ptr<Endpoint> tls_endpoint() const {
    auto to = endpoint();
    to->tls = net::TlsContext::make({.ca_file = authority_->file()}).value();
    return to;
  }

  std::shared_ptr<support::CertificateAuthority> authority_;
  support::Owned<SSL_CTX> server_;
};

TEST_F(TlsConnectTest, ACallGoesThroughAndTheConnectionStays) {
  pool(tls_endpoint());
  Caller caller;
  for (int i = 0; i < 3; ++i) { exchange(caller); }
  EXPECT_EQ(upstream_.accepted(), 1u);
  settle();
  EXPECT_EQ(pool().idle(), 1u) << "tickets are not bytes that nobody asked for";
}

TEST_F(TlsConnectTest, TheNextConnectionResumesTheSession) {
  pool(tls_endpoint());
  Caller caller;
  exchange(caller, 0);
  EXPECT_FALSE(peer(0).resumed());
  peer(0).close();
  ASSERT_TRUE(run_until([this] { return pool().open() == 0; }));
  exchange(caller, 1);
  EXPECT_TRUE(peer(1).resumed());
}

TEST_F(TlsConnectTest, AnUnknownAuthorityIsAFailureToConnect) {
  const support::CertificateAuthority other("Another authority");
  auto to = endpoint();
  to->tls = net::TlsContext::make({.ca_file = other.file()}).value();
  EXPECT_EQ(failure(std::move(to)),
            "tls: certificate verify failed: unable to get local issuer certificate");
}

TEST_F(TlsConnectTest, LargeBodiesBothWays) {
  pool(tls_endpoint());
  const std::string large(3 << 20, 'u');
  const std::array<std::string_view, 3> pieces = {kGet, large, "the end"};
  Caller caller;
  caller.start(pool(), {}, {.pieces = pieces});
  ASSERT_TRUE(hears(0, "the end"));
  peer().send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(large.size()) + "\r\n\r\n" +
              large);
  ASSERT_TRUE(over(caller));
  EXPECT_TRUE(caller.body == large);
}

TEST_F(TlsConnectTest, ABodyThatComesDuringTheHandshakeIsSentOnce) {
  constexpr std::string_view kPost = "POST / HTTP/1.1\r\nHost: u\r\nContent-Length: 8\r\n\r\n";
  Caller caller;
  caller.start(pool(tls_endpoint()), {}, {.pieces = {&kPost, 1}, .body_follows = true});
  for (int i = 0; i < 8; ++i) {
    static_cast<void>(caller.call.send_body(std::string(1, static_cast<char>('0' + i)), i == 7));
    support::settle(loop_, 1);
  }
  ASSERT_TRUE(upstream_.hears(0, "01234567"));
  EXPECT_EQ(peer().received(), std::string(kPost) + "01234567");
}

TEST_F(TlsConnectTest, PausingLosesNothing) {
  Caller caller;
  caller.then_body = [&] { caller.call.pause(); };
  caller.start(pool(tls_endpoint()));
  ASSERT_TRUE(hears());
  const std::string large(1 << 20, 'x');
  peer().send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(large.size()) + "\r\n\r\n" +
              large);
  for (int i = 0; i < 10'000 && !caller.over(); ++i) {
    support::settle(loop_, 1);
    caller.call.resume();
  }
  EXPECT_TRUE(caller.body == large);
}

TEST_F(TlsConnectTest, ADiscardedPausedAnswerIsDrained) {
  Caller caller;
  caller.then_head = [&] { caller.call.pause(); };
  caller.start(pool(tls_endpoint()));
  ASSERT_TRUE(hears());
  peer().send("HTTP/1.1 500 X\r\nContent-Length: 40000\r\n\r\n" + std::string(40'000, 'x'));
  settle();
  caller.call.discard();
  ASSERT_TRUE(run_until([this] { return pool().idle() == 1; }));
  Caller next;
  exchange(next);
  EXPECT_EQ(upstream_.accepted(), 1u);
}

TEST_F(TlsConnectTest, AnAnswerUntilCloseNeedsCloseNotify) {
  for (const bool proper : {true, false}) {
    Caller caller;
    caller.start(pool(tls_endpoint()));
    ASSERT_TRUE(hears(upstream_.accepted()));
    upstream_.last().send("HTTP/1.1 200 OK\r\n\r\nbytes");
    ASSERT_TRUE(run_until([&] { return caller.body == "bytes"; }));
    proper ? upstream_.last().close() : upstream_.last().cut();
    ASSERT_TRUE(over(caller));
    EXPECT_EQ(caller.ends, proper ? 1 : 0);
    if (!proper) { EXPECT_EQ(caller.error->code, Errc::upstream_closed); }
  }
}

/// A server that speaks no TLS, for an https endpoint.
class HandshakeTest : public ConnectTest {
 protected:
  [[nodiscard]] std::unique_ptr<Endpoint> tls_endpoint() const {
    auto to = endpoint();
    to->tls = net::TlsContext::make({.ca_file = authority_.file()}).value();
    return to;
  }
  [[nodiscard]] bool hello_arrives() {
    return run_until([this] { return upstream_.accepted() == 1 && !peer().received().empty(); });
  }
  support::CertificateAuthority authority_;
};

TEST_F(HandshakeTest, CancelledInIt) {
  Caller caller;
  caller.start(pool(tls_endpoint()));
  ASSERT_TRUE(hello_arrives());
  caller.call.cancel();
  EXPECT_TRUE(run_until([this] { return peer().ended(); }));
  EXPECT_EQ(pool().open(), 0u);
}

TEST_F(HandshakeTest, ClosedInIt) {
  Caller caller;
  caller.start(pool(tls_endpoint()));
  ASSERT_TRUE(hello_arrives());
  peer().close();
  ASSERT_TRUE(over(caller));
  EXPECT_EQ(caller.error->code, Errc::upstream_connect);
  EXPECT_TRUE(caller.error->detail.starts_with("tls: ")) << caller.error->detail;
}

TEST_F(HandshakeTest, ConnectBoundsIt) {
  Caller caller;
  caller.start(pool(tls_endpoint()), {.connect = 40ms, .first_byte = 20s});
  ASSERT_TRUE(hello_arrives());
  ASSERT_TRUE(over(caller));
  EXPECT_EQ(caller.error->code, Errc::upstream_timeout);
  EXPECT_EQ(caller.error->detail, "no connection within 40 ms");
}

// A proxy on the way

class ProxyTest : public HandshakeTest {
 protected:
  /// The upstream of the test is the proxy.
  [[nodiscard]] std::unique_ptr<Endpoint> through_proxy(std::string authorization = "") const {
    auto to = tls_endpoint();
    to->host = "api.test";
    to->port = 443;
    to->proxy =
        std::make_unique<Proxy>(Proxy{"127.0.0.1", upstream_.port(), std::move(authorization)});
    return to;
  }
};

TEST_F(ProxyTest, ConnectIsAskedForThenTlsBegins) {
  Caller caller;
  caller.start(pool(through_proxy()));
  ASSERT_TRUE(upstream_.hears(0, "\r\n\r\n"));
  EXPECT_EQ(peer().take(), "CONNECT api.test:443 HTTP/1.1\r\nHost: api.test:443\r\n\r\n");
  peer().send("HTTP/1.1 200 Connection ");
  settle();
  EXPECT_EQ(peer().received(), "");
  peer().send("established\r\nVia: x\r\n\r\n");
  ASSERT_TRUE(run_until([this] { return !peer().received().empty(); }));
  EXPECT_EQ(peer().received().front(), '\x16') << "a TLS handshake record";
}

TEST_F(ProxyTest, CredentialsAreSentAnAddressIsBracketed) {
  auto to = through_proxy("Basic dTpw");
  to->host = "2001:db8::1";
  Caller caller;
  caller.start(pool(std::move(to)));
  ASSERT_TRUE(upstream_.hears(0, "\r\n\r\n"));
  EXPECT_EQ(peer().received(),
            "CONNECT [2001:db8::1]:443 HTTP/1.1\r\nHost: [2001:db8::1]:443\r\n"
            "Proxy-Authorization: Basic dTpw\r\n\r\n");
}

TEST_F(ProxyTest, ABodyThatComesEarlyIsNotForTheProxy) {
  constexpr std::string_view kPost = "POST / HTTP/1.1\r\nHost: u\r\nContent-Length: 6\r\n\r\n";
  Caller caller;
  caller.start(pool(through_proxy()), {}, {.pieces = {&kPost, 1}, .body_follows = true});
  ASSERT_TRUE(upstream_.hears(0, "\r\n\r\n"));
  static_cast<void>(caller.call.send_body("secret", true));
  settle();
  EXPECT_EQ(peer().received().find("secret"), std::string::npos);
  EXPECT_EQ(peer().received().find("POST"), std::string::npos);
}

struct ProxyAnswer {
  const char* name;
  std::string answer;
  bool closes;
  const char* detail;
};

class ProxyFails : public ProxyTest, public testing::WithParamInterface<ProxyAnswer> {};

TEST_P(ProxyFails, AsAFailureToConnect) {
  Caller caller;
  caller.start(pool(through_proxy("Basic secret")));
  ASSERT_TRUE(hears());
  peer().send(GetParam().answer);
  if (GetParam().closes) { peer().close(); }
  ASSERT_TRUE(over(caller));
  EXPECT_EQ(caller.error->code, Errc::upstream_connect);
  EXPECT_EQ(caller.error->detail, GetParam().detail);
  EXPECT_EQ(pool().open(), 0u);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ProxyFails,
    testing::Values(ProxyAnswer{"auth", "HTTP/1.1 407 Who\r\nContent-Length: 0\r\n\r\n", false,
                                "the proxy refused CONNECT with status 407"},
                    ProxyAnswer{"forbidden", "HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno",
                                false, "the proxy refused CONNECT with status 403"},
                    ProxyAnswer{"not_http", "hello\r\n\r\n", false,
                                "the proxy's answer is not HTTP/1.1"},
                    ProxyAnswer{"endless", "HTTP/1.1 200 OK\r\nx: " + std::string(20'000, 'y'),
                                false, "the proxy's answer is not HTTP/1.1"},
                    ProxyAnswer{"closes", "HTTP/1.1 20", true, "the proxy closed the connection"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST_F(ProxyTest, CancelledInIt) {
  Caller caller;
  caller.start(pool(through_proxy()));
  ASSERT_TRUE(hears());
  caller.call.cancel();
  EXPECT_TRUE(run_until([this] { return peer().ended(); }));
  EXPECT_EQ(pool().open(), 0u);
}

TEST_F(ProxyTest, PlainRequestsGoToTheProxyAsTheyAre) {
  auto to = through_proxy();
  to->tls.reset();
  pool(std::move(to));
  Caller caller;
  exchange(caller);
}

}  // namespace
}  // namespace butter::upstream
