#include "limit/ip.h"

#include <gtest/gtest.h>

#include <vector>

namespace butter::limit {
namespace {

Ip ip(std::string_view text) {
  return Ip::parse(text).value();
}

TEST(Ip, IsReadAsHeaderFieldsHaveIt) {
  for (const char* const text :
       {"192.0.2.1", " 192.0.2.1 ", "192.0.2.1:443", "\"192.0.2.1:443\"", "::ffff:192.0.2.1"}) {
    EXPECT_EQ(ip(text), ip("192.0.2.1")) << text;
    EXPECT_TRUE(ip(text).is_v4()) << text;
  }
  for (const char* const text : {"2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:443",
                                 "\"[2001:db8::1]:443\"", "2001:0db8:0:0::1", "2001:db8::1%eth0"}) {
    EXPECT_EQ(ip(text), ip("2001:db8::1")) << text;
    EXPECT_FALSE(ip(text).is_v4()) << text;
  }
  for (const char* const text : {"", "unknown", "_hidden", "192.0.2", "192.0.2.256", "[2001:db8::1",
                                 "2001:db8::1::", "1.2.3.4.5", "example.com:80"}) {
    EXPECT_FALSE(Ip::parse(text)) << text;
  }
}

TEST(Ip, AClientHasAWholeIpv6Subnet) {
  EXPECT_EQ(ip("2001:db8::1").client_key(), ip("2001:db8::ffff:2").client_key());
  EXPECT_NE(ip("2001:db8::1").client_key(), ip("2001:db8:0:1::1").client_key());
  EXPECT_NE(ip("192.0.2.1").client_key(), ip("192.0.2.2").client_key());
}

TEST(Network, ContainsWhatItsBitsSay) {
  const Network ten = Network::parse("10.0.0.0/8").value();
  EXPECT_TRUE(ten.contains(ip("10.255.0.1")));
  EXPECT_TRUE(ten.contains(ip("::ffff:10.1.2.3")));
  EXPECT_FALSE(ten.contains(ip("11.0.0.1")));
  const Network odd = Network::parse("192.168.32.0/20").value();
  EXPECT_TRUE(odd.contains(ip("192.168.47.255")));
  EXPECT_FALSE(odd.contains(ip("192.168.48.0")));
  const Network six = Network::parse("2001:db8::/32").value();
  EXPECT_TRUE(six.contains(ip("2001:db8:ffff::1")));
  EXPECT_FALSE(six.contains(ip("2001:db9::1")));
  EXPECT_TRUE(Network::parse("0.0.0.0/0").value().contains(ip("8.8.8.8")));
  EXPECT_FALSE(Network::parse("0.0.0.0/0").value().contains(ip("2001:db8::1")));
  EXPECT_TRUE(Network::parse("127.0.0.1").value().contains(ip("127.0.0.1")));
  for (const char* const text :
       {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "2001:db8::/129", "host/8"}) {
    EXPECT_FALSE(Network::parse(text)) << text;
  }
}

struct Row {
  const char* name;
  const char* peer;
  const char* forwarded;
  const char* x_forwarded_for;
  const char* client;
};

constexpr Row kRows[] = {
    {"no_field", "203.0.113.9", "", "", "203.0.113.9"},
    {"a_stranger_is_not_believed", "203.0.113.9", "", "1.1.1.1", "203.0.113.9"},
    {"a_proxy_of_ours", "10.0.0.1", "", "198.51.100.7", "198.51.100.7"},
    {"what_the_client_wrote_is_left", "10.0.0.1", "", "1.1.1.1, 198.51.100.7", "198.51.100.7"},
    {"two_proxies_of_ours", "10.0.0.1", "", "1.1.1.1, 198.51.100.7, 10.0.0.2", "198.51.100.7"},
    {"all_are_ours", "10.0.0.1", "", "10.0.0.3, 10.0.0.2", "10.0.0.3"},
    {"no_address", "10.0.0.1", "", "unknown", "10.0.0.1"},
    {"no_address_behind_ours", "10.0.0.1", "", "unknown, 10.0.0.2", "10.0.0.2"},
    {"empty_elements", "10.0.0.1", "", ",,", "10.0.0.1"},
    {"standard", "10.0.0.1", "for=198.51.100.7;proto=https", "", "198.51.100.7"},
    {"standard_goes_first", "10.0.0.1", "for=198.51.100.7", "1.1.1.1", "198.51.100.7"},
    {"standard_ipv6", "10.0.0.1", "by=x; For=\"[2001:db8::7]:80\"", "", "2001:db8::7"},
    {"standard_chain", "10.0.0.1", "for=1.1.1.1, for=198.51.100.7, for=10.0.0.2", "",
     "198.51.100.7"},
    {"standard_without_for", "10.0.0.1", "proto=https", "1.1.1.1", "10.0.0.1"},
};

TEST(ClientIp, FromTheRightTheFirstThatIsNotOurs) {
  const std::vector<Network> ours{Network::parse("10.0.0.0/8").value()};
  for (const Row& row : kRows) {
    EXPECT_EQ(client_ip(ip(row.peer), row.forwarded, row.x_forwarded_for, ours), ip(row.client))
        << row.name;
  }
}

}  // namespace
}  // namespace butter::limit
