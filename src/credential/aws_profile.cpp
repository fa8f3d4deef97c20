#include "credential/aws_profile.h"

#include <algorithm>

#include "base/strings.h"
#include "credential/file_text.h"

namespace butter::credential {

namespace {

/// Reads the settings of the section that `is_wanted` names. Lines that begin with a blank are
/// nested ones of services, which say nothing about credentials.
template <class IsWanted>
void read_section(std::string_view text, IsWanted is_wanted, AwsProfile& profile) {
  bool inside = false;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const bool nested = line.starts_with(' ') || line.starts_with('\t');
    std::string_view trimmed = trim(line);
    if (trimmed.ends_with('\r')) { trimmed = trim(trimmed.substr(0, trimmed.size() - 1)); }
    if (nested || trimmed.empty() || trimmed.starts_with('#') || trimmed.starts_with(';')) {
      continue;
    }
    if (trimmed.starts_with('[')) {
      inside = is_wanted(trim(trimmed.substr(1, trimmed.find(']') - 1)));
      profile.found = profile.found || inside;
      continue;
    }
    const std::size_t equals = trimmed.find('=');
    if (!inside || equals == std::string_view::npos) { continue; }
    std::string key(trim(trimmed.substr(0, equals)));
    std::ranges::transform(key, key.begin(), to_lower);
    profile.settings[key] = trim(trimmed.substr(equals + 1));
  }
}

std::string path_of(const config::Environment& env, std::string_view variable,
                    std::string_view below_home) {
  if (auto path = env(variable); path && !path->empty()) { return *path; }
  return env("HOME").value_or("") + std::string(below_home);
}

}  // namespace

std::string_view AwsProfile::setting(std::string_view key) const {
  const auto found_at = settings.find(key);
  return found_at != settings.end() ? std::string_view(found_at->second) : std::string_view{};
}

AwsProfile read_aws_profile(const std::string& wanted, const config::Environment& env) {
  AwsProfile profile;
  profile.name = !wanted.empty() ? wanted : env("AWS_PROFILE").value_or("");
  profile.named = !profile.name.empty();
  if (!profile.named) { profile.name = "default"; }
  if (const auto text = file_text(path_of(env, "AWS_CONFIG_FILE", "/.aws/config"))) {
    const auto is_wanted = [&profile](std::string_view section) {
      if (section == "default") { return profile.name == "default"; }
      constexpr std::string_view kWord = "profile ";
      return section.starts_with(kWord) && trim(section.substr(kWord.size())) == profile.name;
    };
    read_section(*text, is_wanted, profile);
  }
  if (const auto text =
          file_text(path_of(env, "AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials"))) {
    read_section(
        *text, [&profile](std::string_view section) { return section == profile.name; }, profile);
  }
  return profile;
}

}  // namespace butter::credential
