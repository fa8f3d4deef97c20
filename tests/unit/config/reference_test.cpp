#include "unit/config/support.h"

namespace butter::config {
namespace {

using testing::HasSubstr;

TEST(Reference, IsThePageOfTheDocuments) {
  test::expect_golden("docs/config.md", reference_page());
}

TEST(Reference, HasASectionForEveryMapping) {
  const std::string page = reference_page();
  for (const char* path :
       {"server", "log", "providers.<name>", "providers.<name>.keys[]", "providers.<name>.timeouts",
        "providers.<name>.tls", "routing", "routing.models.<model>",
        "routing.models.<model>.providers[]", "routing.failover", "routing.failover.backoff",
        "routing.breaker", "plugins", "plugins.metrics", "plugins.requestlog", "cache.redis",
        "app_keys.persistence", "wasm_plugins[]"}) {
    EXPECT_THAT(page, HasSubstr("\n## `" + std::string(path) + "`\n")) << path;
  }
}

TEST(Reference, RowsHaveTypeRangeAndDefault) {
  const std::string page = reference_page();
  EXPECT_THAT(page, HasSubstr("| `max_retries` | integer, `0` to `10` | `3` | "));
  EXPECT_THAT(page, HasSubstr("| `address` | text | `:8080` | "));
  EXPECT_THAT(page, HasSubstr("| `initial` | duration, `0s` to `1h` | `100ms` | "));
  EXPECT_THAT(page,
              HasSubstr("| list of integer, `400` to `599` | `[429, 500, 502, 503, 504]` | "));
  EXPECT_THAT(page, HasSubstr("| `headers.<header>` | text |  | "));
}

}  // namespace
}  // namespace butter::config
