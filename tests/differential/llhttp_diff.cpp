// Holds the head parsers against llhttp: nothing that llhttp refuses is taken, what both take is
// read alike, and what only Butter refuses is a shape that stricter.txt lists. Usage: llhttp_diff
// <corpus folder> <stricter.txt>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/strings.h"
#include "differential/mutate.h"
#include "differential/reading.h"
#include "differential/shapes.h"
#include "http/head.h"

namespace {

using namespace butter;
using namespace butter::differential;

constexpr int kVariants = 1000;  // of each file of the corpus
constexpr int kMostReports = 20;
constexpr std::size_t kMostShown = 400;  // bytes of a head

struct Tally {
  std::size_t heads = 0;
  std::size_t both_took = 0;
  int failures = 0;
  std::set<std::string, std::less<>> shapes;

  void fail(const char* what, Kind kind, std::string_view head, const Reading& ours,
            const Reading& theirs) {
    if (++failures <= kMostReports) {
      std::printf("%s (%s): butter \"%s\", llhttp \"%s\"\n  ", what,
                  kind == Kind::request ? "request" : "response", ours.refusal.c_str(),
                  theirs.refusal.c_str());
      for (const char c : head.substr(0, kMostShown)) {
        const auto byte = static_cast<unsigned char>(c);
        std::printf(byte < 0x20 || byte > 0x7e || c == '\\' ? "\\x%02x" : "%c", byte);
      }
      std::printf("\n");
    }
  }
};

// llhttp knows a list of methods; any token is one for Butter (RFC 9110, section 9.1). With a
// method of the list in its place, llhttp must take the head as well.
Reading with_known_method(std::string_view head) {
  return read_with_llhttp(Kind::request, "POST" + std::string(head.substr(head.find(' '))));
}

/// A status that has no body has none whatever its fields say (RFC 9112, section 6.3); llhttp tells
/// the fields.
Reading without_false_body(Kind kind, Reading reading) {
  const std::string& status = reading.start;
  if (kind == Kind::response && (status[0] == '1' || status == "204" || status == "304")) {
    reading.chunked = reading.has_length = false;
    reading.length = 0;
  }
  return reading;
}

void compare(Kind kind, std::string_view bytes, Tally& tally) {
  const std::string_view head = bytes.substr(0, http::find_head_end(bytes));
  if (head.empty()) { return; }
  ++tally.heads;
  Reading ours = read_with_butter(kind, head);
  Reading theirs = read_with_llhttp(kind, head);
  if (ours.taken() && theirs.refusal == "HPE_INVALID_METHOD") {
    theirs = with_known_method(head);
    ours.start = "POST";
  }
  if (ours.taken() && theirs.taken()) {
    ++tally.both_took;
    if (ours != without_false_body(kind, theirs)) {
      tally.fail("read differently", kind, head, ours, theirs);
    }
  } else if (ours.taken()) {
    tally.fail("taken, but llhttp refuses it", kind, head, ours, theirs);
  } else if (theirs.taken()) {
    const std::string_view shape = shape_of(kind, head, theirs);
    if (shape.empty()) {
      tally.fail("refused for no listed reason", kind, head, ours, theirs);
    } else {
      tally.shapes.emplace(shape);
    }
  }
}

std::vector<std::string> load_corpus(const char* folder) {
  std::map<std::filesystem::path, std::string> files;  // by name: the order is the same everywhere
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream in(entry.path(), std::ios::binary);
    files[entry.path().filename()] = {std::istreambuf_iterator<char>(in), {}};
  }
  std::vector<std::string> heads;
  for (auto& [name, bytes] : files) { heads.push_back(std::move(bytes)); }
  return heads;
}

/// The shapes that the table lists: the words in front of the colons.
std::set<std::string, std::less<>> load_shapes(const char* path) {
  std::set<std::string, std::less<>> shapes;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line[0] != '#' && line[0] != ' ') {
      shapes.insert(line.substr(0, line.find(':')));
    }
  }
  return shapes;
}

int compare_tables(const std::set<std::string, std::less<>>& listed,
                   const std::set<std::string, std::less<>>& seen) {
  int differences = 0;
  for (const std::string& shape : seen) {
    if (!listed.contains(shape)) {
      std::printf("not listed: %s\n", shape.c_str());
      ++differences;
    }
  }
  for (const std::string& shape : listed) {
    if (!seen.contains(shape)) {
      std::printf("listed but never seen: %s\n", shape.c_str());
      ++differences;
    }
  }
  return differences;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) { return 2; }
  const std::vector<std::string> corpus = load_corpus(argv[1]);
  std::mt19937_64 random(1);
  Tally tally;
  for (const std::string& file : corpus) {
    const Kind kind = file.starts_with("HTTP/") ? Kind::response : Kind::request;
    compare(kind, file, tally);
    for (int i = 0; i < kVariants; ++i) { compare(kind, mutate(file, corpus, random), tally); }
  }
  const int differences = compare_tables(load_shapes(argv[2]), tally.shapes);
  std::printf("%zu heads, %zu taken by both, %d failures\n", tally.heads, tally.both_took,
              tally.failures);
  return tally.failures + differences == 0 && tally.both_took > 0 ? 0 : 1;
}
