#include "redis/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/certificates.h"
#include "support/loop_driver.h"
#include "support/test_upstream.h"

namespace butter::redis {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kPing = "*1\r\n$4\r\nPING\r\n";

std::string command(std::initializer_list<std::string_view> words) {
  Buffer out;
  append_command(out, words.size());
  for (const std::string_view word : words) { append_word(out, word); }
  return std::string(out.view());
}

/// A client, and a server that says what the test makes it say.
class ClientTest : public testing::Test {
 protected:
  explicit ClientTest(SSL_CTX* tls = nullptr) : redis_(loop_, tls) {
    server_.host = "127.0.0.1";
    server_.port = redis_.port();
    server_.timeout = 20s;  // tests of time limits set their own
  }

  Client& client() {
    if (!client_) {
      client_ = std::make_unique<Client>(loop_, resolver_, std::make_shared<const Server>(server_),
                                         [this](bool there, std::string_view why) {
                                           changes_.push_back(there ? "there" : std::string(why));
                                         });
    }
    return *client_;
  }
  /// The greeting of connection `i` is answered.
  void welcome(std::size_t i = 0) {
    client();
    ASSERT_TRUE(redis_.hears(i, kPing));
    static_cast<void>(redis_.peer(i).take());
    redis_.peer(i).send("+PONG\r\n");
    ASSERT_TRUE(run_until([this] { return !changes_.empty() && changes_.back() == "there"; }));
  }
  Client::Ticket send(std::initializer_list<std::string_view> words) {
    return client().send({words.begin(), words.size()},
                         [this](const Reply* reply) { note(reply); });
  }
  Client::Ticket get(std::string_view key) { return send({"GET", key}); }
  void note(const Reply* reply) {
    answers_.emplace_back(reply == nullptr ? "none" : std::string(reply->text));
    if (then_) { then_(); }
  }
  [[nodiscard]] bool run_until(const std::function<bool()>& met) {
    return support::run_until(loop_, met);
  }
  [[nodiscard]] bool answered(std::size_t count) {
    return run_until([&] { return answers_.size() >= count; });
  }

