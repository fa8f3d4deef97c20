// What a plugin in AssemblyScript needs of its host, in one file. Build with
//   npm ci && npx asc assembly/example.ts -O --runtime minimal --use abort=assembly/butter/abort -o plugin.wasm
// A hook is an exported function: `export function pre_http(): i32`.

@external("extism:host/env", "alloc") declare function host_alloc(size: u64): u64;
@external("extism:host/env", "free") declare function host_free(block: u64): void;
@external("extism:host/env", "length") declare function host_length(block: u64): u64;
@external("extism:host/env", "load_u8") declare function host_load_u8(at: u64): u32;
@external("extism:host/env", "load_u64") declare function host_load_u64(at: u64): u64;
@external("extism:host/env", "store_u8") declare function host_store_u8(at: u64, value: u32): void;
@external("extism:host/env", "store_u64") declare function host_store_u64(at: u64, value: u64): void;
@external("extism:host/env", "input_length") declare function host_input_length(): u64;
@external("extism:host/env", "input_load_u8") declare function host_input_load_u8(index: u64): u32;
@external("extism:host/env", "input_load_u64") declare function host_input_load_u64(index: u64): u64;
@external("extism:host/env", "output_set") declare function host_output_set(block: u64, size: u64): void;
@external("extism:host/env", "error_set") declare function host_error_set(block: u64): void;
@external("extism:host/env", "config_get") declare function host_config_get(key: u64): u64;
@external("extism:host/env", "var_get") declare function host_var_get(key: u64): u64;
@external("extism:host/env", "var_set") declare function host_var_set(key: u64, value: u64): void;
@external("extism:host/env", "log_info") declare function host_log_info(text: u64): void;
@external("extism:host/env", "log_warn") declare function host_log_warn(text: u64): void;

// What AssemblyScript calls when an assertion fails.
export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  unreachable();
}

// Copies a text into a block of the host's memory.
function give(text: string): u64 {
  const bytes = String.UTF8.encode(text);
  const size = bytes.byteLength;
  const from = changetype<usize>(bytes);
  const block = host_alloc(<u64>size);
  let i = 0;
  for (; i + 8 <= size; i += 8) host_store_u64(block + i, load<u64>(from + i));
  for (; i < size; i++) host_store_u8(block + i, load<u8>(from + i));
  return block;
}

// Copies a block of the host's memory, and frees it there.
function take(block: u64): string {
  if (block == 0) return "";
  const size = <i32>host_length(block);
  const bytes = new ArrayBuffer(size);
  const to = changetype<usize>(bytes);
  let i = 0;
  for (; i + 8 <= size; i += 8) store<u64>(to + i, host_load_u64(block + i));
  for (; i < size; i++) store<u8>(to + i, <u8>host_load_u8(block + i));
  host_free(block);
  return String.UTF8.decode(bytes);
}

/** The hook's input, a JSON text. */
export function input(): string {
  const size = <i32>host_input_length();
  const bytes = new ArrayBuffer(size);
  const to = changetype<usize>(bytes);
  let i = 0;
  for (; i + 8 <= size; i += 8) store<u64>(to + i, host_input_load_u64(i));
  for (; i < size; i++) store<u8>(to + i, <u8>host_input_load_u8(i));
  return String.UTF8.decode(bytes);
}

/** Sets the hook's output, a JSON text. The last one counts. */
export function output(json: string): void {
  host_output_set(give(json), <u64>String.UTF8.byteLength(json));
}

/** Makes the hook fail with this text. */
export function error(text: string): void { host_error_set(give(text)); }

/** A value of the plugin's `config`; "" when it is not there. */
export function config(key: string): string { return take(host_config_get(give(key))); }

/** A value that a warm instance keeps from call to call; it may be gone at any call. */
export function getVar(key: string): string { return take(host_var_get(give(key))); }
export function setVar(key: string, value: string): void { host_var_set(give(key), give(value)); }

export function log(text: string): void { host_log_info(give(text)); }
export function warn(text: string): void { host_log_warn(give(text)); }

/** Answers the request at once, with a JSON text as its body. */
export function answer(status: i32, body: string): void {
  output(`{"short_circuit":true,"short_circuit_status":${status},"short_circuit_body":${body}}`);
}

/** The value of an object's member, as written; "" when it is not there. The host gives only JSON
 * that is well-formed; for more than this take a package such as json-as. */
export function member(object: string, key: string): string {
  let at = skipSpace(object, 0);
  if (at >= object.length || object.charCodeAt(at) != 0x7b) return "";
  while (true) {
    at = skipSpace(object, at + 1);
    if (at >= object.length || object.charCodeAt(at) != 0x22) return "";
    const keyEnd = skipValue(object, at);
    const found = object.substring(at + 1, keyEnd - 1);
    const begin = skipSpace(object, skipSpace(object, keyEnd) + 1);
    const end = skipValue(object, begin);
    if (found == key) return object.substring(begin, end);
    at = skipSpace(object, end);
    if (at >= object.length || object.charCodeAt(at) != 0x2c) return "";
  }
}

/** What stands between the quotes of a JSON string without escapes; "" for all else. */
export function plainString(value: string): string {
  if (value.length < 2 || value.charCodeAt(0) != 0x22 || value.includes("\\")) return "";
  return value.substring(1, value.length - 1);
}

function isSpace(c: i32): bool { return c == 0x20 || c == 0x0a || c == 0x0d || c == 0x09; }

function skipSpace(text: string, at: i32): i32 {
  while (at < text.length && isSpace(text.charCodeAt(at))) at++;
  return at;
}

function endsScalar(c: i32): bool { return c == 0x2c || c == 0x7d || c == 0x5d || isSpace(c); }

function skipValue(text: string, at: i32): i32 {
  let depth = 0;
  while (at < text.length) {
    const c = text.charCodeAt(at);
    if (c == 0x22) {
      at++;
      while (at < text.length && text.charCodeAt(at) != 0x22) at += text.charCodeAt(at) == 0x5c ? 2 : 1;
    } else if (c == 0x7b || c == 0x5b) {
      depth++;
    } else if (c == 0x7d || c == 0x5d) {
      depth--;
    } else if (depth == 0) {
      while (at < text.length && !endsScalar(text.charCodeAt(at))) at++;
      return at;
    }
    at++;
    if (depth == 0) return at;
  }
  return at;
}
