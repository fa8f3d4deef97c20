// Wherever the network cuts a form, its model is the same and stands where the scanner says.
// The first line of an input is the Content-Type, the rest is the body.
#include "http/multipart.h"

#include <cstdint>
#include <tuple>

#include "fuzz/cuts.h"

namespace {

using butter::fuzz::require;
using namespace butter::http;

using Outcome = std::tuple<MultipartScanner::State, std::string, std::uint64_t, bool>;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t line_end = input.find('\n');
  if (line_end == std::string_view::npos) { return 0; }
  const auto boundary = boundary_of(input.substr(0, line_end));
  if (!boundary) { return 0; }
  const std::string_view body = input.substr(line_end + 1);
  butter::fuzz::same_wherever_cut(body, [&](const std::vector<std::string_view>& parts) -> Outcome {
    MultipartScanner scanner(*boundary);
    MultipartScanner::State state = MultipartScanner::State::reading;
    for (const std::string_view part : parts) { state = scanner.feed(part); }
    const auto* const model = scanner.model();
    if (model == nullptr) { return {state, "", 0, scanner.stream()}; }
    require(model->end <= body.size() && model->begin <= model->end);
    require(body.substr(model->begin, model->end - model->begin) == model->text);
    require(model->text.size() <= MultipartScanner::kMostValue);
    return {state, model->text, model->begin, scanner.stream()};
  });
  return 0;
}
