#include "dialect/count.h"
#include "dialect/embeddings.h"
#include "json/cursor.h"
#include "json/writer.h"

namespace butter::dialect {

namespace {

std::unexpected<Error> no_answer() {
  return fail(Errc::upstream_protocol, "the answer is not one for embeddings");
}

Result<void> write_titan(const EmbeddingsRequest& request, std::string_view model, Buffer& out) {
  if (request.inputs.size() != 1) {
    return fail(Errc::bad_request,
                "input: Titan's models take one text a request; send them one by one");
  }
  const bool first_version = model.contains("titan-embed-text-v1");
  if (request.dimensions && first_version) {
    return fail(Errc::bad_request, "dimensions: this model has no choice of them");
  }
  json::Writer json(out);
  json.begin_object().key("inputText").escaped(request.inputs.front().escaped);
  if (request.dimensions) {
    json.key("dimensions").number(static_cast<std::int64_t>(*request.dimensions));
  }
  json.end_object();
  return {};
}

Result<EmbeddingsAnswer> read_titan(std::string_view body, const EmbeddingsRequest&) {
  EmbeddingsAnswer answer;
  json::Cursor cursor(body);
  cursor.object([&](json::Key key) {
    if (key == "embedding" && cursor.peek() == '[') {
      answer.vectors.assign(1, {cursor.value()});
    } else if (key == "inputTextTokenCount") {
      answer.input_tokens = read_count(cursor).value_or(0);
    } else {
      cursor.skip_value();
    }
  });
  if (!cursor.ok() || answer.vectors.empty()) { return no_answer(); }
  return answer;
}

Result<void> write_cohere(const EmbeddingsRequest& request, std::string_view model, Buffer& out) {
  if (request.dimensions && !model.contains("embed-v4")) {
    return fail(Errc::bad_request, "dimensions: this model has no choice of them");
  }
  json::Writer json(out);
  json.begin_object().key("texts").begin_array();
  for (const Text input : request.inputs) { json.escaped(input.escaped); }
  json.end_array().key("input_type").string("search_document");
  if (request.dimensions) {
    json.key("output_dimension").number(static_cast<std::int64_t>(*request.dimensions));
  }
  json.end_object();
  return {};
}

/// A list of lists, or an object that has it under `float`.
void read_vectors(json::Cursor& cursor, EmbeddingsAnswer& answer) {
  if (cursor.peek() == '[') {
    return cursor.array([&] { answer.vectors.push_back({cursor.value()}); });
  }
  cursor.object([&](json::Key key) {
    if (key == "float") {
      cursor.array([&] { answer.vectors.push_back({cursor.value()}); });
    } else {
      cursor.skip_value();
    }
  });
}

Result<EmbeddingsAnswer> read_cohere(std::string_view body, const EmbeddingsRequest& request) {
  EmbeddingsAnswer answer;
  json::Cursor cursor(body);
  cursor.object([&](json::Key key) {
    if (key == "embeddings") {
      read_vectors(cursor, answer);
    } else {
      cursor.skip_value();
    }
  });
  if (!cursor.ok() || answer.vectors.size() != request.inputs.size()) { return no_answer(); }
  for (const Raw vector : answer.vectors) {
    if (!vector.json.starts_with('[')) { return no_answer(); }
  }
  return answer;
}

}  // namespace

const EmbeddingsDialect kTitanEmbeddings{.write_request = write_titan, .read_answer = read_titan};
const EmbeddingsDialect kCohereEmbeddings{.write_request = write_cohere,
                                          .read_answer = read_cohere};

}  // namespace butter::dialect
