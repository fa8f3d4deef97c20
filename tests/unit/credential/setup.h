#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>

#include "config/load.h"
#include "support/rsa_key.h"

namespace butter::credential::test {

using Variables = std::map<std::string, std::string, std::less<>>;

inline config::Environment environment(Variables variables) {
  return [variables = std::move(variables)](std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) { return std::nullopt; }
    return found->second;
  };
}

/// A folder of its own, gone with the test.
class Folder {
 public:
  Folder() {
    std::string name = testing::TempDir() + "credentialXXXXXX";
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// \return the file's path
  std::string write(const std::string& name, std::string_view text) const {
    std::string path = path_ + '/' + name;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

 private:
  std::string path_;
};

/// The key file of a service account.
inline std::string service_account(std::string_view token_uri = "http://127.0.0.1:1/token") {
  std::string key;
  for (const char c : std::string_view(butter::test::kRsaKey)) {
    if (c == '\n') {
      key += "\\n";
    } else {
      key += c;
    }
  }
  return R"({"type":"service_account","project_id":"proj","private_key_id":"kid1",)"
         R"("private_key":")" +
         key + R"(","client_email":"a@proj.test","token_uri":")" + std::string(token_uri) + R"("})";
}

}  // namespace butter::credential::test
