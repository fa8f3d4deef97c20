#include "app/arguments.h"

#include <string_view>

namespace butter::app {

Arguments parse_arguments(std::span<const char* const> words) {
  Arguments out;
  std::size_t next = 0;
  if (!words.empty()) {
    const std::string_view first = words[0];
    if (first == "version") {
      return {.command = Arguments::Command::version, .config_path = {}, .complaint = {}};
    }
    if (first == "help") {
      return {.command = Arguments::Command::help, .config_path = {}, .complaint = {}};
    }
    if (first == "plugin") {  // what follows has flags of its own
      return {.command = Arguments::Command::plugin, .config_path = {}, .complaint = {}};
    }
    if (first == "check" || first == "run") {
      out.command = first == "check" ? Arguments::Command::check : Arguments::Command::serve;
      next = 1;
    }
  }
  for (; next < words.size(); ++next) {
    const std::string_view word = words[next];
    if (word.size() < 2 || word[0] != '-' || word == "--") { break; }
    std::string_view flag = word.substr(word.starts_with("--") ? 2 : 1);
    const std::size_t equals = flag.find('=');
    const bool has_value = equals != std::string_view::npos;
    const std::string_view value = has_value ? flag.substr(equals + 1) : std::string_view{};
    flag = flag.substr(0, equals);
    if (flag == "h" || flag == "help") {
      out.command = Arguments::Command::help;
      return out;
    }
    if (flag != "config") {
      out.command = Arguments::Command::usage_error;
      out.complaint = "flag provided but not defined: -" + std::string(flag);
      return out;
    }
    if (has_value) {
      out.config_path = value;
    } else if (next + 1 < words.size()) {
      out.config_path = words[++next];
    } else {
      out.command = Arguments::Command::usage_error;
      out.complaint = "flag needs an argument: -config";
      return out;
    }
  }
  return out;
}

std::string usage(const std::string& program) {
  return "Usage of " + program +
         ":\n"
         "  butter [-config FILE]        start the gateway\n"
         "  butter check [-config FILE]  say all that is wrong with a configuration; exit code 1 "
         "if anything\n"
         "  butter plugin test FILE      run a plugin in WebAssembly on a request; see "
         "docs/plugins.md\n"
         "  butter version               what this is\n"
         "  butter help                  this text\n"
         "\n"
         "  -config string\n"
         "        path to the configuration (default \"config.yaml\"; without that file: a "
         "built-in\n"
         "        configuration that answers from a provider with no key and no server)\n"
         "\n"
         "SIGHUP reads the configuration again. SIGTERM and SIGINT stop when the requests under "
         "way\n"
         "have ended, at the latest after server.shutdown_timeout; a second one stops at once.\n"
         "Exit codes: 0 = every request got its answer; 1 = it could not start, or requests were\n"
         "cut off; 2 = wrong arguments.\n";
}

}  // namespace butter::app
