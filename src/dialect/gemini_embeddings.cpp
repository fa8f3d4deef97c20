#include <string>

#include "dialect/count.h"
#include "dialect/embeddings.h"
#include "dialect/gemini_model.h"
#include "json/cursor.h"
#include "json/writer.h"

namespace butter::dialect {

namespace {

void write_one(json::Writer& json, const EmbeddingsRequest& request, std::string_view name,
               Text input) {
  json.begin_object().key("model").string(name).key("content").begin_object();
  json.key("parts").begin_array().begin_object().key("text").escaped(input.escaped);
  json.end_object().end_array().end_object();
  if (request.dimensions) {
    json.key("outputDimensionality").number(static_cast<std::int64_t>(*request.dimensions));
  }
  json.end_object();
}

Result<void> write_request(const EmbeddingsRequest& request, std::string_view model, Buffer& out) {
  const std::string name = gemini::resource_name(model);
  json::Writer json(out);
  if (request.inputs.size() == 1) {
    write_one(json, request, name, request.inputs.front());
    return {};
  }
  json.begin_object().key("requests").begin_array();
  for (const Text input : request.inputs) { write_one(json, request, name, input); }
  json.end_array().end_object();
  return {};
}

void read_vector(json::Cursor& at, EmbeddingsAnswer& into) {
  at.object([&](json::Key key) {
    const bool found = key == "values" && at.peek() == '[';
    const std::string_view value = at.value();
    if (found) { into.vectors.push_back({value}); }
  });
}

Result<EmbeddingsAnswer> read_answer(std::string_view body, const EmbeddingsRequest& request) {
  EmbeddingsAnswer answer;
  json::Cursor at(body);
  at.object([&](json::Key key) {
    if (key == "embedding") {
      read_vector(at, answer);
    } else if (key == "embeddings") {
      at.array([&] { read_vector(at, answer); });
    } else if (key == "usageMetadata") {
      at.object([&](std::string_view name) {
        const auto tokens = read_count(at);
        if (name == "promptTokenCount") { answer.input_tokens = tokens.value_or(0); }
      });
    } else {
      at.skip_value();
    }
  });
  if (!at.ok() || answer.vectors.size() != request.inputs.size()) {
    return fail(Errc::upstream_protocol,
                "the provider gave " + std::to_string(answer.vectors.size()) + " vectors for " +
                    std::to_string(request.inputs.size()) + " texts");
  }
  return answer;
}

}  // namespace

const EmbeddingsDialect kGeminiEmbeddings{.write_request = write_request,
                                          .read_answer = read_answer};

}  // namespace butter::dialect
