// The client against a real redis-server.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "redis/client.h"
#include "support/loop_driver.h"
#include "support/redis_server.h"

namespace butter::redis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class RedisTest : public testing::Test {
 protected:
  void begin(std::vector<std::string> options = {}) {
    redis_.emplace(std::move(options));
    ASSERT_TRUE(redis_->running()) << redis_->why();
    server_.host = "127.0.0.1";
    server_.port = redis_->port();
    server_.timeout = 10s;
  }
  Client& client() {
    if (!client_) {
      client_.emplace(loop_, resolver_, std::make_shared<const Server>(server_),
                      [this](bool there, std::string_view why) {
                        changes_.push_back(there ? "there" : std::string(why));
                      });
    }
    return *client_;
  }
  void note(const Reply* reply) {
    answers_.push_back(reply == nullptr                      ? "none"
                       : reply->kind == Reply::Kind::integer ? std::to_string(reply->integer)
                                                             : std::string(reply->text));
  }
  /// What the server answers to a command.
  std::string ask(std::initializer_list<std::string_view> words) {
    const std::size_t before = answers_.size();
    const auto ticket =
        client().send({words.begin(), words.size()}, [this](const Reply* reply) { note(reply); });
    if (!ticket) { return "away"; }
    EXPECT_TRUE(support::run_until(loop_, [&] { return answers_.size() > before; }));
    return answers_.back();
  }

  net::Loop loop_;
  net::Resolver resolver_;
  Server server_;
  std::optional<support::RedisServer> redis_;
  std::vector<std::string> changes_, answers_;
  std::optional<Client> client_;
};

TEST_F(RedisTest, ValuesComeBackAsTheyWere) {
  begin();
  std::string large(8 << 20, '\0');
  for (std::size_t i = 0; i < large.size(); ++i) { large[i] = static_cast<char>(i * 131 >> 3); }
  EXPECT_EQ(ask({"SET", "k", large, "PX", "60000"}), "OK");
  EXPECT_TRUE(ask({"GET", "k"}) == large);
  EXPECT_EQ(ask({"GET", "absent"}), "");
  EXPECT_THAT(ask({"INCR", "k"}), HasSubstr("value is not an integer"));
}

TEST_F(RedisTest, ManyCommandsInFlight) {
  begin();
  std::vector<Client::Ticket> tickets;
  const std::vector<std::string_view> words{"INCR", "n"};
  for (int i = 0; i < 1000; ++i) {
    tickets.push_back(client().send(words, [this](const Reply* reply) { note(reply); }));
  }
  ASSERT_TRUE(support::run_until(loop_, [&] { return answers_.size() == 1000; }));
  for (std::size_t i = 0; i < 1000; ++i) { EXPECT_EQ(answers_[i], std::to_string(i + 1)); }
}

TEST_F(RedisTest, ScriptsAreSentOnceUntilTheServerForgetsThem) {
  begin();
  const Script script("return redis.call('INCRBY', KEYS[1], ARGV[1])");
  const auto run = [&] {
    const std::string_view key = "n";
    const std::string_view by = "5";
    const std::size_t before = answers_.size();
    const auto ticket =
        client().run(script, {&key, 1}, {&by, 1}, [this](const Reply* reply) { note(reply); });
    EXPECT_TRUE(support::run_until(loop_, [&] { return answers_.size() > before; }));
    return answers_.back();
  };
  EXPECT_EQ(run(), "5");
  EXPECT_EQ(run(), "10");
  EXPECT_EQ(ask({"SCRIPT", "FLUSH"}), "OK");
  EXPECT_EQ(run(), "15");
}

TEST_F(RedisTest, ScriptsRunInOrderFromTheFirst) {
  begin();
  const Script set("return redis.call('SET', KEYS[1], ARGV[1])");
  const Script get("return redis.call('GET', KEYS[1])");
  const std::string_view key = "n";
  std::vector<Client::Ticket> tickets;
  for (const std::string_view value : {"1", "2", "3"}) {
    const auto noted = [this](const Reply* reply) { note(reply); };
    tickets.push_back(client().run(set, {&key, 1}, {&value, 1}, noted));
    tickets.push_back(client().run(get, {&key, 1}, {}, noted));
  }
  ASSERT_TRUE(support::run_until(loop_, [&] { return answers_.size() == tickets.size(); }));
  EXPECT_THAT(answers_, ElementsAre("OK", "1", "OK", "2", "OK", "3"));
}

TEST_F(RedisTest, UsersPasswordsAndDatabases) {
  begin({"--user", "butter", "on", ">hunter2", "~*", "+@all"});
  server_.username = "butter";
  server_.password = Secret("hunter2");
  server_.db = 3;
  EXPECT_EQ(ask({"SET", "k", "v"}), "OK");
  EXPECT_THAT(ask({"CLIENT", "INFO"}), HasSubstr(" db=3 "));
  EXPECT_THAT(ask({"ACL", "WHOAMI"}), "butter");
}

TEST_F(RedisTest, AWrongPasswordIsAServerThatIsAway) {
  begin({"--requirepass", "hunter2"});
  server_.password = Secret("hunter3");
  EXPECT_EQ(ask({"PING"}), "none");
  EXPECT_THAT(changes_, ElementsAre(HasSubstr("WRONGPASS")));
  EXPECT_EQ(ask({"PING"}), "away");
}

TEST_F(RedisTest, AMissingPasswordIsToldByTheGreeting) {
  begin({"--requirepass", "hunter2"});
  EXPECT_EQ(ask({"GET", "k"}), "none");
  EXPECT_THAT(changes_, ElementsAre(HasSubstr("NOAUTH")));
}

TEST_F(RedisTest, AFrozenServerIsAwayAndComesBack) {
  begin();
  server_.timeout = 200ms;
  ASSERT_EQ(ask({"SET", "k", "v"}), "OK");
  redis_->freeze();
  EXPECT_EQ(ask({"GET", "k"}), "none");
  EXPECT_EQ(ask({"GET", "k"}), "away");
  redis_->thaw();
  ASSERT_TRUE(support::run_until(loop_, [&] { return changes_.back() == "there"; }));
  EXPECT_EQ(ask({"GET", "k"}), "v");
}

TEST_F(RedisTest, AKilledServerIsAwayAtOnce) {
  begin();
  ASSERT_EQ(ask({"PING"}), "PONG");
  redis_->stop();
  ASSERT_TRUE(support::run_until(loop_, [&] { return changes_.size() > 1; }));
  EXPECT_EQ(ask({"PING"}), "away");
}

}  // namespace
}  // namespace butter::redis
