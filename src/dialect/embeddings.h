#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/buffer.h"
#include "base/result.h"
#include "dialect/conversation.h"

namespace butter::dialect {

/// A request for embeddings in the words of no dialect. Views into the caller's body, which
/// outlives it. Thread: worker-local.
struct EmbeddingsRequest {
  enum class Encoding : std::uint8_t { numbers, base64 };

  Text model;
  std::vector<Text> inputs;  ///< at least one
  std::optional<std::uint64_t> dimensions{};
  Encoding encoding = Encoding::numbers;
  /// Fields that no provider with an API of its own knows ("user", unknown ones): reported.
  std::vector<std::string_view> dropped;
};

/// What a provider made of it. Views into its answer, which outlives it. Thread: worker-local.
struct EmbeddingsAnswer {
  std::vector<Raw> vectors;        ///< each an array of numbers, in the order of the inputs
  std::uint64_t input_tokens = 0;  ///< 0 where the provider says nothing
};

/// How providers with an API of their own are asked for embeddings. Their errors are read by the
/// AnswerReader of their dialect.
struct EmbeddingsDialect {
  /// \param model  the provider's name for the model, plain text
  /// \errors bad_request: something that this API cannot say and that must not be dropped
  Result<void> (*write_request)(const EmbeddingsRequest& request, std::string_view model,
                                Buffer& out);
  /// \errors upstream_protocol: it is no answer, or one with another number of vectors
  Result<EmbeddingsAnswer> (*read_answer)(std::string_view body, const EmbeddingsRequest& request);
};

/// Google's embedContent and batchEmbedContents. \source https://ai.google.dev/api/embeddings
extern const EmbeddingsDialect kGeminiEmbeddings;

/// Amazon Titan's on Bedrock: one text a request.
/// \source
/// https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html
extern const EmbeddingsDialect kTitanEmbeddings;
/// Cohere's on Bedrock. \source
/// https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed.html
extern const EmbeddingsDialect kCohereEmbeddings;

/// Reads the body of OpenAI's /embeddings.
/// \source https://platform.openai.com/docs/api-reference/embeddings/create
/// \errors bad_request with the field's path: "input[1]: must be a string"
[[nodiscard]] Result<EmbeddingsRequest> read_embeddings_request(std::string_view body);

/// Writes OpenAI's answer. \param model  that was asked for, plain text
/// \errors upstream_protocol: base64 was asked for and a vector holds something that is no number
[[nodiscard]] Result<void> write_embeddings_answer(const EmbeddingsAnswer& answer,
                                                   const EmbeddingsRequest& request,
                                                   std::string_view model, Buffer& out);

}  // namespace butter::dialect
