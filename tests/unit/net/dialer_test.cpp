#include "net/dialer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "support/certificates.h"
#include "support/loop_driver.h"
#include "support/test_upstream.h"

namespace butter::net {
namespace {

using testing::StartsWith;

/// A dialer, and somebody who listens.
class DialerTest : public testing::Test {
 protected:
  explicit DialerTest(SSL_CTX* tls = nullptr) : peers_(loop_, tls) {}

  void dial(Dialer::Target target) {
    result_.reset();
    dialer_.dial(std::move(target), ticket_, [this](Result<Stream> result) {
      result_ = std::move(result);
      if (then_) { then_(); }
    });
  }
  [[nodiscard]] Dialer::Target target(std::string host = "127.0.0.1") const {
    return {.host = std::move(host), .port = peers_.port(), .tls = nullptr};
  }
  [[nodiscard]] bool over() {
    return support::run_until(loop_, [this] { return result_.has_value(); });
  }
  std::string failure(Dialer::Target to) {
    dial(std::move(to));
    if (!over() || result_->has_value()) { return "no failure"; }
    EXPECT_EQ(result_->error().code, Errc::upstream_connect);
    return result_->error().detail;
  }

  Loop loop_;
  Resolver resolver_;
  support::TestUpstream peers_;
  TlsTicket ticket_;
  std::function<void()> then_;
  std::optional<Result<Stream>> result_;
  Dialer dialer_{loop_, resolver_};
};

TEST_F(DialerTest, GivesAStreamThatWorks) {
  for (const char* const host : {"127.0.0.1", "localhost"}) {
    dial(target(host));
    ASSERT_TRUE(over());
    ASSERT_TRUE(result_->has_value());
    const iovec piece = to_iovec("hello");
    EXPECT_EQ((*result_)->write({&piece, 1}).bytes, 5U);
    ASSERT_TRUE(support::run_until(
        loop_, [&] { return peers_.accepted() > 0 && peers_.last().received() == "hello"; }));
  }
  EXPECT_EQ(peers_.accepted(), 2U);
}

TEST_F(DialerTest, SaysWhatFailed) {
  EXPECT_THAT(failure(target(std::string(300, 'x'))), StartsWith("lookup xxx"));
  EXPECT_THAT(failure(target("255.255.255.255")), StartsWith("dial tcp 255.255.255.255:"));
  peers_.stop();
  EXPECT_EQ(failure(target()), "dial tcp 127.0.0.1:" + std::to_string(peers_.port()) +
                                   ": connect: Connection refused");
}

TEST_F(DialerTest, WhoIsToldMayDialAgain) {
  int left = 3;
  then_ = [&] {
    if (--left > 0) { dial(target()); }
  };
  dial(target());
  ASSERT_TRUE(support::run_until(loop_, [&] { return left == 0; }));
  EXPECT_TRUE(result_->has_value());
}

TEST_F(DialerTest, GivenUpItTellsNobody) {
  dial(target("localhost"));
  dialer_.cancel();
  dial(target());
  dialer_.cancel();
  support::settle(loop_);
  EXPECT_FALSE(result_);
}

class TlsDialerTest : public DialerTest {
 protected:
  TlsDialerTest() : TlsDialerTest(std::make_shared<support::CertificateAuthority>()) {}
  explicit TlsDialerTest(const std::shared_ptr<support::CertificateAuthority>& authority)
      : TlsDialerTest(authority, authority->server("IP:127.0.0.1")) {}
  TlsDialerTest(std::shared_ptr<support::CertificateAuthority> authority,
                support::Owned<SSL_CTX> context)
      : DialerTest(context.get()), authority_(std::move(authority)), context_(std::move(context)) {}

  [[nodiscard]] Dialer::Target trusting(const support::CertificateAuthority& whom) const {
    Dialer::Target to = target();
    to.tls = TlsContext::make({.ca_file = whom.file()}).value();
    return to;
  }

  std::shared_ptr<support::CertificateAuthority> authority_;
  support::Owned<SSL_CTX> context_;
};

TEST_F(TlsDialerTest, PutsTlsOnTop) {
  dial(trusting(*authority_));
  ASSERT_TRUE(over());
  ASSERT_TRUE(result_->has_value());
  EXPECT_NE((*result_)->tls(), nullptr);
}

TEST_F(TlsDialerTest, SecuresAStreamThatIsThere) {
  const auto secure = [&](const support::CertificateAuthority& whom) {
    dial(target());
    ASSERT_TRUE(over());
    ASSERT_TRUE(result_->has_value());
    Stream plain = **std::move(result_);
    result_.reset();
    dialer_.secure(std::move(plain), trusting(whom), ticket_,
                   [this](Result<Stream> result) { result_ = std::move(result); });
    ASSERT_TRUE(over());
  };
  secure(*authority_);
  ASSERT_TRUE(result_->has_value());
  EXPECT_NE((*result_)->tls(), nullptr);
  secure(support::CertificateAuthority("Another authority"));
  ASSERT_FALSE(result_->has_value());
  EXPECT_THAT(result_->error().detail, StartsWith("tls: certificate verify failed"));
}

TEST_F(TlsDialerTest, AnUnknownAuthorityIsAFailure) {
  const support::CertificateAuthority other("Another authority");
  EXPECT_EQ(failure(trusting(other)),
            "tls: certificate verify failed: unable to get local issuer certificate");
}

}  // namespace
}  // namespace butter::net
