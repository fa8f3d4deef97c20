#include "credential/answer_json.h"

#include <charconv>
#include <chrono>

#include "json/cursor.h"
#include "json/text.h"

namespace butter::credential {

namespace {

std::int64_t number_member(std::string_view object, std::string_view name) {
  std::int64_t value = 0;
  json::Cursor cursor(object);
  cursor.object([&](std::string_view key) {
    const std::string_view text = cursor.value();
    if (key == name) { (void)std::from_chars(text.data(), text.data() + text.size(), value); }
  });
  return value;
}

std::unexpected<Error> refused(int status, std::string_view body, std::string_view whom) {
  std::string detail(whom);
  detail +=
      status == 200 ? " gave no credential" : " answered with status " + std::to_string(status);
  // `error` and `Code` are words of their protocols, not text of others.
  for (const char* const name : {"error", "Code", "code"}) {
    const std::string word = text_member(body, name);
    const bool plain =
        !word.empty() &&
        word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_") ==
            std::string::npos;
    if (plain) { return fail(Errc::unavailable, detail + " (" + word + ")"); }
  }
  return fail(Errc::unavailable, detail);
}

}  // namespace

std::string text_member(std::string_view object, std::string_view name) {
  std::string out;
  json::Cursor cursor(object);
  cursor.object([&](std::string_view key) {
    if (key == name && cursor.peek() == '"') {
      (void)json::unescape(cursor.string(), out);
    } else {
      cursor.skip_value();
    }
  });
  return out;
}

Result<Credential> read_aws_keys(int status, std::string_view body, std::string_view whom) {
  Credential credential{.key_id = text_member(body, "AccessKeyId"),
                        .secret = Secret(text_member(body, "SecretAccessKey")),
                        .session_token = Secret(text_member(body, "Token"))};
  const auto expires = unix_time(text_member(body, "Expiration"));
  const bool whole = !credential.key_id.empty() && !credential.secret.empty() && expires;
  if (status != 200 || !whole) { return refused(status, body, whom); }
  credential.expires = *expires;
  return credential;
}

Result<Credential> read_google_token(int status, std::string_view body, std::string_view whom,
                                     std::int64_t now) {
  Credential credential{.key_id = {}, .secret = Secret(text_member(body, "access_token"))};
  const std::int64_t lives = number_member(body, "expires_in");
  if (status != 200 || credential.secret.empty() || lives <= 0) {
    return refused(status, body, whom);
  }
  credential.expires = now + lives;
  return credential;
}

std::optional<std::int64_t> unix_time(std::string_view text) noexcept {
  constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:ddZ";
  if (text.size() != kShape.size()) { return std::nullopt; }
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kShape[i] == 'd' ? !digit : text[i] != kShape[i]) { return std::nullopt; }
  }
  const auto number = [text](std::size_t at, std::size_t size) {
    int value = 0;
    (void)std::from_chars(text.data() + at, text.data() + at + size, value);
    return value;
  };
  const std::chrono::year_month_day date{std::chrono::year(number(0, 4)),
                                         std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                         std::chrono::day(static_cast<unsigned>(number(8, 2)))};
  if (!date.ok() || number(11, 2) > 23 || number(14, 2) > 59 || number(17, 2) > 60) {
    return std::nullopt;
  }
  const auto day = std::chrono::sys_seconds(std::chrono::sys_days(date)).time_since_epoch();
  return day.count() + number(11, 2) * 3600 + number(14, 2) * 60 + number(17, 2);
}

}  // namespace butter::credential