  net::Loop loop_;
  net::Resolver resolver_;
  support::TestUpstream redis_;
  Server server_;
  std::vector<std::string> changes_;
  std::vector<std::string> answers_;
  std::function<void()> then_;
  std::unique_ptr<Client> client_;
};

TEST_F(ClientTest, CommandsArePipelinedAndAnsweredInOrder) {
  welcome();
  const auto a = get("a");
  const auto b = get("b");
  const auto c = get("c");
  ASSERT_TRUE(redis_.hears(0, command({"GET", "c"})));
  EXPECT_EQ(redis_.peer(0).received(),
            command({"GET", "a"}) + command({"GET", "b"}) + command({"GET", "c"}));
  redis_.peer(0).send("$1\r\n1\r\n$1\r");
  support::settle(loop_);
  redis_.peer(0).send("\n2\r\n-ERR no\r\n");
  ASSERT_TRUE(answered(3));
  EXPECT_THAT(answers_, ElementsAre("1", "2", "ERR no"));
  EXPECT_EQ(redis_.accepted(), 1U);
}

TEST_F(ClientTest, TheFirstCommandsWaitForTheConnection) {
  const auto ticket = get("a");
  ASSERT_TRUE(ticket);
  ASSERT_TRUE(redis_.hears(0, kPing));
  support::settle(loop_);
  EXPECT_EQ(redis_.peer(0).take(), kPing);
  redis_.peer(0).send("+PONG\r\n");
  ASSERT_TRUE(redis_.hears(0, command({"GET", "a"})));
  redis_.peer(0).send("$-1\r\n");
  ASSERT_TRUE(answered(1));
  EXPECT_THAT(answers_, ElementsAre(""));
}

TEST_F(ClientTest, ItLogsInAndChoosesTheDatabase) {
  server_.username = "butter";
  server_.password = Secret("hunter2");
  server_.db = 7;
  client();
  ASSERT_TRUE(redis_.hears(0, kPing));
  EXPECT_EQ(redis_.peer(0).received(),
            command({"AUTH", "butter", "hunter2"}) + command({"SELECT", "7"}) + command({"PING"}));
  redis_.peer(0).send("+OK\r\n+OK\r\n");
  support::settle(loop_);
  EXPECT_THAT(changes_, IsEmpty());
  redis_.peer(0).send("+PONG\r\n");
  ASSERT_TRUE(run_until([this] { return !changes_.empty(); }));
  EXPECT_THAT(changes_, ElementsAre("there"));
}

TEST_F(ClientTest, APasswordAloneIsThatOfTheDefaultUser) {
  server_.password = Secret("hunter2");
  client();
  ASSERT_TRUE(redis_.hears(0, kPing));
  EXPECT_EQ(redis_.peer(0).received(), command({"AUTH", "hunter2"}) + command({"PING"}));
}

TEST_F(ClientTest, ARefusedGreetingIsToldWithoutThePassword) {
  server_.password = Secret("hunter2");
  const auto ticket = get("a");
  ASSERT_TRUE(redis_.hears(0, kPing));
  redis_.peer(0).send("-WRONGPASS invalid username-password pair\r\n");
  ASSERT_TRUE(answered(1));
  EXPECT_THAT(answers_, ElementsAre("none"));
  EXPECT_THAT(changes_,
              ElementsAre("the server refuses: WRONGPASS invalid username-password pair"));
  EXPECT_FALSE(get("b")) << "it costs nothing now";
}

TEST_F(ClientTest, LargeBinaryValuesGoBothWays) {
  welcome();
  std::string large(5 << 20, '\0');
  for (std::size_t i = 0; i < large.size(); ++i) { large[i] = static_cast<char>(i * 31); }
  const auto set = send({"SET", "k", large, "PX", "60000"});
  ASSERT_TRUE(redis_.hears(0, "PX\r\n$5\r\n60000\r\n"));
  EXPECT_EQ(redis_.peer(0).take(), command({"SET", "k", large, "PX", "60000"}));
  redis_.peer(0).send("+OK\r\n");
  const auto got = get("k");
  ASSERT_TRUE(redis_.hears(0, command({"GET", "k"})));
  redis_.peer(0).send("$" + std::to_string(large.size()) + "\r\n" + large + "\r\n");
  ASSERT_TRUE(answered(2));
  EXPECT_TRUE(answers_[1] == large);
}

TEST_F(ClientTest, WhoGivesUpIsNotCalled) {
  welcome();
  auto a = get("a");
  const auto b = get("b");
  a.give_up();
  ASSERT_TRUE(redis_.hears(0, command({"GET", "b"})));
  redis_.peer(0).send("$1\r\n1\r\n$1\r\n2\r\n");
  ASSERT_TRUE(answered(1));
  EXPECT_THAT(answers_, ElementsAre("2"));
}

TEST_F(ClientTest, WhoIsAnsweredMayAskAgain) {
  welcome();
  Client::Ticket second;
  then_ = [&] {
    if (answers_.size() == 1) { second = get("b"); }
  };
  const auto first = get("a");
  ASSERT_TRUE(redis_.hears(0, command({"GET", "a"})));
  redis_.peer(0).send("$1\r\n1\r\n");
  ASSERT_TRUE(redis_.hears(0, command({"GET", "b"})));
  redis_.peer(0).send("$1\r\n2\r\n");
  ASSERT_TRUE(answered(2));
  EXPECT_THAT(answers_, ElementsAre("1", "2"));
}

// Scripts

TEST_F(ClientTest, AScriptGoesByItsTextOnceAndThenByItsHash) {
  welcome();
  const Script script("return ARGV[1]");
  const std::string_view key = "k";
  const auto run = [&](std::string_view argument) {
    return client().run(script, {&key, 1}, {&argument, 1},
                        [this](const Reply* reply) { note(reply); });
  };
  const auto first = run("7");
  const auto second = run("8");
  ASSERT_TRUE(redis_.hears(0, command({"EVAL", script.text(), "1", "k", "7"}) +
                                  command({"EVALSHA", script.hash(), "1", "k", "8"})));
  const auto behind = get("a");
  redis_.peer(0).send("$1\r\n7\r\n-NOSCRIPT No matching script. Please use EVAL.\r\n");
  ASSERT_TRUE(redis_.hears(0, command({"EVAL", script.text(), "1", "k", "8"})));
  redis_.peer(0).send("$1\r\na\r\n$1\r\n8\r\n");
  ASSERT_TRUE(answered(3));
  EXPECT_THAT(answers_, ElementsAre("7", "a", "8"));
}

TEST_F(ClientTest, AScriptThatNobodyWaitsForIsSentByItsTextAllTheSame) {
  welcome();
  const Script script("return 1");
  for (int i = 0; i < 2; ++i) {
    client().run(script, {}, {}, [this](const Reply* reply) { note(reply); }).give_up();
  }
  ASSERT_TRUE(redis_.hears(0, "EVALSHA"));
  static_cast<void>(redis_.peer(0).take());
  redis_.peer(0).send(":1\r\n-NOSCRIPT\r\n");
  ASSERT_TRUE(redis_.hears(0, command({"EVAL", script.text(), "0"})));
}

TEST_F(ClientTest, ANewConnectionMayBeToAServerThatKnowsNoScript) {
  welcome();
  const Script script("return 1");
  client().run(script, {}, {}, [](const Reply*) {}).give_up();
  ASSERT_TRUE(redis_.hears(0, "EVAL\r\n"));
  redis_.peer(0).close();
  ASSERT_TRUE(run_until([this] { return changes_.back() != "there"; }));
  welcome(1);
  client().run(script, {}, {}, [](const Reply*) {}).give_up();
  ASSERT_TRUE(redis_.hears(1, "EVAL\r\n"));
}

// A server that is slow, or away

TEST_F(ClientTest, ASlowServerCostsOneTimeLimitUntilItHasAnswered) {
  server_.timeout = 20ms;
  welcome();
  const auto a = get("a");
  ASSERT_TRUE(answered(1));
  EXPECT_THAT(answers_, ElementsAre("none"));
  EXPECT_THAT(changes_, ElementsAre("there", "no answer within 20 ms"));
  EXPECT_FALSE(get("b"));
  redis_.peer(0).send("$1\r\n1\r\n");
  ASSERT_TRUE(run_until([this] { return changes_.size() == 3; }));
  EXPECT_THAT(changes_, ElementsAre("there", "no answer within 20 ms", "there"));
  EXPECT_EQ(answers_.size(), 1U) << "the late answer is nobody's";
  const auto c = get("c");
  ASSERT_TRUE(redis_.hears(0, command({"GET", "c"})));
  redis_.peer(0).send("$1\r\n3\r\n");
  ASSERT_TRUE(answered(2));
  EXPECT_THAT(answers_, ElementsAre("none", "3"));
  EXPECT_EQ(redis_.accepted(), 1U);
}

TEST_F(ClientTest, WhoIsToldOfALateAnswerIsRefusedAtOnce) {
  server_.timeout = 20ms;
  welcome();
  bool refused = false;
  then_ = [&] { refused = !get("b"); };
  const auto a = get("a");
  ASSERT_TRUE(answered(1));
  EXPECT_TRUE(refused);
}

TEST_F(ClientTest, ASilentConnectionIsReplaced) {
  server_.timeout = 20ms;
  welcome();
  get("a").give_up();
  ASSERT_TRUE(run_until([this] { return redis_.accepted() == 2; }));
  EXPECT_TRUE(redis_.peer(0).ended());
  changes_.clear();
  welcome(1);
  EXPECT_TRUE(get("b"));
}

TEST_F(ClientTest, NobodyListens) {
  const std::string port = std::to_string(redis_.port());
  redis_.stop();
  const auto ticket = get("a");
  ASSERT_TRUE(answered(1));
  EXPECT_THAT(answers_, ElementsAre("none"));
  EXPECT_THAT(changes_,
              ElementsAre("dial tcp 127.0.0.1:" + port + ": connect: Connection refused"));
  EXPECT_FALSE(get("b"));
}

TEST_F(ClientTest, AServerThatNeverGreetsHoldsNobody) {
  server_.timeout = 20ms;
  const auto ticket = get("a");
  ASSERT_TRUE(answered(1));
  EXPECT_THAT(changes_, ElementsAre("no answer within 20 ms"));
  ASSERT_TRUE(redis_.hears(0, kPing));
  redis_.peer(0).send("+PONG\r\n");
  ASSERT_TRUE(run_until([this] { return changes_.size() == 2; }));
  EXPECT_THAT(redis_.peer(0).received(), EndsWith(kPing)) << "what came too late is not sent";
}

TEST_F(ClientTest, ALostConnectionIsToldAndReplaced) {
  welcome();
  const auto ticket = get("a");
  ASSERT_TRUE(redis_.hears(0, command({"GET", "a"})));
  redis_.peer(0).close();
  ASSERT_TRUE(answered(1));
  EXPECT_THAT(answers_, ElementsAre("none"));
  ASSERT_TRUE(run_until([this] { return redis_.accepted() == 2; }));
  changes_.clear();
  welcome(1);
  EXPECT_TRUE(get("b"));
}

TEST_F(ClientTest, AConnectionThatWasSteadyIsReplacedUnseen) {
  welcome();
  support::run_for(loop_, 1s);
  redis_.peer(0).close();
  ASSERT_TRUE(run_until([this] { return redis_.accepted() == 2; }));
  EXPECT_THAT(changes_, ElementsAre("there"));
  const auto ticket = get("a");
  ASSERT_TRUE(ticket);
  ASSERT_TRUE(redis_.hears(1, kPing));
  redis_.peer(1).send("+PONG\r\n");
  ASSERT_TRUE(redis_.hears(1, command({"GET", "a"})));
  redis_.peer(1).send("$1\r\n1\r\n");
  ASSERT_TRUE(answered(1));
  EXPECT_THAT(answers_, ElementsAre("1"));
}

TEST_F(ClientTest, WhatIsNotRedisIsLeft) {
  client();
  ASSERT_TRUE(redis_.hears(0, kPing));
  redis_.peer(0).send("HTTP/1.1 400 Bad Request\r\n\r\n");
  ASSERT_TRUE(run_until([this] { return !changes_.empty(); }));
  EXPECT_THAT(changes_, ElementsAre("it does not speak Redis' protocol"));
}

TEST_F(ClientTest, AReplyThatNobodyAskedForEndsTheConnection) {
  welcome();
  redis_.peer(0).send("+OK\r\n");
  ASSERT_TRUE(run_until([this] { return redis_.peer(0).ended(); }));
  EXPECT_THAT(changes_, ElementsAre("there", "a reply that nobody asked for"));
}

TEST_F(ClientTest, TooMuchThatWaitsIsRefused) {
  welcome();
  std::vector<Client::Ticket> tickets;
  for (std::size_t i = 0; i < Client::kMostInFlight; ++i) { tickets.push_back(get("a")); }
  EXPECT_TRUE(tickets.back());
  EXPECT_FALSE(get("a"));
}

TEST_F(ClientTest, ItMayGoAtAnyMoment) {
  client();
  auto early = get("a");
  client_.reset();
  welcome();
  auto late = get("b");
  ASSERT_TRUE(redis_.hears(redis_.accepted() - 1, command({"GET", "b"})));
  client_.reset();
  EXPECT_TRUE(run_until([this] { return redis_.last().ended(); }));
  EXPECT_THAT(answers_, IsEmpty());
}

// TLS

class TlsClientTest : public ClientTest {
 protected:
  TlsClientTest() : TlsClientTest(std::make_shared<support::CertificateAuthority>()) {}
  explicit TlsClientTest(const std::shared_ptr<support::CertificateAuthority>& authority)
      : TlsClientTest(authority, authority->server("IP:127.0.0.1")) {}
  TlsClientTest(std::shared_ptr<support::CertificateAuthority> authority,
                support::Owned<SSL_CTX> context)
      : ClientTest(context.get()), authority_(std::move(authority)), context_(std::move(context)) {
    server_.tls = net::TlsContext::make({.ca_file = authority_->file()}).value();
  }

  std::shared_ptr<support::CertificateAuthority> authority_;
  support::Owned<SSL_CTX> context_;
};

TEST_F(TlsClientTest, CommandsGoThrough) {
  welcome();
  const std::string large(1 << 20, 'x');
  const auto ticket = send({"SET", "a", large});
  ASSERT_TRUE(redis_.hears(0, large + "\r\n"));
  redis_.peer(0).send("$" + std::to_string(large.size()) + "\r\n" + large + "\r\n");
  ASSERT_TRUE(answered(1));
  EXPECT_TRUE(answers_[0] == large);
}

TEST_F(TlsClientTest, AnUnknownAuthorityIsRefused) {
  const support::CertificateAuthority other("Another authority");
  server_.tls = net::TlsContext::make({.ca_file = other.file()}).value();
  client();
  ASSERT_TRUE(run_until([this] { return !changes_.empty(); }));
  EXPECT_THAT(changes_[0], HasSubstr("certificate verify failed"));
}

}  // namespace
}  // namespace butter::redis
