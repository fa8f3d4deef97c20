#include "log/logger.h"

#include <chrono>

namespace butter::log {

void Logger::begin(Level level, std::string_view message) {
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
