#include "wasm/host_functions.h"

#include <algorithm>
#include <span>

namespace butter::wasm {

namespace {

using extism::Value;
using extism::ValueType;

constexpr const char* kEnvironment = "extism:host/env";
constexpr const char* kWasi = "wasi_snapshot_preview1";
constexpr std::int32_t kInterrupted = 27;  // WASI's EINTR
constexpr std::int32_t kLogOff = 0x7fffffff;

/// The functions of the library that a host function needs are its data: no more comes along.
const extism::Api& api_of(void* data) {
  return *static_cast<const extism::Api*>(data);
}

std::string_view text_at(const extism::Api& api, extism::Current* plugin, std::uint64_t offset) {
  const std::uint64_t size = api.current_plugin_memory_length(plugin, offset);
  if (size == 0) { return {}; }
  const std::uint8_t* const memory = api.current_plugin_memory(plugin);
  return {reinterpret_cast<const char*>(memory) + offset, size};
}

template <log::Level level>
void log_text(extism::Current* plugin, const Value* inputs, std::uint64_t, Value*, std::uint64_t,
              void* data) noexcept {
  const extism::Api& api = api_of(data);
  const auto offset = static_cast<std::uint64_t>(inputs[0].i64);
  auto* const caller = static_cast<Caller*>(api.current_plugin_host_context(plugin));
  if (caller != nullptr && caller->logger != nullptr && caller->logger->enabled(level) &&
      caller->lines++ < kMostLines) {
    const std::string_view text = text_at(api, plugin, offset).substr(0, kMostLineBytes);
    if (caller->request_id.empty()) {
      caller->logger->write(level, text, log::field("plugin", caller->plugin));
    } else {
      caller->logger->write(level, text, log::field("plugin", caller->plugin),
                            log::field("request_id", caller->request_id));
    }
  }
  api.current_plugin_memory_free(plugin, offset);
}

/// Extism counts from 0 = trace; we have no level below debug.
void get_log_level(extism::Current* plugin, const Value*, std::uint64_t, Value* outputs,
                   std::uint64_t, void* data) noexcept {
  const auto* const caller =
      static_cast<const Caller*>(api_of(data).current_plugin_host_context(plugin));
  std::int32_t least = kLogOff;
  if (caller != nullptr && caller->logger != nullptr) {
    constexpr std::pair<log::Level, std::int32_t> kLevels[] = {{log::Level::debug, 0},
                                                               {log::Level::info, 2},
                                                               {log::Level::warn, 3},
                                                               {log::Level::error, 4}};
    for (const auto& [level, number] : kLevels) {
      if (caller->logger->enabled(level)) { least = std::min(least, number); }
    }
  }
  outputs[0].type = ValueType::i32;
  outputs[0].i32 = least;
}

void poll_oneoff(extism::Current*, const Value*, std::uint64_t, Value* outputs, std::uint64_t,
                 void*) noexcept {
  outputs[0].type = ValueType::i32;
  outputs[0].i32 = kInterrupted;
}

struct Row {
  const char* space;
  const char* name;
  extism::HostFunction* function;
  std::span<const ValueType> inputs;
  std::span<const ValueType> outputs;
};

constexpr ValueType kOffset[] = {ValueType::i64};
constexpr ValueType kNumber[] = {ValueType::i32};
constexpr ValueType kFourNumbers[] = {ValueType::i32, ValueType::i32, ValueType::i32,
                                      ValueType::i32};
const Row kRows[] = {
    {kEnvironment, "log_trace", log_text<log::Level::debug>, kOffset, {}},
    {kEnvironment, "log_debug", log_text<log::Level::debug>, kOffset, {}},
    {kEnvironment, "log_info", log_text<log::Level::info>, kOffset, {}},
    {kEnvironment, "log_warn", log_text<log::Level::warn>, kOffset, {}},
    {kEnvironment, "log_error", log_text<log::Level::error>, kOffset, {}},
    {kEnvironment, "get_log_level", get_log_level, {}, kNumber},
    {kWasi, "poll_oneoff", poll_oneoff, kFourNumbers, kNumber},
};

}  // namespace

std::vector<extism::Function*> make_host_functions(const extism::Api& api) {
  std::vector<extism::Function*> functions;
  for (const Row& row : kRows) {
    auto* const own_api = new extism::Api(api);  // the function's, which frees it
    extism::Function* const function = api.function_new(
        row.name, row.inputs.data(), row.inputs.size(), row.outputs.data(), row.outputs.size(),
        row.function, own_api, [](void* data) { delete static_cast<extism::Api*>(data); });
    api.function_set_namespace(function, row.space);
    functions.push_back(function);
  }
  return functions;
}

}  // namespace butter::wasm
