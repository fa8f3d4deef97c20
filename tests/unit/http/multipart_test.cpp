#include "http/multipart.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace butter::http {
namespace {

using State = MultipartScanner::State;

// --- boundary -----------------------------------------------------------------------------------

struct BoundaryCase {
  const char* name;
  std::string type;
  std::optional<std::string> expected;
};

const BoundaryCase kBoundaries[] = {
    {"token", "multipart/form-data; boundary=abc", "abc"},
    {"quoted", "multipart/form-data; boundary=\"a b:c\"", "a b:c"},
    {"any_case", "Multipart/Form-Data;BOUNDARY=aBc", "aBc"},
    {"behind_charset", "multipart/form-data; charset=utf-8; boundary=abc", "abc"},
    {"longest", "multipart/form-data; boundary=" + std::string(70, 'x'), std::string(70, 'x')},
    {"too_long", "multipart/form-data; boundary=" + std::string(71, 'x'), std::nullopt},
    {"empty", "multipart/form-data; boundary=\"\"", std::nullopt},
    {"missing", "multipart/form-data", std::nullopt},
    {"twice", "multipart/form-data; boundary=a; boundary=b", std::nullopt},
    {"escaped", "multipart/form-data; boundary=\"a\\b\"", std::nullopt},
    {"blank_at_the_end", "multipart/form-data; boundary=\"a \"", std::nullopt},
    {"bad_byte", "multipart/form-data; boundary=\"a<b\"", std::nullopt},
    {"cut_off", "multipart/form-data; boundary=\"abc", std::nullopt},
    {"another_type", "multipart/mixed; boundary=abc", std::nullopt},
    {"json", "application/json", std::nullopt},
    {"nothing", "", std::nullopt},
};

TEST(Boundary, Table) {
  for (const BoundaryCase& c : kBoundaries) {
    EXPECT_EQ(boundary_of(c.type), c.expected) << c.name;
  }
}

// --- scanner ------------------------------------------------------------------------------------

struct Outcome {
  State state = State::reading;
  std::string model{};  ///< "-" for none
  std::string slice{};  ///< what stands in the body at the model's offsets
  bool stream = false;
  friend bool operator==(const Outcome&, const Outcome&) = default;
  friend std::ostream& operator<<(std::ostream& os, const Outcome& o) {
    return os << "state " << static_cast<int>(o.state) << " model \"" << o.model << "\" slice \""
              << o.slice << "\" stream " << o.stream;
  }
};

Outcome scan(const std::vector<std::string_view>& parts) {
  MultipartScanner scanner("b-1");
  Outcome out;
  std::string body;
  for (const std::string_view part : parts) {
    out.state = scanner.feed(part);
    body += part;
  }
  out.stream = scanner.stream();
  out.model = "-";
  if (const auto* const model = scanner.model()) {
    out.model = model->text;
    out.slice = body.substr(model->begin, model->end - model->begin);
  }
  return out;
}

std::string part(const std::string& name, const std::string& value) {
  return "--b-1\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
}

std::string file(const std::string& bytes) {
  return "--b-1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp3\"\r\n"
         "Content-Type: audio/mpeg\r\n\r\n" +
         bytes + "\r\n";
}

struct Case {
  const char* name;
  std::string body;
  Outcome expected;
  friend std::ostream& operator<<(std::ostream& os, const Case& c) { return os << c.name; }
};

Case found(const char* name, const std::string& body, const std::string& model,
           bool stream = false) {
  return {name, body, {.state = State::ended, .model = model, .slice = model, .stream = stream}};
}

Case none(const char* name, const std::string& body, State state) {
  return {name, body, {.state = state, .model = "-", .slice = "", .stream = false}};
}

const std::string kEnd = "--b-1--\r\n";

const Case kCases[] = {
    found("model_only", part("model", "whisper-1") + kEnd, "whisper-1"),
    found("file_first", file("ID3\r\n\r\n--b-") + part("model", "m") + kEnd, "m"),
    found("file_last", part("model", "m") + file(std::string(300, '\r')) + kEnd, "m"),
    found("file_is_empty", file("") + part("model", "m") + kEnd, "m"),
    found("stream_true", part("model", "m") + part("stream", "true") + kEnd, "m", true),
    found("stream_true_in_python", part("stream", "True") + part("model", "m") + kEnd, "m", true),
    found("stream_one", part("stream", "1") + part("model", "m") + kEnd, "m", true),
    found("stream_false", part("stream", "false") + part("model", "m") + kEnd, "m"),
    found("stream_blank", part("stream", " true") + part("model", "m") + kEnd, "m"),
    found("empty_model", part("model", "") + kEnd, ""),
    found("blanks_are_kept", part("model", " m ") + kEnd, " m "),
    found("value_with_line_ends", part("model", "a\r\nb\r\r\n-\r\n--b\r\n--b-2\r") + kEnd,
          "a\r\nb\r\r\n-\r\n--b\r\n--b-2\r"),
    found("value_with_dashes_in_front", part("model", "--b-") + kEnd, "--b-"),
    found("value_with_crlf_in_front", part("model", "\r\nm") + kEnd, "\r\nm"),
    found("no_crlf_at_the_end", part("model", "m") + "--b-1--", "m"),
    found("preamble", "This is a form.\r\n" + part("model", "m") + kEnd, "m"),
    found("epilogue", part("model", "m") + kEnd + part("model", "other"), "m"),
    found("longest_value", part("model", std::string(4096, 'm')) + kEnd, std::string(4096, 'm')),
    none("no_parts", "--b-1--", State::ended),
    none("no_model", part("prompt", "model") + file("x") + kEnd, State::ended),
    none("name_inside_a_file", file(part("model", "m").substr(7)) + kEnd, State::ended),
    none("nothing", "", State::reading),
    none("other_boundary", "--b-2\r\n\r\nx\r\n--b-2--", State::reading),
    none("boundary_not_on_a_new_line", "x--b-1--", State::reading),
    none("open_head", "--b-1\r\nContent-Disposition: form-data; na", State::reading),
    none("open_value", "--b-1\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\ngpt",
         State::reading),
    none("value_too_long", part("model", std::string(4097, 'm')) + kEnd, State::bad),
    none("head_too_long", "--b-1\r\nX: " + std::string(8192, 'x'), State::bad),
    none("head_without_fields", "--b-1\r\n\r\nx\r\n" + kEnd, State::bad),
    none("head_malformed", "--b-1\r\nContent-Disposition form-data\r\n\r\nx", State::bad),
    none("head_ends_with_lf",
         "--b-1\r\nContent-Disposition: form-data; name=\"model\"\n\nm\r\n" + kEnd, State::reading),
    none("boundary_ends_with_lf", "--b-1\nContent-Disposition: form-data; name=\"a\"\r\n\r\nm",
         State::bad),
    none("boundary_with_blank", "--b-1 \r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nm",
         State::bad),
    none("boundary_goes_on", "--b-1x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nm",
         State::bad),
    none("one_dash_behind_boundary", "--b-1-\r\n", State::bad),
    none("text_behind_the_end", "--b-1--x", State::bad),
    none("lf_behind_the_end", "--b-1--\n", State::bad),
    none("cr_behind_the_end", "--b-1--\rx", State::bad),
    none("boundary_right_behind_a_head",
         "--b-1\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n" + part("model", "m") + kEnd,
         State::bad),
    {"model_twice",
     part("model", "a") + part("model", "b") + kEnd,
     {.state = State::bad, .model = "a", .slice = "a", .stream = false}},
    {"stream_twice",
     part("stream", "1") + part("stream", "0") + kEnd,
     {.state = State::bad, .model = "-", .slice = "", .stream = true}},
};

class Multipart : public testing::TestWithParam<Case> {};

TEST_P(Multipart, InOnePiece) {
  EXPECT_EQ(scan({GetParam().body}), GetParam().expected);
}

TEST_P(Multipart, CutAnywhere) {
  const std::string_view body = GetParam().body;
  for (std::size_t cut = 0; cut <= std::min<std::size_t>(body.size(), 800); ++cut) {
    EXPECT_EQ(scan({body.substr(0, cut), body.substr(cut)}), GetParam().expected) << cut;
  }
}

TEST_P(Multipart, ByteByByte) {
  const std::string_view body = GetParam().body;
  std::vector<std::string_view> parts;
  for (std::size_t i = 0; i < body.size(); ++i) { parts.push_back(body.substr(i, 1)); }
  EXPECT_EQ(scan(parts), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Table, Multipart, testing::ValuesIn(kCases),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(MultipartScanner, TheModelIsKnownBeforeTheFileEnds) {
  MultipartScanner scanner("b-1");
  const std::string body = part("model", "m") + "--b-1\r\n";
  EXPECT_EQ(scanner.feed(body), State::reading);
  ASSERT_NE(scanner.model(), nullptr);
  EXPECT_EQ(scanner.model()->text, "m");
  EXPECT_EQ(body.substr(scanner.model()->begin, 1), "m");
}

TEST(MultipartScanner, StaysBad) {
  MultipartScanner scanner("b-1");
  EXPECT_EQ(scanner.feed("--b-1x"), State::bad);
  EXPECT_EQ(scanner.feed(part("model", "m") + kEnd), State::bad);
  EXPECT_EQ(scanner.model(), nullptr);
}

TEST(MultipartScanner, OffsetsCountTheBytesOfFiles) {
  MultipartScanner scanner("b-1");
  const std::string block(1 << 20, 'x');
  EXPECT_EQ(scanner.feed(file("").substr(0, file("").size() - 2)), State::reading);
  for (int i = 0; i < 8; ++i) { EXPECT_EQ(scanner.feed(block), State::reading); }
  EXPECT_EQ(scanner.feed("\r\n" + part("model", "m") + kEnd), State::ended);
  ASSERT_NE(scanner.model(), nullptr);
  EXPECT_EQ(scanner.model()->begin,
            file("").size() + 8 * block.size() + part("model", "").size() - 2);
}

}  // namespace
}  // namespace butter::http
