#include "net/address.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>

#include <cerrno>
#include <string>

namespace butter::net {
namespace {

struct LiteralCase {
  const char* name;
  const char* host;
  const char* text;  ///< nullptr: not an address
};

class Literal : public testing::TestWithParam<LiteralCase> {};

constexpr LiteralCase kLiterals[] = {
    {"v4", "127.0.0.1", "127.0.0.1:8080"},
    {"v4_any", "0.0.0.0", "0.0.0.0:8080"},
    {"v6_loopback", "::1", "[::1]:8080"},
    {"v6_long_is_shortened", "2001:db8:0:0:0:0:0:1", "[2001:db8::1]:8080"},
    {"v6_mapped", "::ffff:1.2.3.4", "[::ffff:1.2.3.4]:8080"},
    {"name", "localhost", nullptr},
    {"empty", "", nullptr},
    {"v4_short", "127.1", nullptr},
    {"v4_too_large", "256.0.0.1", nullptr},
    {"v4_blank", " 127.0.0.1", nullptr},
    {"v6_in_brackets", "[::1]", nullptr},
    {"v6_with_zone", "fe80::1%lo", nullptr},
};

TEST_P(Literal, IsReadAndWritten) {
  const auto address = Address::literal(GetParam().host, 8080);
  ASSERT_EQ(address.has_value(), GetParam().text != nullptr);
  if (address) {
    EXPECT_EQ(address->text(), GetParam().text);
    EXPECT_EQ(address->port(), 8080);
  }
}

INSTANTIATE_TEST_SUITE_P(Table, Literal, testing::ValuesIn(kLiterals),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Address, PortCanBeSet) {
  for (const char* const host : {"10.0.0.1", "::1"}) {
    Address address = *Address::literal(host, 0);
    address.set_port(65535);
    EXPECT_EQ(address.port(), 65535);
    EXPECT_EQ(Address(address.get(), address.size()).text(), address.text());
  }
}

struct ListenCase {
  const char* name;
  const char* address;
  const char* said;
};

class ListenFails : public testing::TestWithParam<ListenCase> {};

constexpr ListenCase kListenFailures[] = {
    {"no_port", "127.0.0.1", "listen tcp 127.0.0.1: parse: missing port"},
    {"empty", "", "listen tcp : parse: missing port"},
    {"not_an_address_of_this_host", "192.0.2.1:0",
     "listen tcp 192.0.2.1:0: bind: Cannot assign requested address"},
    {"unknown_service", "127.0.0.1:no-such-service",
     "listen tcp 127.0.0.1:no-such-service: lookup: "},
};

TEST_P(ListenFails, WithTheKernelsWords) {
  const auto listening = listen_on(GetParam().address);
  ASSERT_FALSE(listening.has_value());
  EXPECT_EQ(listening.error().code, Errc::bad_config);
  EXPECT_TRUE(listening.error().detail.starts_with(GetParam().said)) << listening.error().detail;
}

INSTANTIATE_TEST_SUITE_P(Table, ListenFails, testing::ValuesIn(kListenFailures),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(ListenOn, SeveralSocketsShareAPort) {
  const auto first = listen_on("127.0.0.1:0");
  ASSERT_TRUE(first.has_value());
  const std::string address = local_address(first->get()).text();
  EXPECT_TRUE(listen_on(address).has_value());
}

TEST(ListenOn, APortThatIsNotSharedIsTaken) {
  const Fd other(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const Address any = *Address::literal("127.0.0.1", 0);
  ASSERT_EQ(::bind(other.get(), any.get(), any.size()), 0);
  ASSERT_EQ(::listen(other.get(), 1), 0);
  const auto listening = listen_on(local_address(other.get()).text());
  ASSERT_FALSE(listening.has_value());
  EXPECT_NE(listening.error().detail.find("bind: Address already in use"), std::string::npos);
}

TEST(ListenOn, WithoutAHostItTakesIPv4) {
  const auto listening = listen_on(":0");
  ASSERT_TRUE(listening.has_value());
  const auto port = local_address(listening->get()).port();
  const Fd client = connect_to(*Address::literal("127.0.0.1", port));
  ASSERT_TRUE(client);
  pollfd writable{.fd = client.get(), .events = POLLOUT, .revents = 0};
  ASSERT_EQ(::poll(&writable, 1, 20'000), 1);
  EXPECT_EQ(writable.revents & (POLLERR | POLLHUP), 0);
}

TEST(ConnectTo, ARefusedConnectionIsAnErrorOfTheSocket) {
  // A port that was free a moment ago: bound, not listening.
  const Fd holder(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const Address any = *Address::literal("127.0.0.1", 0);
  ASSERT_EQ(::bind(holder.get(), any.get(), any.size()), 0);
  const Fd client = connect_to(local_address(holder.get()));
  if (!client) {
    EXPECT_EQ(errno, ECONNREFUSED);
    return;
  }
  pollfd writable{.fd = client.get(), .events = POLLOUT, .revents = 0};
  ASSERT_EQ(::poll(&writable, 1, 20'000), 1);
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(client.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  EXPECT_EQ(error, ECONNREFUSED);
}

TEST(ConnectTo, AFamilyThatIsNoneFailsAtOnce) {
  EXPECT_FALSE(connect_to(Address()));
}

}  // namespace
}  // namespace butter::net
