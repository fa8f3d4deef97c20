#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/answer.h"
#include "dialect/conversation.h"

namespace butter::property {

/// What a model says, in the order in which every dialect can say it. Texts are escaped, each piece
/// on its own; arguments are pieces of a JSON object, not escaped.
struct Answer {
  struct Call {
    std::string id, name;
    std::vector<std::string> arguments;
  };
  std::vector<std::string> thinking;  ///< pieces of one block; none: no block
  std::string signature;              ///< of it
  std::vector<std::string> text;
  std::vector<Call> calls;
  dialect::Finish::Reason reason = dialect::Finish::Reason::stop;
  dialect::Usage usage;
};

/// Makes conversations and answers out of a seed. Thread: any one at a time.
class Generator {
 public:
  explicit Generator(std::uint32_t seed) : random_(seed) {}

  /// A request of what chat and messages both have words for.
  void fill(dialect::Conversation& conversation);
  [[nodiscard]] Answer answer();

 private:
  bool maybe() { return below(2) == 0; }
  std::size_t below(std::size_t bound) { return random_() % bound; }
  /// One to three pieces of text that no reader may trip over, escaped; never blank.
  std::string text();
  std::vector<std::string> pieces();
  std::vector<std::string> object_pieces();
  std::string object();
  dialect::Part said(dialect::Conversation& conversation);
  void user_turn(dialect::Conversation& conversation);
  void assistant_turn(dialect::Conversation& conversation);
  void settings(dialect::Conversation& conversation);
  void tools(dialect::Conversation& conversation);

  std::mt19937 random_;
  unsigned calls_ = 0;  ///< no two have one id
};

}  // namespace butter::property
