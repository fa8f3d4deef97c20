#include "app/plugin_arguments.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <string_view>

#include "base/strings.h"
#include "config/units.h"

namespace butter::app {

namespace {

using Problem = std::optional<std::string>;

Problem split(std::string_view text, char at, std::string& before, std::string& after) {
  const std::size_t place = text.find(at);
  if (place == std::string_view::npos || place == 0) {
    return "expected NAME" + std::string(1, at) + "VALUE, got " + quoted(text);
  }
  before = trim(text.substr(0, place));
  after = trim(text.substr(place + 1));
  return std::nullopt;
}

Problem add_hook(std::string_view name, PluginArguments& out) {
  const auto hook = std::ranges::find_if(
      wasm::kHooks, [name](wasm::Hook one) { return name == wasm::to_string(one); });
  if (hook == wasm::kHooks.end()) { return "no hook " + quoted(name); }
  out.hooks.push_back(*hook);
  return std::nullopt;
}

Problem set_times(std::string_view text, PluginArguments& out) {
  constexpr unsigned kMost = 1'000'000;
  const auto [end, error] = std::from_chars(text.begin(), text.end(), out.times);
  if (error != std::errc{} || end != text.end() || out.times == 0 || out.times > kMost) {
    return "expected a number from 1 to 1000000, got " + quoted(text);
  }
  return std::nullopt;
}

Problem set_timeout(std::string_view text, PluginArguments& out) {
  const auto limit = config::parse_duration(text);
  if (!limit || *limit < 1ms) { return "expected a duration such as 50ms, got " + quoted(text); }
  out.settings.time_limit = *limit;
  return std::nullopt;
}

/// Takes a flag with its value. \return why not; "" = no such flag
Problem take(std::string_view flag, std::string_view value, PluginArguments& out) {
  std::string name;
  std::string text;
  if (flag == "request") {
    out.request = value;
  } else if (flag == "response") {
    out.response = value;
  } else if (flag == "provider") {
    out.provider = value;
  } else if (flag == "library") {
    out.library = value;
  } else if (flag == "cache-dir") {
    out.cache_dir = value;
  } else if (flag == "allow-host") {
    out.settings.allowed_hosts.emplace_back(value);
  } else if (flag == "hook") {
    return add_hook(value, out);
  } else if (flag == "times") {
    return set_times(value, out);
  } else if (flag == "timeout") {
    return set_timeout(value, out);
  } else if (flag == "config") {
    Problem problem = split(value, '=', name, text);
    if (!problem) { out.settings.config[name] = text; }
    return problem;
  } else if (flag == "header") {
    Problem problem = split(value, ':', name, text);
    if (!problem) { out.headers.emplace_back(name, text); }
    return problem;
  } else {
    return "";
  }
  return std::nullopt;
}

}  // namespace

Result<PluginArguments> parse_plugin_arguments(std::span<const char* const> words) {
  if (words.empty() || std::string_view(words[0]) != "test") {
    return fail(Errc::bad_config, "expected: butter plugin test FILE");
  }
  PluginArguments out;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (!word.starts_with('-')) {
      if (!out.settings.path.empty()) {
        return fail(Errc::bad_config, "one file at a time, got " + quoted(word) + ", too");
      }
      out.settings.path = word;
      continue;
    }
    const std::string_view flag = word.substr(word.starts_with("--") ? 2 : 1);
    if (flag == "expose-secrets") {
      out.expose_secrets = true;
      continue;
    }
    const std::size_t equals = flag.find('=');
    const bool joined = equals != std::string_view::npos;
    if (!joined && i + 1 == words.size()) {
      return fail(Errc::bad_config, "flag needs an argument: --" + std::string(flag));
    }
    const std::string_view value = joined ? flag.substr(equals + 1) : words[++i];
    if (const Problem problem = take(flag.substr(0, equals), value, out)) {
      return fail(Errc::bad_config,
                  problem->empty()
                      ? "flag provided but not defined: --" + std::string(flag.substr(0, equals))
                      : "--" + std::string(flag.substr(0, equals)) + ": " + *problem);
    }
  }
  if (out.settings.path.empty()) { return fail(Errc::bad_config, "which file?"); }
  out.settings.name = std::filesystem::path(out.settings.path).stem().string();
  return out;
}

std::string plugin_usage() {
  return "Usage of butter plugin test:\n"
         "  butter plugin test FILE [flags]   run a plugin's hooks once, in their order\n"
         "\n"
         "  --request FILE     the request's body, JSON\n"
         "  --response FILE    the answer's body, JSON, for post_llm and post_http\n"
         "  --config KEY=VALUE   of the plugin's configuration; again for more\n"
         "  --header NAME:VALUE  of the request; again for more\n"
         "  --provider NAME    what the plugin is told (default \"test\")\n"
         "  --hook NAME        only this hook; again for more\n"
         "  --times N          call each hook N times, to see what a warm call costs\n"
         "  --timeout DURATION   of one call (default 50ms)\n"
         "  --allow-host HOST  that it may send HTTP requests to; again for more\n"
         "  --expose-secrets   show it credentials and cookies, too\n"
         "  --library FILE     libextism; by default as the gateway finds it\n"
         "  --cache-dir DIR    keep compiled modules there; the next start takes milliseconds\n"
         "\n"
         "What the plugin logs goes to standard error. Exit codes: 0 = every hook ran; 1 = one\n"
         "failed, or the plugin cannot be loaded; 2 = wrong arguments.\n";
}

}  // namespace butter::app
