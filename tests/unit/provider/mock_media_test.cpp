#include <gtest/gtest.h>

#include "provider/mock_shapes.h"
#include "unit/provider/json_at.h"

namespace butter::provider::mock {
namespace {

using test::data_of;
using test::json_at;

TEST(MockSpeech, IsAWave) {
  const MockAnswer answer = speech_answer();
  EXPECT_EQ(answer.content_type, "audio/wav");
  const std::string& wav = answer.pieces.at(0);
  EXPECT_EQ(wav.size(), 844U);
  EXPECT_EQ(wav.substr(0, 8), std::string("RIFF\x44\x03\x00\x00", 8));   // 836
  EXPECT_EQ(wav.substr(36, 8), std::string("data\x20\x03\x00\x00", 8));  // 800
}

TEST(MockTranscription, WholeAndStreamed) {
  const std::string body = transcription_answer({}, false).pieces.at(0);
  const MockAnswer stream = transcription_answer({}, true);
  std::string text;
  for (std::size_t i = 0; i + 1 < stream.pieces.size(); ++i) {
    EXPECT_EQ(json_at(data_of(stream.pieces[i]), "/type"), "transcript.text.delta");
    text += json_at(data_of(stream.pieces[i]), "/delta");
  }
  EXPECT_EQ(json_at(body, "/text"), text);
  EXPECT_EQ(json_at(data_of(stream.pieces.back()), "/type"), "transcript.text.done");
  EXPECT_EQ(json_at(data_of(stream.pieces.back()), "/text"), text);
}

TEST(MockImages, AsManyAsAskedFor) {
  Request request;
  request.now = 7;
  request.n = 2;
  const std::string body = image_answer(request).pieces.at(0);
  EXPECT_EQ(json_at(body, "/created"), "7");
  EXPECT_TRUE(json_at(body, "/data/1/b64_json").starts_with("iVBORw0KGgo"));
  EXPECT_EQ(json_at(body, "/data/2"), "absent");
}

TEST(MockImages, AsUrl) {
  Request request;
  request.as_url = true;
  const std::string body = image_answer(request).pieces.at(0);
  EXPECT_TRUE(json_at(body, "/data/0/url").starts_with("data:image/png;base64,iVBORw0KGgo"));
  EXPECT_EQ(json_at(body, "/data/0/b64_json"), "absent");
}

}  // namespace
}  // namespace butter::provider::mock
