#include "gateway/path.h"

#include <gtest/gtest.h>

#include <ostream>

#include "unit/gateway/setup.h"

namespace butter::gateway {
namespace {

using Kind = Path::Kind;
using Operation = provider::Operation;

struct Case {
  const char* name;
  std::string_view method;
  std::string_view path;
  Kind kind;
  std::string_view rest = "";
  Operation operation = Operation::other;
  std::string_view provider = "";
  std::string_view allow = "";
  std::string_view location = "";
  friend std::ostream& operator<<(std::ostream& os, const Case& c) { return os << c.name; }
};

constexpr std::string_view kRead = "GET, HEAD";

const Case kCases[] = {
    // Ours.
    {"health", "GET", "/healthz", Kind::health, "", Operation::other, "", kRead},
    {"health_head", "HEAD", "/healthz", Kind::health, "", Operation::other, "", kRead},
    {"health_post", "POST", "/healthz", Kind::method_not_allowed, "", Operation::other, "", kRead},
    {"health_slash", "GET", "/healthz/", Kind::not_found},
    {"ready", "GET", "/readyz", Kind::ready, "", Operation::other, "", kRead},
    {"ready_delete", "DELETE", "/readyz", Kind::method_not_allowed, "", Operation::other, "",
     kRead},
    {"metrics", "GET", "/metrics", Kind::metrics, "", Operation::other, "", kRead},
    {"metrics_put", "PUT", "/metrics", Kind::method_not_allowed, "", Operation::other, "", kRead},
    {"models", "GET", "/v1/models", Kind::models, "", Operation::other, "", kRead},
    {"models_head", "HEAD", "/v1/models", Kind::models, "", Operation::other, "", kRead},
    {"models_post", "POST", "/v1/models", Kind::method_not_allowed, "", Operation::other, "",
     kRead},
    {"model", "GET", "/v1/models/gpt-4o", Kind::model, "gpt-4o"},
    {"model_with_a_slash", "GET", "/v1/models/openai/gpt-4o", Kind::model, "openai/gpt-4o"},
    {"model_deleted_upstream", "DELETE", "/v1/models/ft:x", Kind::relay, "/models/ft:x"},
    {"models_slash", "GET", "/v1/models/", Kind::not_found},

    // Relayed.
    {"chat", "POST", "/v1/chat/completions", Kind::relay, "/chat/completions", Operation::chat, "",
     "POST"},
    {"completions", "POST", "/v1/completions", Kind::relay, "/completions", Operation::completions,
     "", "POST"},
    {"responses", "POST", "/v1/responses", Kind::relay, "/responses", Operation::responses, "",
     "POST"},
    {"messages", "POST", "/v1/messages", Kind::relay, "/messages", Operation::messages, "", "POST"},
    {"embeddings", "POST", "/v1/embeddings", Kind::relay, "/embeddings", Operation::embeddings, "",
     "POST"},
    {"audio", "POST", "/v1/audio/transcriptions", Kind::relay, "/audio/transcriptions"},
    {"files_get", "GET", "/v1/files", Kind::relay, "/files"},
    {"files_delete", "DELETE", "/v1/files/f-1", Kind::relay, "/files/f-1"},
    {"chat_kept", "GET", "/v1/chat/completions/c-1", Kind::relay, "/chat/completions/c-1"},
    {"escapes_stay", "POST", "/v1/a%2Fb/..%2e", Kind::relay, "/a%2Fb/..%2e"},
    {"chat_get", "GET", "/v1/chat/completions", Kind::method_not_allowed, "/chat/completions",
     Operation::chat, "", "POST"},
    {"messages_head", "HEAD", "/v1/messages", Kind::method_not_allowed, "/messages",
     Operation::messages, "", "POST"},
    {"options", "OPTIONS", "/v1/files", Kind::method_not_allowed, "/files", Operation::other, "",
     "GET, POST, DELETE"},
    {"trailing_slash", "POST", "/v1/chat/completions/", Kind::not_found},
    {"v1_alone", "GET", "/v1/", Kind::not_found},
    {"v1_without_slash", "GET", "/v1", Kind::not_found},
    {"v2", "POST", "/v2/chat/completions", Kind::not_found},
    {"usage_is_reserved", "GET", "/v1/usage", Kind::not_found},
    {"app_keys_are_reserved", "POST", "/v1/app-keys", Kind::not_found},
    {"app_key_is_reserved", "GET", "/v1/app-keys/k-1", Kind::not_found},
    {"app_key_usage_is_reserved", "GET", "/v1/app-keys/k-1/usage", Kind::not_found},
    {"usage_as_a_beginning_is_not", "GET", "/v1/usages", Kind::relay, "/usages"},

    // Native.
    {"native", "POST", "/native/openai/v1/files", Kind::native, "/v1/files", Operation::other,
     "openai"},
    {"native_any_method", "PATCH", "/native/a/x", Kind::native, "/x", Operation::other, "a"},
    {"native_root", "GET", "/native/a/", Kind::native, "/", Operation::other, "a"},
    {"native_keeps_double_slashes", "GET", "/native/a//b", Kind::native, "//b", Operation::other,
     "a"},
    {"native_dots_do_not_leave_the_base", "GET", "/native/a/../b", Kind::not_found, "/../b",
     Operation::other, "a"},
    {"native_dots_at_the_end", "GET", "/native/a/x/..", Kind::not_found, "/x/..", Operation::other,
     "a"},
    {"native_without_a_slash", "GET", "/native/a", Kind::redirect, "", Operation::other, "", "",
     "/native/a/"},
    {"native_alone", "GET", "/native/", Kind::not_found},
    {"native_without_anything", "GET", "/native", Kind::not_found},
    {"native_no_name", "GET", "/native//x", Kind::native, "/x", Operation::other, ""},

    // Paths that mean another one.
    {"double_slash", "POST", "/v1//chat/completions", Kind::redirect, "", Operation::other, "", "",
     "/v1/chat/completions"},
    {"leading_double_slash_stays_here", "GET", "//evil.test/x", Kind::redirect, "",
     Operation::other, "", "", "/evil.test/x"},
    {"dot", "GET", "/v1/./files", Kind::redirect, "", Operation::other, "", "", "/v1/files"},
    {"dots", "GET", "/v1/x/../files", Kind::redirect, "", Operation::other, "", "", "/v1/files"},
    {"dots_at_the_end", "GET", "/v1/files/..", Kind::redirect, "", Operation::other, "", "", "/v1"},
    {"dot_at_the_end", "GET", "/v1/files/.", Kind::redirect, "", Operation::other, "", "",
     "/v1/files"},
    {"dots_above_the_root", "GET", "/../../healthz", Kind::redirect, "", Operation::other, "", "",
     "/healthz"},
    {"only_dots", "GET", "/..", Kind::redirect, "", Operation::other, "", "", "/"},
    {"slash_at_the_end_stays", "GET", "//healthz/", Kind::redirect, "", Operation::other, "", "",
     "/healthz/"},
    {"a_name_may_begin_with_dots", "GET", "/v1/..files", Kind::relay, "/..files"},

    {"root", "GET", "/", Kind::not_found},
    {"asterisk", "OPTIONS", "*", Kind::not_found},
    {"nothing", "GET", "", Kind::not_found},
};

class PathTest : public testing::TestWithParam<Case> {};

TEST_P(PathTest, IsClassified) {
  const Case& c = GetParam();
  const Path path = classify(c.method, c.path);
  EXPECT_EQ(path.kind, c.kind);
  EXPECT_EQ(path.rest, c.rest);
  EXPECT_EQ(path.operation, c.operation);
  EXPECT_EQ(path.provider, c.provider);
  EXPECT_EQ(path.allow, c.allow);
  EXPECT_EQ(path.location, c.location);
}

INSTANTIATE_TEST_SUITE_P(All, PathTest, testing::ValuesIn(kCases), test::name_of);

TEST(Path, ARedirectLeadsToACleanPath) {
  for (const Case& c : kCases) {
    const Path path = classify(c.method, c.path);
    if (path.kind != Kind::redirect) { continue; }
    EXPECT_NE(classify(c.method, path.location).kind, Kind::redirect) << c.name;
    EXPECT_FALSE(path.location.starts_with("//")) << c.name;
  }
}

}  // namespace
}  // namespace butter::gateway
