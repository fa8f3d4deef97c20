#pragma once

#include <cstdint>

namespace butter::wasm::extism {

// What this room uses of libextism's C interface, version 1.41; the library is opened at run time.
// \source https://extism.org/docs/integrate-into-your-codebase/c-host-sdk

struct Compiled;      // ExtismCompiledPlugin: a module, compiled; any thread
struct Plugin;        // ExtismPlugin: an instance of it; any one thread at a time
struct Current;       // ExtismCurrentPlugin: the instance that calls a host function
struct Function;      // ExtismFunction: a host function
struct CancelHandle;  // ExtismCancelHandle: lives as long as its instance; any thread

enum class ValueType : std::uint32_t { i32, i64, f32, f64, v128, func_ref, extern_ref };

struct Value {
  ValueType type;
  union {
    std::int32_t i32;
    std::int64_t i64;
    float f32;
    double f64;
  };
};
static_assert(sizeof(Value) == 16);

using HostFunction = void(Current* plugin, const Value* inputs, std::uint64_t input_count,
                          Value* outputs, std::uint64_t output_count, void* data);

/// The functions, by their names without "extism_".
struct Api {
  const char* (*version)();

  Function* (*function_new)(const char* name, const ValueType* inputs, std::uint64_t input_count,
                            const ValueType* outputs, std::uint64_t output_count,
                            HostFunction* function, void* data, void (*free_data)(void*));
  void (*function_set_namespace)(Function* function, const char* name);
  void (*function_free)(Function* function);

  /// \param functions  belong to the result, but for their shells: free them nevertheless
  Compiled* (*compiled_plugin_new_with_fuel_limit)(const std::uint8_t* manifest, std::uint64_t size,
                                                   const Function** functions,
                                                   std::uint64_t function_count, bool with_wasi,
                                                   std::uint64_t fuel, char** error);
  void (*compiled_plugin_free)(Compiled* compiled);

  Plugin* (*plugin_new_from_compiled)(const Compiled* compiled, char** error);
  void (*plugin_new_error_free)(char* error);
  void (*plugin_free)(Plugin* plugin);
  void (*plugin_allow_http_response_headers)(Plugin* plugin);
  bool (*plugin_function_exists)(Plugin* plugin, const char* name);
  std::int32_t (*plugin_call_with_host_context)(Plugin* plugin, const char* name,
                                                const std::uint8_t* data, std::uint64_t size,
                                                void* context);
  const char* (*plugin_error)(Plugin* plugin);
  const std::uint8_t* (*plugin_output_data)(Plugin* plugin);
  std::uint64_t (*plugin_output_length)(Plugin* plugin);
  const CancelHandle* (*plugin_cancel_handle)(const Plugin* plugin);
  bool (*plugin_cancel)(const CancelHandle* handle);

  // In host functions only.
  void* (*current_plugin_host_context)(Current* plugin);
  std::uint8_t* (*current_plugin_memory)(Current* plugin);
  std::uint64_t (*current_plugin_memory_length)(Current* plugin, std::uint64_t offset);
  void (*current_plugin_memory_free)(Current* plugin, std::uint64_t offset);
};

}  // namespace butter::wasm::extism
