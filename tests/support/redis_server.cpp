#include "support/redis_server.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "net/address.h"

extern char** environ;

namespace butter::support {

namespace {

/// A port that nobody listens on now. Somebody else may take it: then the server ends, and another
/// one is tried.
std::uint16_t free_port() {
  const Fd socket = net::listen_on("127.0.0.1:0").value();
  return net::local_address(socket.get()).port();
}

}  // namespace

RedisServer::RedisServer(std::vector<std::string> options) {
  constexpr int kTries = 5;
  for (int i = 0; i < kTries && !running(); ++i) { start(options); }
}

void RedisServer::start(const std::vector<std::string>& options) {
  port_ = free_port();
  std::vector<std::string> words{
      "redis-server", "--port", std::to_string(port_), "--bind", "127.0.0.1",
      "--save",       "",       "--appendonly",        "no",     "--dir",
      "/tmp"};
  words.insert(words.end(), options.begin(), options.end());
  std::vector<char*> argv;
  for (std::string& word : words) { argv.push_back(word.data()); }
  argv.push_back(nullptr);

  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) { return; }
  const Fd ours(ends[0]);
  Fd theirs(ends[1]);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, theirs.get(), STDOUT_FILENO);
  const int failed = ::posix_spawnp(&pid_, "redis-server", &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  theirs.reset();
  log_.clear();
  if (failed != 0) {
    pid_ = 0;
    log_ = "redis-server cannot be started: scripts/install_packages.sh test";
    return;
  }
  char chunk[4096];
  while (log_.find("Ready to accept connections") == std::string::npos) {
    const ssize_t got = ::read(ours.get(), chunk, sizeof chunk);
    if (got <= 0) {
      stop();
      return;
    }
    log_.append(chunk, static_cast<std::size_t>(got));
  }
}

RedisServer::~RedisServer() {
  stop();
}

void RedisServer::freeze() const {
  ::kill(pid_, SIGSTOP);
}

void RedisServer::thaw() const {
  ::kill(pid_, SIGCONT);
}

void RedisServer::stop() {
  if (pid_ <= 0) { return; }
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

}  // namespace butter::support
