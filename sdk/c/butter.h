/* Butter plugins in C: one header, no C library. Build with
 *   clang --target=wasm32 -O2 -mbulk-memory -nostdlib -Wl,--no-entry -o plugin.wasm plugin.c
 *
 *   #include "butter.h"
 *   BT_HOOK(pre_http) {
 *     bt_text body = bt_member(bt_input(), "body");
 *     if (bt_is(bt_string(bt_member(body, "user")), "mallory")) {
 *       bt_answer(403, "{\"error\":{\"message\":\"not you\"}}");
 *     }
 *     return 0;
 *   }
 *
 * A hook reads its input and may write one output. All memory that these functions give belongs to
 * the hook's call; the next call takes it back. docs/plugins.md has the fields of input and output.
 */
#ifndef BUTTER_H
#define BUTTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- what the host offers: the Extism ABI ---------------------------------------------------- */

typedef uint64_t bt_offset; /* of a block in the host's memory; 0 = none */

#define BT_IMPORT(name) \
  __attribute__((import_module("extism:host/env"), import_name(#name))) extern

BT_IMPORT(alloc) bt_offset bt_host_alloc(uint64_t size);
BT_IMPORT(free) void bt_host_free(bt_offset block);
BT_IMPORT(length) uint64_t bt_host_length(bt_offset block);
BT_IMPORT(load_u8) uint32_t bt_host_load_u8(bt_offset at);
BT_IMPORT(load_u64) uint64_t bt_host_load_u64(bt_offset at);
BT_IMPORT(store_u8) void bt_host_store_u8(bt_offset at, uint32_t byte);
BT_IMPORT(store_u64) void bt_host_store_u64(bt_offset at, uint64_t bytes);
BT_IMPORT(input_length) uint64_t bt_host_input_length(void);
BT_IMPORT(input_load_u8) uint32_t bt_host_input_load_u8(uint64_t index);
BT_IMPORT(input_load_u64) uint64_t bt_host_input_load_u64(uint64_t index);
BT_IMPORT(output_set) void bt_host_output_set(bt_offset block, uint64_t size);
BT_IMPORT(error_set) void bt_host_error_set(bt_offset block);
BT_IMPORT(config_get) bt_offset bt_host_config_get(bt_offset key);
BT_IMPORT(var_get) bt_offset bt_host_var_get(bt_offset key);
BT_IMPORT(var_set) void bt_host_var_set(bt_offset key, bt_offset value);
BT_IMPORT(http_request) bt_offset bt_host_http_request(bt_offset request, bt_offset body);
BT_IMPORT(http_status_code) int32_t bt_host_http_status_code(void);
BT_IMPORT(http_headers) bt_offset bt_host_http_headers(void);
BT_IMPORT(get_log_level) int32_t bt_host_get_log_level(void);
BT_IMPORT(log_debug) void bt_host_log_debug(bt_offset text);
BT_IMPORT(log_info) void bt_host_log_info(bt_offset text);
BT_IMPORT(log_warn) void bt_host_log_warn(bt_offset text);
BT_IMPORT(log_error) void bt_host_log_error(bt_offset text);

/* ---- memory and texts ------------------------------------------------------------------------ */

typedef struct {
  const char *data;
  size_t size;
} bt_text;

extern unsigned char __heap_base; /* where the linker's data ends */
static size_t bt_heap_top;

#define BT_NONE ((bt_text){0, 0})
#define BT_LITERAL(text) ((bt_text){text, sizeof(text) - 1})

/* Defines and exports a hook: pre_http, pre_llm, stream_chunk, post_llm, post_http or on_trace. */
#define BT_HOOK(name)                                            \
  static int bt_##name(void);                                    \
  __attribute__((export_name(#name))) int bt_export_##name(void) { \
    bt_heap_top = 0;                                             \
    return bt_##name();                                          \
  }                                                              \
  static int bt_##name(void)

/* Memory for this call, 8 bytes aligned. Traps when there is no more. */
static inline void *bt_alloc(size_t size) {
  if (bt_heap_top == 0) bt_heap_top = (size_t)&__heap_base;
  const size_t at = (bt_heap_top + 7) & ~(size_t)7;
  const size_t end = at + size;
  const size_t have = __builtin_wasm_memory_size(0) << 16;
  if (end < at) __builtin_trap();
  if (end > have && __builtin_wasm_memory_grow(0, (end - have + 65535) >> 16) == (size_t)-1) {
    __builtin_trap();
  }
  bt_heap_top = end;
  return (void *)at;
}

static inline bool bt_equal(bt_text a, bt_text b) {
  if (a.size != b.size) return false;
  for (size_t i = 0; i < a.size; ++i) {
    if (a.data[i] != b.data[i]) return false;
  }
  return true;
}
static inline size_t bt_length(const char *text) {
  size_t size = 0;
  while (text[size] != 0) ++size;
  return size;
}
static inline bt_text bt_of(const char *text) { return (bt_text){text, bt_length(text)}; }
static inline bool bt_is(bt_text a, const char *b) { return bt_equal(a, bt_of(b)); }

/* Copies a block of the host's memory, and frees it there. */
static inline bt_text bt_take(bt_offset block) {
  if (block == 0) return BT_NONE;
  const uint64_t size = bt_host_length(block);
  char *const copy = bt_alloc(size + 8);
  for (uint64_t i = 0; i < size; i += 8) {
    if (i + 8 <= size) {
      *(uint64_t *)(copy + i) = bt_host_load_u64(block + i);
    } else {
      for (uint64_t k = i; k < size; ++k) copy[k] = (char)bt_host_load_u8(block + k);
    }
  }
  bt_host_free(block);
  return (bt_text){copy, size};
}

/* Copies a text into a block of the host's memory. */
static inline bt_offset bt_give(bt_text text) {
  const bt_offset block = bt_host_alloc(text.size);
  size_t i = 0;
  for (; i + 8 <= text.size; i += 8) {
    uint64_t word;
    __builtin_memcpy(&word, text.data + i, 8);
    bt_host_store_u64(block + i, word);
  }
  for (; i < text.size; ++i) bt_host_store_u8(block + i, (unsigned char)text.data[i]);
  return block;
}

/* ---- the call -------------------------------------------------------------------------------- */

/* The hook's input, a JSON text. */
static inline bt_text bt_input(void) {
  const uint64_t size = bt_host_input_length();
  char *const copy = bt_alloc(size + 8);
  uint64_t i = 0;
  for (; i + 8 <= size; i += 8) *(uint64_t *)(copy + i) = bt_host_input_load_u64(i);
  for (; i < size; ++i) copy[i] = (char)bt_host_input_load_u8(i);
  return (bt_text){copy, size};
}

/* Sets the hook's output, a JSON text. The last one counts. */
static inline void bt_output(bt_text json) { bt_host_output_set(bt_give(json), json.size); }

/* Makes the hook fail with this text. */
static inline void bt_error(bt_text text) { bt_host_error_set(bt_give(text)); }

/* A value of the plugin's `config`; no data when the key is not there. */
static inline bt_text bt_config(const char *key) {
  return bt_take(bt_host_config_get(bt_give(bt_of(key))));
}

/* Values that a warm instance keeps from call to call; they may be gone at any call. */
static inline bt_text bt_var(const char *key) { return bt_take(bt_host_var_get(bt_give(bt_of(key)))); }
static inline void bt_set_var(const char *key, bt_text value) {
  bt_host_var_set(bt_give(bt_of(key)), bt_give(value));
}

static inline void bt_log_debug(bt_text text) { bt_host_log_debug(bt_give(text)); }
static inline void bt_log_info(bt_text text) { bt_host_log_info(bt_give(text)); }
static inline void bt_log_warn(bt_text text) { bt_host_log_warn(bt_give(text)); }
static inline void bt_log_error(bt_text text) { bt_host_log_error(bt_give(text)); }

/* ---- building texts -------------------------------------------------------------------------- */

typedef struct {
  char *data;
  size_t size, room;
} bt_buffer;

static inline void bt_append(bt_buffer *out, bt_text text) {
  if (text.size > out->room - out->size) {
    const size_t room = (out->size + text.size) * 2 + 64;
    char *const data = bt_alloc(room);
    if (out->size > 0) __builtin_memcpy(data, out->data, out->size);
    out->data = data;
    out->room = room;
  }
  if (text.size > 0) __builtin_memcpy(out->data + out->size, text.data, text.size);
  out->size += text.size;
}
static inline bt_text bt_view(const bt_buffer *buffer) {
  return (bt_text){buffer->data, buffer->size};
}
static inline void bt_append_number(bt_buffer *out, int64_t value) {
  char digits[20];
  size_t at = sizeof digits;
  uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
  do {
    digits[--at] = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest > 0);
  if (value < 0) digits[--at] = '-';
  bt_append(out, (bt_text){digits + at, sizeof digits - at});
}
/* `text` as a JSON string, with its quotes. */
static inline void bt_append_string(bt_buffer *out, bt_text text) {
  bt_append(out, BT_LITERAL("\""));
  size_t run = 0;
  for (size_t i = 0; i < text.size; ++i) {
    const unsigned char c = (unsigned char)text.data[i];
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    char escape[6] = {'\\', 'u', '0', '0', "0123456789abcdef"[c >> 4], "0123456789abcdef"[c & 15]};
    bt_append(out, (bt_text){text.data + run, i - run});
    bt_append(out, (bt_text){escape, sizeof escape});
    run = i + 1;
  }
  bt_append(out, (bt_text){text.data + run, text.size - run});
  bt_append(out, BT_LITERAL("\""));
}

/* Answers the request at once, with a JSON text as its body. */
static inline void bt_answer(int status, const char *body) {
  bt_buffer out = {0};
  bt_append(&out, BT_LITERAL("{\"short_circuit\":true,\"short_circuit_status\":"));
  bt_append_number(&out, status);
  bt_append(&out, BT_LITERAL(",\"short_circuit_body\":"));
  bt_append(&out, bt_of(body));
  bt_append(&out, BT_LITERAL("}"));
  bt_output(bt_view(&out));
}

/* ---- reading JSON: the host gives only what is well-formed ----------------------------------- */

static inline const char *bt_skip_space(const char *at, const char *end) {
  while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) ++at;
  return at;
}
static inline const char *bt_skip_string(const char *at, const char *end) {
  for (++at; at < end && *at != '"'; ++at) {
    if (*at == '\\') ++at;
  }
  return at < end ? at + 1 : end;
}
static inline const char *bt_skip_value(const char *at, const char *end) {
  size_t depth = 0;
  for (at = bt_skip_space(at, end); at < end;) {
    const char c = *at;
    if (c == '"') {
      at = bt_skip_string(at, end);
    } else if (c == '{' || c == '[') {
      ++depth;
      ++at;
      continue;
    } else if (c == '}' || c == ']') {
      if (depth == 0) return at;
      --depth;
      ++at;
    } else if (depth == 0 && (c == ',' || c == ':')) {
      return at;
    } else if (depth > 0) {
      ++at;
      continue;
    } else {
      while (at < end && *at != ',' && *at != '}' && *at != ']' && *at > ' ') ++at;
    }
    if (depth == 0) return at;
  }
  return end;
}

/* Steps through an object or array. Set up with its text; bt_next() is false at the end. */
typedef struct {
  bt_text rest;
  bt_text key;   /* of objects, as written, without quotes */
  bt_text value; /* as written */
  bool begun;
} bt_walk;

static inline bool bt_next(bt_walk *walk) {
  const char *at = walk->rest.data;
  const char *const end = at + walk->rest.size;
  at = bt_skip_space(at, end);
  if (at == end) return false;
  if (!walk->begun && *at != '{' && *at != '[') return false;
  if (walk->begun && *at != ',') return false;
  const bool in_object = walk->begun ? walk->key.data != 0 : *at == '{';
  walk->begun = true;
  at = bt_skip_space(at + 1, end);
  if (at == end || *at == '}' || *at == ']') return false;
  if (in_object) {
    const char *const key_end = bt_skip_string(at, end);
    walk->key = (bt_text){at + 1, (size_t)(key_end - at) - 2};
    at = bt_skip_space(key_end, end) + 1;
  }
  const char *const begin = bt_skip_space(at, end);
  at = bt_skip_value(begin, end);
  walk->value = (bt_text){begin, (size_t)(at - begin)};
  walk->rest = (bt_text){at, (size_t)(end - at)};
  return true;
}

/* The value of an object's member, as written; no data when it is not there. */
static inline bt_text bt_member(bt_text object, const char *key) {
  bt_walk walk = {.rest = object};
  while (bt_next(&walk)) {
    if (walk.key.data != 0 && bt_is(walk.key, key)) return walk.value;
  }
  return BT_NONE;
}

static inline bool bt_is_string(bt_text value) { return value.size > 0 && value.data[0] == '"'; }
static inline bool bt_is_array(bt_text value) { return value.size > 0 && value.data[0] == '['; }
static inline bool bt_is_object(bt_text value) { return value.size > 0 && value.data[0] == '{'; }

static inline int bt_hex(char c) {
  return c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
}
static inline size_t bt_put_utf8(char *out, uint32_t c) {
  if (c < 0x80) {
    out[0] = (char)c;
    return 1;
  }
  const int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  for (int i = more; i > 0; --i, c >>= 6) out[i] = (char)(0x80 | (c & 0x3f));
  out[0] = (char)((0xf0 << (3 - more)) | c);
  return (size_t)more + 1;
}

/* The text of a JSON string; no data when the value is none. */
static inline bt_text bt_string(bt_text value) {
  if (!bt_is_string(value)) return BT_NONE;
  char *const out = bt_alloc(value.size);
  size_t size = 0;
  uint32_t high = 0; /* the first half of a pair */
  for (size_t i = 1; i + 1 < value.size; ++i) {
    char c = value.data[i];
    if (c != '\\') {
      out[size++] = c;
      continue;
    }
    c = value.data[++i];
    if (c == 'u') {
      uint32_t code = 0;
      for (int k = 0; k < 4; ++k) code = code << 4 | (uint32_t)bt_hex(value.data[++i]);
      if (code >= 0xd800 && code < 0xdc00) {
        high = code;
        continue;
      }
      if (code >= 0xdc00 && code < 0xe000) {
        code = high == 0 ? 0xfffd : 0x10000 + ((high - 0xd800) << 10) + (code - 0xdc00);
      }
      high = 0;
      size += bt_put_utf8(out + size, code);
    } else {
      out[size++] = c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c == 'b' ? '\b' : c == 'f' ? '\f' : c;
    }
  }
  return (bt_text){out, size};
}

#endif
