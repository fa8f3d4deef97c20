#include "dialect/tables_page.h"

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "unit/dialect/chat_support.h"

namespace butter::dialect {
namespace {

using testing::HasSubstr;

TEST(TablesPage, NamesEachFieldWithItsFate) {
  const std::string page = tables_page();
  EXPECT_THAT(page, HasSubstr("## From `chat`"));
  EXPECT_THAT(page, HasSubstr("| `seed` | mapped: seed |"));
  for (const Meaning& meaning : kChatCaller.fields) {
    EXPECT_THAT(page, HasSubstr('`' + std::string(meaning.field) + '`'));
  }
}

TEST(TablesPage, IsTheDocument) {
  const std::string path = BUTTER_SOURCE_DIR "/docs/dialects.md";
  if (std::getenv("BUTTER_UPDATE_GOLDEN") != nullptr) { std::ofstream(path) << tables_page(); }
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(text, tables_page()) << "BUTTER_UPDATE_GOLDEN=1 writes docs/dialects.md anew";
}

}  // namespace
}  // namespace butter::dialect
