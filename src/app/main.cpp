#include <unistd.h>

#include <cstdio>
#include <exception>
#include <span>

#include "app/arguments.h"
#include "app/gateway_process.h"
#include "app/version.h"
#include "config/load.h"
#include "log/sink.h"

namespace butter::app {
namespace {

constexpr const char* kDefaultConfig = "config.yaml";

void print(std::FILE* to, const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), to);
}

int check(const std::string& given) {
  const std::string path = given.empty() ? kDefaultConfig : given;
  const config::Loaded loaded = config::load_file(path, config::process_environment());
  if (!loaded.config) {
    print(stderr, loaded.error_text() + "\n");
    const std::size_t count = loaded.complaints.size();
    print(stderr, std::to_string(count) + (count == 1 ? " mistake\n" : " mistakes\n"));
    return 1;
  }
  auto snapshot = gateway::Snapshot::make(*loaded.config, config::process_environment(), nullptr);
  if (!snapshot) {
    print(stderr, path + ": " + snapshot.error().detail + "\n1 mistake\n");
    return 1;
  }
  for (const std::string& warning : loaded.config->warnings) {
    print(stderr, "warning: " + warning + "\n");
  }
  print(stdout, path + ": ok\n");
  return 0;
}

int serve(const std::string& given) {
  // Without a file and without being asked for one, the built-in configuration answers.
  const bool has_default = ::access(kDefaultConfig, F_OK) == 0;
  const std::string path = !given.empty() ? given : has_default ? kDefaultConfig : "";
  int code = 1;
  {
    log::Sink sink(STDOUT_FILENO);
    GatewayProcess process(sink, path);
    code = process.run();
  }
  if (code == 0) { print(stdout, "butter stopped\n"); }
  return code;
}

int run(const Arguments& arguments, const std::string& program) {
  switch (arguments.command) {
    case Arguments::Command::serve: return serve(arguments.config_path);
    case Arguments::Command::check: return check(arguments.config_path);
    case Arguments::Command::version: print(stdout, version_text()); return 0;
    case Arguments::Command::help: print(stderr, usage(program)); return 0;
    case Arguments::Command::usage_error:
      print(stderr, arguments.complaint + "\n" + usage(program));
      return 2;
  }
  __builtin_unreachable();
}

}  // namespace
}  // namespace butter::app

int main(int argc, char** argv) {
  const std::span<const char* const> words(argv, static_cast<std::size_t>(argc));
  try {
    return butter::app::run(butter::app::parse_arguments(words.subspan(1)), words[0]);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "butter: %s\n", failure.what());
    return 1;
  }
}
