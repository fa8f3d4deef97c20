#include "http/part_head.h"

#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <string>

namespace butter::http {
namespace {

constexpr auto kBad = std::nullopt;

struct Case {
  const char* name;
  std::string lines;
  std::optional<PartField> expected;
  friend std::ostream& operator<<(std::ostream& os, const Case& c) { return os << c.name; }
};

const std::string kDisposition = "Content-Disposition: form-data; ";

const Case kCases[] = {
    {"model", kDisposition + "name=\"model\"\r\n", PartField::model},
    {"stream", kDisposition + "name=\"stream\"\r\n", PartField::stream},
    {"another_field", kDisposition + "name=\"prompt\"\r\n", PartField::other},
    {"token_name", kDisposition + "name=model\r\n", PartField::model},
    {"any_case", "content-DISPOSITION: Form-Data; NAME=\"model\"\r\n", PartField::model},
    {"no_blanks", "Content-Disposition:form-data;name=\"model\"\r\n", PartField::model},
    {"case_of_the_name_counts", kDisposition + "name=\"Model\"\r\n", PartField::other},
    {"blank_in_name", kDisposition + "name=\"model \"\r\n", PartField::other},
    {"with_type", kDisposition + "name=\"model\"\r\nContent-Type: text/plain\r\n",
     PartField::model},
    {"file", kDisposition + "name=\"file\"; filename=\"a.mp3\"\r\nContent-Type: audio/mpeg\r\n",
     PartField::other},
    {"file_with_utf8_name", kDisposition + "name=\"file\"; filename=\"\xc3\xa4.mp3\"\r\n",
     PartField::other},
    {"file_with_escapes", kDisposition + "name=\"file\"; filename=\"a\\\"; name=\\\"model\"\r\n",
     PartField::other},
    {"file_with_extended_name", kDisposition + "name=\"file\"; filename*=UTF-8''a%20b\r\n",
     PartField::other},
    {"plain_encoding", kDisposition + "name=\"model\"\r\nContent-Transfer-Encoding: 8bit\r\n",
     PartField::model},
    {"empty", "", kBad},
    {"no_disposition", "Content-Type: text/plain\r\n", kBad},
    {"two_dispositions", kDisposition + "name=\"a\"\r\n" + kDisposition + "name=\"model\"\r\n",
     kBad},
    {"attachment", "Content-Disposition: attachment; name=\"model\"\r\n", kBad},
    {"no_parameters", "Content-Disposition: form-data\r\n", kBad},
    {"no_name", kDisposition + "filename=\"model\"\r\n", kBad},
    {"two_names", kDisposition + "name=\"a\"; name=\"model\"\r\n", kBad},
    {"extended_name", kDisposition + "name=\"a\"; name*=UTF-8''model\r\n", kBad},
    {"escape_in_name", kDisposition + "name=\"mod\\el\"\r\n", kBad},
    {"open_quote", kDisposition + "name=\"model\r\n", kBad},
    {"text_behind_quote", kDisposition + "name=\"model\"x\r\n", kBad},
    {"model_as_file", kDisposition + "name=\"model\"; filename=\"x\"\r\n", kBad},
    {"stream_as_file", kDisposition + "name=\"stream\"; filename*=UTF-8''x\r\n", kBad},
    {"base64_model", kDisposition + "name=\"model\"\r\nContent-Transfer-Encoding: base64\r\n",
     kBad},
    {"folded", "Content-Disposition: form-data;\r\n name=\"model\"\r\n", kBad},
    {"blank_before_colon", "Content-Disposition : form-data; name=\"model\"\r\n", kBad},
    {"bare_lf", kDisposition + "name=\"a\"\nX: y\r\n", kBad},
    {"nul", kDisposition + "name=\"mo" + std::string(1, '\0') + "del\"\r\n", kBad},
};

class PartHead : public testing::TestWithParam<Case> {};

TEST_P(PartHead, IsRead) {
  EXPECT_EQ(parse_part_head(GetParam().lines + "\r\n"), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Table, PartHead, testing::ValuesIn(kCases),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace butter::http
