#include "credential/file_text.h"

#include "unit/credential/setup.h"

namespace butter::credential {
namespace {

TEST(FileText, All) {
  const test::Folder folder;
  const std::string text = std::string(10'000, 'x') + "\n";
  EXPECT_EQ(file_text(folder.write("a", text)).value(), text);
  EXPECT_EQ(file_text(folder.write("b", "")).value(), "");
}

TEST(FileText, CannotBeRead) {
  EXPECT_EQ(file_text("/nowhere/x").error().detail,
            R"(reading "/nowhere/x": No such file or directory)");
  EXPECT_EQ(file_text("/").error().detail, R"(reading "/": Is a directory)");
}

}  // namespace
}  // namespace butter::credential
