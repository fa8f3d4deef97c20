#include "http/part_head.h"

#include <algorithm>
#include <string>

#include "base/strings.h"
#include "http/field_block.h"
#include "http/parameters.h"

namespace butter::http {
namespace {

/// Takes the word in front of the parameters: "form-data" of `form-data; name="x"`.
std::string_view take_first_word(std::string_view& value) noexcept {
  const std::size_t end = std::min(value.find(';'), value.size());
  const std::string_view word = trim(value.substr(0, end));
  value.remove_prefix(end);
  return word;
}

std::optional<PartField> field_of_disposition(std::string_view value) {
  if (!iequals(take_first_word(value), "form-data")) { return std::nullopt; }
  ParameterReader parameters(value);
  std::optional<std::string> name;
  bool is_file = false;
  while (const auto parameter = parameters.next()) {
    if (iequals(parameter->name, "name")) {
      if (name || parameter->escaped) { return std::nullopt; }
      name = parameter->value;
    } else if (iequals(parameter->name, "name*")) {
      return std::nullopt;
    }
    is_file =
        is_file || iequals(parameter->name, "filename") || iequals(parameter->name, "filename*");
  }
  if (parameters.bad() || !name) { return std::nullopt; }
  if (*name != "model" && *name != "stream") { return PartField::other; }
  // Some receivers take a file for a field, some do not.
  if (is_file) { return std::nullopt; }
  return *name == "model" ? PartField::model : PartField::stream;
}

bool is_plain_encoding(std::string_view encoding) noexcept {
  return encoding.empty() || iequals(encoding, "7bit") || iequals(encoding, "8bit") ||
         iequals(encoding, "binary");
}

}  // namespace

std::optional<PartField> parse_part_head(std::string_view bytes) {
  Fields fields;
  // A file's name may hold UTF-8, as a response's values may.
  if (!parse_field_block(bytes, Side::response, fields)) { return std::nullopt; }
  std::size_t dispositions = 0;
  for (const Field& field : fields.all()) {
    dispositions += iequals(field.name, "content-disposition") ? 1 : 0;
  }
  if (dispositions != 1) { return std::nullopt; }
  const auto field = field_of_disposition(fields.value("content-disposition"));
  if (field && *field != PartField::other &&
      !is_plain_encoding(fields.value("content-transfer-encoding"))) {
    return std::nullopt;
  }
  return field;
}

}  // namespace butter::http
