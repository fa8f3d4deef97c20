#include "net/tls.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>

#include "net/stream.h"
#include "support/certificates.h"
#include "support/loop_driver.h"
#include "support/peer.h"

namespace butter::net {
namespace {

using support::CertificateAuthority;

std::shared_ptr<TlsContext> trusting(const CertificateAuthority& authority) {
  return TlsContext::make({.ca_file = authority.file()}).value();
}

/// One session between a Stream of ours and a server of the test.
class Session {
 public:
  Session(const TlsContext& context, const std::string& host, TlsTicket& ticket, SSL_CTX* server)
      : Session(support::make_pair(), context, host, ticket, server) {}

  /// Both sides in turn, until ours says something definite.
  IoStatus handshake() {
    IoStatus status = IoStatus::again;
    for (int i = 0; i < 20 && status == IoStatus::again; ++i) {
      status = ours.tls()->handshake();
      turn();
    }
    return status;
  }
  void turn() { support::settle(loop_, 1); }

  IoResult write(std::span<const iovec> pieces) { return ours.write(pieces); }
  [[nodiscard]] IoResult read() {
    const IoResult result = ours.read(room);
    got.append(room.data(), result.bytes);
    return result;
  }

 private:
  Session(support::Pair pair, const TlsContext& context, const std::string& host, TlsTicket& ticket,
          SSL_CTX* server)
      : ours(std::move(pair.ours)), theirs(loop_, std::move(pair.theirs), server) {
    ours.start_tls(context, host, ticket);
  }
  Loop loop_;

