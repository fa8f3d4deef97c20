#include "log/logger.h"

#include <chrono>

namespace butter::log {

namespace {
constexpr std::size_t kLongLine = 8 * 1024;
}  // namespace

void Logger::begin(Level level, std::string_view message) {
  if (writer_.lines().empty()) { writer_.reserve(kMostHeld + kLongLine); }
  writer_.begin(level, message, std::chrono::system_clock::now());
}

void Logger::end(Level level) {
  writer_.end();
  if (level >= Level::warn || writer_.lines().size() >= kMostHeld) { flush(); }
}

void Logger::flush() {
  if (!pending()) { return; }
  sink_.write(writer_.lines());
  writer_.clear();
}

}  // namespace butter::log
