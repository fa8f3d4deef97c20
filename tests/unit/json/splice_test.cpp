#include "json/splice.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <numeric>
#include <ostream>
#include <string>
#include <vector>

#include "base/random.h"
#include "json/structure.h"
#include "json/walk.h"

namespace butter::json {
namespace {

std::string applied(const Splice& splice, std::string_view body) {
  std::array<std::string_view, 2 * Splice::kMost + 1> pieces;
  const std::size_t count = splice.pieces(body, pieces);
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    EXPECT_FALSE(pieces[i].empty());
    out += pieces[i];
  }
  EXPECT_EQ(out.size(), splice.size_after(body.size()));
  return out;
}

/// All members of the object `body`, in order.
std::vector<Member> members_of(std::string_view body) {
  Structure structure;
  const auto offsets = structure.find(body);
  const Walk walk(body, *offsets);
  std::vector<Member> members;
  const auto end = walk.object(offsets->data(), [&](const WalkedMember& m) {
    members.push_back({m.key_begin, walk.offset(m.at), walk.end_before(m.next), 1});
  });
  EXPECT_TRUE(end.has_value());
  return members;
}

/// Changes by letters: "-2" removes the third member, "=0" replaces the first value by 0, "+"
/// appends "n":0 and "*" appends "m":1, in this order.
std::string edited(std::string_view body, std::string_view changes) {
  RequestScanner scanner;
  const auto scan = scanner.scan(body);
  const std::vector<Member> members = members_of(body);
  Splice splice;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const char kind = changes[i];
    if (kind == '+') {
      splice.append(*scan, R"("n":0)");
    } else if (kind == '*') {
      splice.append(*scan, R"("m":1)");
    } else {
      const Member& member = members[static_cast<std::size_t>(changes[++i] - '0')];
      if (kind == '-') {
        splice.remove(body, member);
      } else {
        splice.replace(member, "0");
      }
    }
  }
  EXPECT_EQ(splice.empty(), changes.empty());
  return applied(splice, body);
}

struct Case {
  const char* name;
  std::string_view body;
  std::string_view changes;
  std::string_view expected;
  friend std::ostream& operator<<(std::ostream& os, const Case& c) { return os << c.name; }
};

constexpr std::string_view kThree = R"({"a":1,"b":2,"c":3})";
constexpr std::string_view kLoose = "{ \"a\" : 1 ,\n \"b\" : 2 ,\n \"c\" : 3 }";

constexpr Case kCases[] = {
    {"nothing", kThree, "", kThree},
    {"replace", kThree, "=1", R"({"a":1,"b":0,"c":3})"},
    {"replace_all", kThree, "=2=0=1", R"({"a":0,"b":0,"c":0})"},
    {"replace_spaced", kLoose, "=1", "{ \"a\" : 1 ,\n \"b\" : 0 ,\n \"c\" : 3 }"},
    {"remove_first", kThree, "-0", R"({"b":2,"c":3})"},
    {"remove_middle", kThree, "-1", R"({"a":1,"c":3})"},
    {"remove_last", kThree, "-2", R"({"a":1,"b":2})"},
    {"remove_only", R"({"a":1})", "-0", "{}"},
    {"remove_only_spaced", R"({ "a" : [1] })", "-0", "{  }"},
    {"remove_first_spaced", kLoose, "-0", "{ \"b\" : 2 ,\n \"c\" : 3 }"},
    {"remove_last_spaced", kLoose, "-2", "{ \"a\" : 1 ,\n \"b\" : 2  }"},
    {"remove_two_first", kThree, "-0-1", R"({"c":3})"},
    {"remove_two_first_backwards", kThree, "-1-0", R"({"c":3})"},
    {"remove_two_last", kThree, "-1-2", R"({"a":1})"},
    {"remove_two_last_backwards", kThree, "-2-1", R"({"a":1})"},
    {"remove_outer", kThree, "-0-2", R"({"b":2})"},
    {"remove_outer_backwards", kThree, "-2-0", R"({"b":2})"},
    {"remove_two_last_spaced", kLoose, "-2-1", "{ \"a\" : 1  }"},
    {"remove_all", kThree, "-0-1-2", "{}"},
    {"remove_all_middle_last", kThree, "-0-2-1", "{}"},
    {"remove_all_backwards", kThree, "-2-1-0", "{}"},
    {"append", kThree, "+", R"({"a":1,"b":2,"c":3,"n":0})"},
    {"append_two", kThree, "+*", R"({"a":1,"b":2,"c":3,"n":0,"m":1})"},
    {"append_to_empty", "{}", "+", R"({"n":0})"},
    {"append_two_to_empty", " { } ", "+*", R"( { "n":0,"m":1} )"},
    {"append_after_remove_only", R"({"a":1})", "-0+", R"({"n":0})"},
    {"append_before_remove_only", R"({"a":1})", "+-0", R"({"n":0})"},
    {"append_around_remove_only", R"({"a":1})", "+-0*", R"({"n":0,"m":1})"},
    {"append_after_remove_last", kThree, "-2+", R"({"a":1,"b":2,"n":0})"},
    {"append_before_remove_last", kThree, "+-2", R"({"a":1,"b":2,"n":0})"},
    {"append_among_remove_all", kThree, "-1+-2*-0", R"({"n":0,"m":1})"},
    {"replace_beside_remove", kThree, "-1=0=2", R"({"a":0,"c":0})"},
    {"replace_first_remove_rest", kThree, "-2=0-1", R"({"a":0})"},
    {"replace_last_remove_rest", kThree, "-0=2-1", R"({"c":0})"},
    {"everything", kThree, "+-2=1-0", R"({"b":0,"n":0})"},
};

