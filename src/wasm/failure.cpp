#include "wasm/failure.h"

#include "base/strings.h"

namespace butter::wasm {

const char* to_string(Fault fault) noexcept {
  switch (fault) {
    case Fault::timeout: return "timeout";
    case Fault::cancelled: return "cancelled";
    case Fault::out_of_memory: return "out_of_memory";
    case Fault::out_of_fuel: return "out_of_fuel";
    case Fault::trap: return "trap";
    case Fault::refused: return "refused";
    case Fault::bad_input: return "bad_input";
    case Fault::bad_output: return "bad_output";
    case Fault::no_instance: return "no_instance";
    case Fault::not_called: return "not_called";
  }
  return "";
}

std::string Failure::text() const {
  return "wasm plugin " + quoted(plugin) + ' ' + to_string(hook) + ": " + detail;
}

}  // namespace butter::wasm
