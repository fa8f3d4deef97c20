#include <unistd.h>

#include <cstdio>
#include <exception>
#include <span>

#include "app/arguments.h"
#include "app/gateway_process.h"
#include "app/plugin_command.h"
#include "app/version.h"
#include "config/load.h"
#include "log/sink.h"
#include "plugin/chain.h"
#include "wasm/library.h"

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
  const auto refuse = [&path](const Error& why) {
    print(stderr, path + ": " + why.detail + "\n1 mistake\n");
    return 1;
  };
  log::Sink sink(STDERR_FILENO);
  const auto chain = plugin::Chain::make(*loaded.config, sink, nullptr);
  if (!chain) { return refuse(chain.error()); }
  const auto snapshot =
      gateway::Snapshot::make(*loaded.config, config::process_environment(), nullptr);
  if (!snapshot) { return refuse(snapshot.error()); }
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

int plugin(std::span<const char* const> words) {
  const auto arguments = parse_plugin_arguments(words);
  if (!arguments) {
    print(stderr, arguments.error().detail + "\n" + plugin_usage());
    return 2;
  }
  std::string out;
  const int code = run_plugin_test(*arguments, out);
  print(stdout, out);
  return code;
}

int run(std::span<const char* const> words) {
  const std::string program = words[0];
  const Arguments arguments = parse_arguments(words.subspan(1));
  switch (arguments.command) {
    case Arguments::Command::serve: return serve(arguments.config_path);
    case Arguments::Command::check: return check(arguments.config_path);
    case Arguments::Command::plugin: return plugin(words.subspan(2));
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
    butter::wasm::keep_no_cache_by_default();
    return butter::app::run(words);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "butter: %s\n", failure.what());
    return 1;
  }
}