class SpliceTable : public testing::TestWithParam<Case> {};

TEST_P(SpliceTable, Applies) {
  EXPECT_EQ(edited(GetParam().body, GetParam().changes), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Table, SpliceTable, testing::ValuesIn(kCases),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Splice, ReplaceRange) {
  Splice splice;
  splice.replace_range(5, 5, "!");
  splice.replace_range(0, 4, "that");
  EXPECT_EQ(applied(splice, "this is"), "that !is");
}

TEST(Splice, ClearForgetsChangesAndMissingMembers) {
  RequestScanner scanner;
  Splice splice;
  splice.append(*scanner.scan("{}"), R"("n":0)");
  splice.clear();
  EXPECT_TRUE(splice.empty());
  EXPECT_EQ(applied(splice, "{}"), "{}");
  splice.append(*scanner.scan(R"({"a":1})"), R"("n":0)");
  EXPECT_EQ(applied(splice, R"({"a":1})"), R"({"a":1,"n":0})");
}

/// Random objects, random changes: what comes out, read by another parser, is what was asked for.
class SpliceProperty {
 public:
  explicit SpliceProperty(std::uint64_t seed) : random_(seed) {}

  void check_once() {
    make_body();
    Splice splice;
    std::vector<std::string> appended;
    RequestScanner scanner;
    const auto scan = scanner.scan(body_);
    ASSERT_TRUE(scan) << body_;
    const std::vector<Member> members = members_of(body_);
    for (const std::size_t i : change_order(members.size())) {
      change(splice, members, *scan, i, appended);
    }
    for (std::string& key : appended) { expected_.emplace_back(key, "7"); }
    const std::string result = applied(splice, body_);
    EXPECT_EQ(read(result), expected()) << body_ << "\n" << result;
  }

 private:
  using Pairs = std::vector<std::pair<std::string, std::string>>;

  std::size_t below(std::size_t n) { return random_.next() % n; }
  std::string space() { return std::string(below(3), " \n\t"[below(3)]); }

  void make_body() {
    constexpr const char* kValues[] = {"1", "\"x\"", "[1,{}]", "{\"k\":2}", "null", "\"},{\\\"\""};
    body_ = space() + "{" + space();
    expected_.clear();
    const std::size_t count = below(6);
    for (std::size_t i = 0; i < count; ++i) {
      const std::string key = "k" + std::to_string(i);
      const std::string value = kValues[below(std::size(kValues))];
      body_ += (i > 0 ? "," : "") + space() + "\"" + key + "\"" + space() + ":" + space() + value +
               space();
      expected_.emplace_back(key, value);
    }
    body_ += "}" + space();
  }

  /// Some of the members, and numbers beyond them for what is appended, shuffled.
  std::vector<std::size_t> change_order(std::size_t members) {
    std::vector<std::size_t> order(members + 2);
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = order.size(); i > 1; --i) { std::swap(order[i - 1], order[below(i)]); }
    order.resize(below(order.size() + 1));
    return order;
  }

  void change(Splice& splice, const std::vector<Member>& members, const RequestScan& scan,
              std::size_t i, std::vector<std::string>& appended) {
    if (i >= members.size()) {
      appended.push_back("n" + std::to_string(i));
      splice.append(scan, "\"" + appended.back() + "\":7");
    } else if (below(3) == 0) {
      splice.replace(members[i], "\"new\"");
      expected_[i].second = "\"new\"";
    } else {
      splice.remove(body_, members[i]);
      expected_[i].first.clear();
    }
  }

  Pairs expected() const {
    Pairs left;
    std::ranges::copy_if(expected_, std::back_inserter(left),
                         [](const auto& pair) { return !pair.first.empty(); });
    return left;
  }

  Pairs read(const std::string& json) {
    Pairs pairs;
    simdjson::dom::object object;
    EXPECT_EQ(parser_.parse(json).get(object), simdjson::SUCCESS) << json;
    for (const auto& [key, value] : object) {
      pairs.emplace_back(std::string(key), simdjson::minify(value));
    }
    return pairs;
  }

  Random random_;
  simdjson::dom::parser parser_;
  std::string body_;
  Pairs expected_;
};

TEST(SpliceProperty, OtherParsersReadWhatWasAsked) {
  SpliceProperty property(11);
  for (int round = 0; round < 3000 && !testing::Test::HasFailure(); ++round) {
    property.check_once();
  }
}

}  // namespace
}  // namespace butter::json