 public:
  Stream ours;
  support::Peer theirs;
  std::array<char, 4096> room;
  std::string got;
};

class TlsTest : public testing::Test {
 protected:
  CertificateAuthority authority_;
  std::shared_ptr<TlsContext> context_ = trusting(authority_);
  TlsTicket ticket_;
};

struct VerifyCase {
  const char* name;
  const char* certificate;
  const char* host;
  bool accepted;
};

class Verify : public TlsTest, public testing::WithParamInterface<VerifyCase> {};

constexpr VerifyCase kVerify[] = {
    {"same_name", "DNS:api.test", "api.test", true},
    {"case_does_not_matter", "DNS:api.test", "API.test", true},
    {"wildcard", "DNS:*.api.test", "eu.api.test", true},
    {"wildcard_is_one_label", "DNS:*.api.test", "a.eu.api.test", false},
    {"partial_wildcard", "DNS:e*.api.test", "eu.api.test", false},
    {"other_name", "DNS:other.test", "api.test", false},
    {"sub_name", "DNS:api.test", "eu.api.test", false},
    {"address", "IP:127.0.0.1", "127.0.0.1", true},
    {"address_v6", "IP:::1", "::1", true},
    {"other_address", "IP:127.0.0.2", "127.0.0.1", false},
    {"address_as_a_name", "DNS:127.0.0.1", "127.0.0.1", false},
};

TEST_P(Verify, TheServersName) {
  const auto server = authority_.server(GetParam().certificate);
  Session session(*context_, GetParam().host, ticket_, server.get());
  const IoStatus status = session.handshake();
  if (GetParam().accepted) {
    EXPECT_EQ(status, IoStatus::ok) << session.ours.tls()->failure();
  } else {
    EXPECT_EQ(status, IoStatus::error);
    const std::string why = session.ours.tls()->failure();
    EXPECT_NE(why.find("certificate verify failed"), std::string::npos) << why;
    EXPECT_NE(why.find("mismatch"), std::string::npos) << why;
  }
}

INSTANTIATE_TEST_SUITE_P(Table, Verify, testing::ValuesIn(kVerify),
                         [](const auto& test) { return std::string(test.param.name); });

TEST_F(TlsTest, AnUnknownAuthorityIsRefused) {
  const CertificateAuthority other("Another authority");
  const auto server = other.server("DNS:api.test");
  Session session(*context_, "api.test", ticket_, server.get());
  EXPECT_EQ(session.handshake(), IoStatus::error);
  EXPECT_EQ(session.ours.tls()->failure(),
            "certificate verify failed: unable to get local issuer certificate");
}

TEST_F(TlsTest, VerificationCanBeTurnedOff) {
  const CertificateAuthority other("Another authority");
  const auto server = other.server("DNS:other.test");
  const auto lax = TlsContext::make({.ca_file = authority_.file(), .insecure_skip_verify = true});
  Session session(**lax, "api.test", ticket_, server.get());
  EXPECT_EQ(session.handshake(), IoStatus::ok);
}

TEST_F(TlsTest, AFileWithoutCertificatesIsAMistakeInTheConfiguration) {
  for (const char* const file : {"/dev/null", "/no/such/file.pem"}) {
    const auto made = TlsContext::make({.ca_file = file});
    ASSERT_FALSE(made.has_value());
    EXPECT_EQ(made.error().code, Errc::bad_config);
    EXPECT_NE(made.error().detail.find(file), std::string::npos);
  }
}

TEST_F(TlsTest, ASessionIsResumedFromTheTicket) {
  const auto server = authority_.server("DNS:api.test");
  for (const bool again : {false, true, true}) {
    Session session(*context_, "api.test", ticket_, server.get());
    ASSERT_EQ(session.handshake(), IoStatus::ok);
    EXPECT_EQ(session.ours.tls()->resumed(), again);
    session.theirs.send("x");  // tickets come before the first bytes
    session.turn();
    EXPECT_EQ(session.read().status, IoStatus::ok);
    EXPECT_EQ(session.got, "x");
  }
}

TEST_F(TlsTest, AConnectionClosedDuringTheHandshakeSaysSo) {
  const auto server = authority_.server("DNS:api.test");
  Session session(*context_, "api.test", ticket_, server.get());
  EXPECT_EQ(session.ours.tls()->handshake(), IoStatus::again);
  session.theirs.cut();
  EXPECT_EQ(session.handshake(), IoStatus::error);
  EXPECT_FALSE(session.ours.tls()->failure().empty());
}

TEST_F(TlsTest, APlainAnswerIsNoHandshake) {
  Session session(*context_, "api.test", ticket_, nullptr);
  session.theirs.send("HTTP/1.1 400 Bad Request\r\n\r\n");
  EXPECT_EQ(session.handshake(), IoStatus::error);
  EXPECT_FALSE(session.ours.tls()->failure().empty());
}

TEST_F(TlsTest, AnEndWithCloseNotifyIsProperACutIsNot) {
  const auto server = authority_.server("DNS:api.test");
  for (const bool proper : {true, false}) {
    Session session(*context_, "api.test", ticket_, server.get());
    ASSERT_EQ(session.handshake(), IoStatus::ok);
    session.theirs.send("bytes");
    session.turn();
    proper ? session.theirs.close() : session.theirs.cut();
    EXPECT_EQ(session.read().status, IoStatus::ok);
    EXPECT_EQ(session.got, "bytes");
    EXPECT_EQ(session.read().status, proper ? IoStatus::eof : IoStatus::error);
  }
}

TEST_F(TlsTest, PiecesAreGatheredIntoRecords) {
  const auto server = authority_.server("DNS:api.test");
  Session session(*context_, "api.test", ticket_, server.get());
  ASSERT_EQ(session.handshake(), IoStatus::ok);
  std::string expected;
  std::vector<std::string> pieces = {
      "head", "", std::string(16 * 1024, 'a'), "b", std::string(40'000, 'c'), std::string(3, 'd')};
  std::vector<iovec> parts;
  for (const std::string& piece : pieces) {
    parts.push_back(to_iovec(piece));
    expected += piece;
  }
  EXPECT_EQ(session.write(parts).bytes, expected.size());
  session.turn();
  EXPECT_TRUE(session.theirs.received() == expected);
}

TEST_F(TlsTest, AFullSocketTakesAPartAndGoesOnWithTheSameBytes) {
  const auto server = authority_.server("DNS:api.test");
  Session session(*context_, "api.test", ticket_, server.get());
  ASSERT_EQ(session.handshake(), IoStatus::ok);
  session.turn();
  session.theirs.hold_reading(true);
  std::string large(3 << 20, '\0');
  for (std::size_t i = 0; i < large.size(); ++i) { large[i] = static_cast<char>('a' + i % 23); }
  std::string_view rest = large;
  bool was_full = false;
  while (!rest.empty()) {
    const iovec parts[] = {to_iovec(rest.substr(0, 1000)),
                           to_iovec(rest.substr(std::min<std::size_t>(1000, rest.size())))};
    const IoResult result = session.write(parts);
    if (result.status == IoStatus::again || result.bytes == 0) {
      was_full = true;
      session.theirs.hold_reading(false);
      session.turn();
      continue;
    }
    ASSERT_EQ(result.status, IoStatus::ok);
    rest.remove_prefix(result.bytes);
  }
  session.turn();
  session.turn();
  EXPECT_TRUE(was_full);
  EXPECT_EQ(session.theirs.received().size(), large.size());
  EXPECT_TRUE(session.theirs.received() == large);
}

}  // namespace
}  // namespace butter::net
