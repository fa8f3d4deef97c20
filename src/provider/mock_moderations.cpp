#include <array>

#include "provider/mock_shapes.h"

namespace butter::provider::mock {

namespace {

/// \source https://platform.openai.com/docs/api-reference/moderations
constexpr std::array<std::string_view, 13> kCategories{"harassment",
                                                       "harassment/threatening",
                                                       "hate",
                                                       "hate/threatening",
                                                       "illicit",
                                                       "illicit/violent",
                                                       "self-harm",
                                                       "self-harm/intent",
                                                       "self-harm/instructions",
                                                       "sexual",
                                                       "sexual/minors",
                                                       "violence",
                                                       "violence/graphic"};

/// An object that gives each category the same value.
std::string for_each_category(std::string_view value) {
  std::string out = "{";
  for (const std::string_view category : kCategories) {
    if (out.size() > 1) { out += ','; }
    out += fill("@:@", {quote(category), value});
  }
  return out + "}";
}

}  // namespace

MockAnswer moderation_answer(const Request& request) {
  const std::string harmless = fill(
      R"({"flagged":false,"categories":@,"category_scores":@,)"
      R"("category_applied_input_types":@})",
      {for_each_category("false"), for_each_category("0.0"), for_each_category(R"(["text"])")});
  std::string results = harmless;
  for (std::size_t i = 1; i < request.inputs.size(); ++i) { results += "," + harmless; }
  return whole(fill(R"({"id":@,"model":@,"results":[@]})",
                    {quote("modr-" + request.id), quote(request.model), results}));
}

}  // namespace butter::provider::mock
