#include "config/watcher.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "unit/config/support.h"

namespace butter::config {
namespace {

namespace fs = std::filesystem;

/// A folder of its own for each test.
class WatcherTest : public testing::Test {
 protected:
  WatcherTest() {
    std::string pattern = testing::TempDir() + "butter_watcher_XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    path_ = folder_ / "config.yaml";
  }
  ~WatcherTest() override { fs::remove_all(folder_); }

  /// Writes a file with a time of its own: two writes may come within one tick of the clock.
  static void write(const fs::path& path, const std::string& text, long seconds) {
    std::ofstream(path) << text;
    const timespec times[2] = {{seconds, 0}, {seconds, 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
  }

  static bool readable(const Watcher& watcher) {
    pollfd entry{watcher.fd(), POLLIN, 0};
    return ::poll(&entry, 1, 0) == 1;
  }

  fs::path folder_;
  fs::path path_;
};

TEST_F(WatcherTest, NothingHappened) {
  write(path_, "a", 100);
  Watcher watcher(path_);
  EXPECT_FALSE(watcher.changed());
  EXPECT_GE(watcher.fd(), 0);
  EXPECT_FALSE(readable(watcher));
}

TEST_F(WatcherTest, WriteIsSeenOnce) {
  write(path_, "a", 100);
  Watcher watcher(path_);
  write(path_, "b", 101);
  EXPECT_TRUE(readable(watcher));
  EXPECT_TRUE(watcher.changed());
  EXPECT_FALSE(readable(watcher));
  EXPECT_FALSE(watcher.changed());
}

TEST_F(WatcherTest, OlderContentsAreAChange) {
  write(path_, "a", 100);
  Watcher watcher(path_);
  write(path_, "b", 50);
  EXPECT_TRUE(watcher.changed());
}

TEST_F(WatcherTest, SameTimeOtherSizeIsAChange) {
  write(path_, "a", 100);
  Watcher watcher(path_);
  write(path_, "bb", 100);
  EXPECT_TRUE(watcher.changed());
}

TEST_F(WatcherTest, RenameOverTheFile) {
  write(path_, "a", 100);
  Watcher watcher(path_);
  write(folder_ / "new", "b", 100);
  EXPECT_FALSE(watcher.changed());
  fs::rename(folder_ / "new", path_);
  EXPECT_TRUE(readable(watcher));
  EXPECT_TRUE(watcher.changed());
}

TEST_F(WatcherTest, OtherFilesAreNoChange) {
  write(path_, "a", 100);
  Watcher watcher(path_);
  write(folder_ / "other", "b", 101);
  EXPECT_FALSE(watcher.changed());
}

TEST_F(WatcherTest, GoneIsNoChangeUntilItIsBack) {
  write(path_, "a", 100);
  Watcher watcher(path_);
  fs::remove(path_);
  EXPECT_FALSE(watcher.changed());
  write(path_, "b", 101);
  EXPECT_TRUE(readable(watcher));
  EXPECT_TRUE(watcher.changed());
}

TEST_F(WatcherTest, FileThatComesLater) {
  Watcher watcher(path_);
  EXPECT_FALSE(watcher.changed());
  write(path_, "a", 100);
  EXPECT_TRUE(readable(watcher));
  EXPECT_TRUE(watcher.changed());
}

TEST_F(WatcherTest, SymlinkSwappedAsKubernetesDoes) {
  for (const char* version : {"v1", "v2"}) {
    fs::create_directory(folder_ / version);
    write(folder_ / version / "config.yaml", "a", 100);
  }
  fs::create_directory_symlink("v1", folder_ / "..data");
  fs::create_symlink("..data/config.yaml", path_);
  Watcher watcher(path_);
  EXPECT_EQ(watcher.poll_interval(), 1s);
  EXPECT_FALSE(watcher.changed());

  fs::create_directory_symlink("v2", folder_ / "..data_tmp");
  fs::rename(folder_ / "..data_tmp", folder_ / "..data");
  EXPECT_TRUE(readable(watcher));
  EXPECT_TRUE(watcher.changed());
}

TEST_F(WatcherTest, TargetOfASymlinkIsPolled) {
  fs::create_directory(folder_ / "real");
  write(folder_ / "real" / "x.yaml", "a", 100);
  fs::create_symlink("real/x.yaml", path_);
  Watcher watcher(path_);
  EXPECT_EQ(watcher.poll_interval(), 1s);
  write(folder_ / "real" / "x.yaml", "b", 101);
  EXPECT_TRUE(watcher.changed());
}

TEST_F(WatcherTest, PlainFileNeedsOnlyASafetyNet) {
  write(path_, "a", 100);
  EXPECT_EQ(Watcher(path_).poll_interval(), 5s);
}

TEST_F(WatcherTest, FolderThatComesBack) {
  const fs::path inner = folder_ / "inner";
  fs::create_directory(inner);
  write(inner / "config.yaml", "a", 100);
  Watcher watcher(inner / "config.yaml");
  fs::remove_all(inner);
  EXPECT_FALSE(watcher.changed());
  EXPECT_EQ(watcher.poll_interval(), 1s);

  fs::create_directory(inner);
  EXPECT_FALSE(watcher.changed());
  write(inner / "config.yaml", "b", 101);
  EXPECT_TRUE(readable(watcher));
  EXPECT_TRUE(watcher.changed());
}

TEST_F(WatcherTest, FolderThatIsReplaced) {
  const fs::path inner = folder_ / "inner";
  fs::create_directory(inner);
  write(inner / "config.yaml", "a", 100);
  Watcher watcher(inner / "config.yaml");
  fs::rename(inner, folder_ / "old");
  fs::create_directory(inner);
  write(inner / "config.yaml", "bb", 101);
  EXPECT_TRUE(watcher.changed());
  write(inner / "config.yaml", "ccc", 102);
  EXPECT_TRUE(readable(watcher));
  EXPECT_TRUE(watcher.changed());
}

TEST(Watcher, FolderThatDoesNotExistIsPolled) {
  Watcher watcher("/nonexistent/folder/config.yaml");
  EXPECT_EQ(watcher.poll_interval(), 1s);
  EXPECT_FALSE(watcher.changed());
}

}  // namespace
}  // namespace butter::config
