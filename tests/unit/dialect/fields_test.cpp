#include "dialect/fields.h"

#include <gtest/gtest.h>

namespace butter::dialect {
namespace {

/// What a reader of {"list":[{"text","flag","count","number","object"}]} complains of.
std::string complaint(std::string_view body) {
  Fields fields(body);
  fields.object([&](std::string_view key) {
    if (key != "list") { return fields.skip(); }
    fields.array([&](std::size_t) {
      fields.object([&](std::string_view member) {
        if (member == "text") {
          (void)fields.text();
        } else if (member == "flag") {
          (void)fields.boolean();
        } else if (member == "count") {
          (void)fields.count();
        } else if (member == "number") {
          (void)fields.number();
        } else if (member == "object") {
          (void)fields.object_raw();
        } else {
          fields.complain("is not wanted");
          fields.skip();
        }
      });
    });
  });
  const Result<void> read = fields.result();
  return read ? "" : read.error().detail;
}

TEST(ResponsesFields, ComplainsWithThePath) {
  constexpr struct {
    std::string_view body, complaint;
  } kRows[] = {
      {R"({"list":[{"text":"a","flag":true,"count":7,"number":-1.5e3,"object":{}}]})", ""},
      {R"({"list":[{"text":null,"flag":null,"count":null,"number":null,"object":null}]})", ""},
      {R"({"list":null,"other":[1,{"a":2}]})", ""},
      {"7", "the request must be an object"},
      {R"({"list":{}})", "list: must be a list"},
      {R"({"list":["a"]})", "list[0]: must be an object"},
      {R"({"list":[{},{"text":1}]})", "list[1].text: must be a string"},
      {R"({"list":[{"flag":"yes"}]})", "list[0].flag: must be true or false"},
      {R"({"list":[{"count":-1}]})", "list[0].count: must be a whole number"},
      {R"({"list":[{"count":1.5}]})", "list[0].count: must be a whole number"},
      {R"({"list":[{"number":nan}]})", "list[0].number: must be a number"},
      {R"({"list":[{"number":"1"}]})", "list[0].number: must be a number"},
      {R"({"list":[{"object":[]}]})", "list[0].object: must be an object"},
      {R"({"list":[{"else":1,"text":1}]})", "list[0].else: is not wanted"},
      {R"({"list":[{"text":"a")", "the request is no well-formed JSON"},
  };
  for (const auto& row : kRows) { EXPECT_EQ(complaint(row.body), row.complaint) << row.body; }
}

TEST(ResponsesFields, ReadsWhatWasKeptWhereItStood) {
  Fields fields(R"({"kept":{"a":"x","b":1},"after":"y"})");
  Raw kept;
  Text after;
  fields.object([&](std::string_view key) {
    if (key == "kept") { kept = fields.any(); }
    if (key == "after") { after = fields.text(); }
  });
  Text a;
  fields.at("kept", kept, [&] {
    fields.object(
        [&](std::string_view key) { key == "a" ? (void)(a = fields.text()) : fields.skip(); });
  });
  EXPECT_EQ(a.escaped, "x");
  EXPECT_EQ(after.escaped, "y");
  EXPECT_TRUE(fields.ok());
  fields.at("kept", {R"({"a" 1})"},
            [&] { fields.object([&](std::string_view) { fields.skip(); }); });
  EXPECT_EQ(fields.result().error().detail, "kept: is no well-formed JSON");
}

TEST(ResponsesFields, SaysWhetherAValueSaysSomething) {
  for (const std::string_view nothing : {"null", "false", "\"\"", "{}", "[ ]"}) {
    EXPECT_FALSE(Fields(nothing).skip_said()) << nothing;
  }
  for (const std::string_view said : {"0", "true", "\"a\"", "{\"a\":1}", "[1]"}) {
    EXPECT_TRUE(Fields(said).skip_said()) << said;
  }
}

}  // namespace
}  // namespace butter::dialect
