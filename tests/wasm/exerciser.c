/* A plugin for the tests: what it does is said by `mode`, in the request's body or in its config;
 * where its config has `at`, only in the hook of that name.
 * Mode "abi" tries every function of the host and names those that do not do what they should; the
 * hostile modes do what a plugin must not be able to harm anybody with. */
#include "../../sdk/c/butter.h"

BT_IMPORT(length_unsafe) uint64_t host_length_unsafe(bt_offset block);
BT_IMPORT(input_offset) bt_offset host_input_offset(void);
BT_IMPORT(input_set) void host_input_set(bt_offset block, uint64_t size);
BT_IMPORT(output_offset) bt_offset host_output_offset(void);
BT_IMPORT(output_length) uint64_t host_output_length(void);
BT_IMPORT(error_get) bt_offset host_error_get(void);
BT_IMPORT(memory_bytes) uint64_t host_memory_bytes(void);
BT_IMPORT(reset) void host_reset(void);
BT_IMPORT(log_trace) void host_log_trace(bt_offset text);

#define WASI(name) \
  __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name))) extern
WASI(clock_time_get) int wasi_clock_time_get(int clock, uint64_t precision, uint64_t *time);
WASI(random_get) int wasi_random_get(void *bytes, size_t size);
WASI(args_sizes_get) int wasi_args_sizes_get(size_t *count, size_t *bytes);
WASI(environ_sizes_get) int wasi_environ_sizes_get(size_t *count, size_t *bytes);
WASI(path_open) int wasi_path_open(int folder, int flags, const char *path, size_t path_size,
                                   int how, uint64_t rights, uint64_t inherited, int file_flags,
                                   int *file);
WASI(fd_write) int wasi_fd_write(int file, const void *pieces, size_t count, size_t *written);
WASI(poll_oneoff) int wasi_poll_oneoff(const void *in, void *out, size_t count, size_t *events);
WASI(proc_exit) void wasi_proc_exit(int code);

static unsigned calls; /* what a warm instance keeps in its own memory */

/* ---- "abi" ----------------------------------------------------------------------------------- */

static bt_buffer wrong;

static void expect(bool good, const char *what) {
  if (good) return;
  if (wrong.size > 0) bt_append(&wrong, BT_LITERAL(", "));
  bt_append(&wrong, bt_of(what));
}

static void try_memory(void) {
  expect(bt_host_alloc(0) == 0, "alloc(0) is 0");
  const bt_offset block = bt_host_alloc(24);
  expect(block != 0 && bt_host_length(block) == 24, "length of a block");
  expect(host_length_unsafe(block) == 24 && host_length_unsafe(0) == 0, "length_unsafe");
  expect(bt_host_length(block + 8) == 0 && bt_host_length(0) == 0, "length of no block");
  bt_host_store_u64(block, 0x0807060504030201u);
  expect(bt_host_load_u8(block) == 1 && bt_host_load_u8(block + 7) == 8, "store_u64, load_u8");
  bt_host_store_u8(block + 8, 0x1ff);
  expect(bt_host_load_u8(block + 8) == 0xff, "store_u8 takes 8 bits");
  expect(bt_host_load_u64(block + 1) == 0xff08070605040302u, "load_u64 anywhere");
  bt_host_free(block);
  bt_host_free(block);
  bt_host_free(0);
  expect(bt_host_length(block) == 0, "free");
  expect(host_memory_bytes() > 0, "memory_bytes");
}

static void try_input_and_output(void) {
  const uint64_t size = bt_host_input_length();
  const bt_offset input = host_input_offset();
  expect(size > 0 && bt_host_length(input) == size, "input_offset");
  expect(bt_host_input_load_u8(0) == '{' && bt_host_load_u8(input) == '{', "input_load_u8");
  expect(bt_host_input_load_u8(size) == 0, "input_load_u8 behind the input");
  expect(bt_host_input_load_u64(1) == bt_host_load_u64(input + 1), "input_load_u64");
  const bt_offset block = bt_give(BT_LITERAL("output"));
  bt_host_output_set(block, 6);
  expect(host_output_offset() == block && host_output_length() == 6, "output_set");
  bt_host_output_set((bt_offset)1 << 40, 6);
  bt_host_output_set(block, (uint64_t)1 << 40);
  expect(host_output_offset() == block && host_output_length() == 6, "output_set out of range");
  bt_error(BT_LITERAL("an error"));
  expect(bt_is(bt_take(host_error_get()), "an error"), "error_get");
  bt_host_error_set(0);
  expect(host_error_get() == 0, "error_set(0)");
}

static void try_config_and_vars(void) {
  expect(bt_is(bt_config("n"), "5"), "config_get");
  expect(bt_config("missing").data == 0, "config_get of what is not there");
  expect(bt_var("nothing").data == 0, "var_get of what is not there");
  bt_set_var("v", BT_LITERAL("value"));
  expect(bt_is(bt_var("v"), "value"), "var_set, var_get");
  const bt_offset key = bt_give(BT_LITERAL("v"));
  bt_host_free(bt_host_var_get(key));
  expect(bt_host_length(key) == 0, "var_get frees its key");
  bt_host_var_set(bt_give(BT_LITERAL("v")), 0);
  expect(bt_var("v").data == 0, "var_set of nothing");
  expect(bt_host_http_status_code() == 0 && bt_host_http_headers() == 0, "no HTTP yet");
}

static void try_wasi(void) {
  uint64_t time = 0, later = 0;
  const uint64_t year_2024 = 1704067200000000000u;
  expect(wasi_clock_time_get(0, 1, &time) == 0 && time > year_2024, "the clock is real");
  expect(wasi_clock_time_get(1, 1, &later) == 0, "the steady clock");
  uint64_t a = 0, b = 0;
  expect(wasi_random_get(&a, 8) == 0 && wasi_random_get(&b, 8) == 0 && a != b, "random_get");
  size_t count = 1, bytes = 1;
  expect(wasi_args_sizes_get(&count, &bytes) == 0 && count == 0, "no arguments");
  count = 1;
  expect(wasi_environ_sizes_get(&count, &bytes) == 0 && count == 0, "no environment");
  int file = -1;
  expect(wasi_path_open(3, 0, "etc/passwd", 10, 0, 2, 0, 0, &file) == 8, "no files: EBADF");
  const bt_text piece = BT_LITERAL("to nowhere\n");
  size_t written = 0;
  expect(wasi_fd_write(1, &piece, 1, &written) == 0, "standard output");
}

static void try_all(void) {
  wrong = (bt_buffer){0};
  try_memory();
  try_config_and_vars();
  try_wasi();
  try_input_and_output();
  host_log_trace(bt_give(BT_LITERAL("traced")));
  bt_log_debug(BT_LITERAL("debugged"));
  bt_log_info(BT_LITERAL("informed \xc3\xbc \"<\""));
  bt_log_warn(BT_LITERAL("warned"));
  bt_log_error(BT_LITERAL("complained"));
  bt_host_log_info(0);
  const bt_offset old = bt_give(BT_LITERAL("old"));
  host_reset();
  expect(bt_host_length(old) == 0 && bt_host_input_length() == 0, "reset");
  const bt_offset again = bt_give(BT_LITERAL("{}"));
  host_input_set(again, 2);
  expect(bt_host_input_length() == 2, "input_set");

  bt_buffer out = {0};
  bt_append(&out, BT_LITERAL("{\"metadata\":{\"wrong\":"));
  bt_append_string(&out, bt_view(&wrong));
  bt_append(&out, BT_LITERAL(",\"log_level\":"));
  bt_append_number(&out, bt_host_get_log_level());
  bt_append(&out, BT_LITERAL("}}"));
  bt_output(bt_view(&out));
}

/* ---- other modes ----------------------------------------------------------------------------- */

static volatile unsigned sink;

static int recurse(int depth) {
  volatile char frame[1024];
  frame[0] = (char)depth;
  return depth < 0 ? 0 : recurse(depth + 1) + frame[0];
}

static void sleep_an_hour(void) {
  struct {
    uint64_t user_data;
    uint8_t tag;
    uint32_t clock;
    uint64_t timeout, precision;
    uint16_t flags;
  } wish = {.clock = 1, .timeout = 3600000000000u};
  char event[32];
  size_t events;
  wasi_poll_oneoff(&wish, event, 1, &events);
}

static bool misbehave(bt_text mode) {
  if (bt_is(mode, "loop")) {
    for (;;) ++sink;
  } else if (bt_is(mode, "trap")) {
    __builtin_trap();
  } else if (bt_is(mode, "recurse")) {
    sink = (unsigned)recurse(0);
  } else if (bt_is(mode, "wild_read")) {
    sink = *(volatile unsigned *)0xfffffff0u;
  } else if (bt_is(mode, "eat")) {
    for (;;) *(volatile char *)bt_alloc(1 << 20) = 1;
  } else if (bt_is(mode, "eat_host")) {
    for (;;) bt_host_store_u8(bt_host_alloc(1 << 20), 1);
  } else if (bt_is(mode, "fill_vars")) {
    bt_text big = {bt_alloc(2 << 20), 2 << 20};
    bt_set_var("big", big);
  } else if (bt_is(mode, "flood")) {
    for (int i = 0; i < 1000; ++i) bt_log_info(BT_LITERAL("flood"));
  } else if (bt_is(mode, "sleep")) {
    sleep_an_hour();
  } else if (bt_is(mode, "exit")) {
    wasi_proc_exit(3);
  } else if (bt_is(mode, "wild_output")) {
    bt_host_output_set((bt_offset)1 << 40, (uint64_t)1 << 40);
    bt_host_output_set(bt_give(BT_LITERAL("{}")), (uint64_t)-1);
  } else if (bt_is(mode, "not_utf8")) {
    bt_output(BT_LITERAL("{\"metadata\":{\"a\":\"\xff\xfe\"},\"headers\":{\"X\":\"\xff\"}}"));
  } else if (bt_is(mode, "wrong_types")) {
    bt_output(BT_LITERAL("{\"short_circuit\":\"yes\",\"headers\":[1],\"metadata\":7}"));
  } else if (bt_is(mode, "bad_json")) {
    bt_output(BT_LITERAL("{\"body\":"));
  } else if (bt_is(mode, "long_output")) {
    bt_host_output_set(bt_give(BT_LITERAL("{}")), 1 << 20);
  } else if (bt_is(mode, "bad_handles")) {
    bt_host_log_info(12345);
    bt_host_free(1);
    bt_host_output_set(77, 1);
    bt_host_error_set(99);
  } else {
    return false;
  }
  return true;
}

static void answer_with(const char *json) { bt_output(bt_of(json)); }

static void count(void) {
  bt_text before = bt_var("calls");
  bt_buffer var = {0}, out = {0};
  bt_append(&var, before);
  bt_append(&var, BT_LITERAL("x"));
  bt_set_var("calls", bt_view(&var));
  bt_append(&out, BT_LITERAL("{\"metadata\":{\"memory\":"));
  bt_append_number(&out, ++calls);
  bt_append(&out, BT_LITERAL(",\"vars\":"));
  bt_append_number(&out, (int64_t)var.size);
  bt_append(&out, BT_LITERAL("}}"));
  bt_output(bt_view(&out));
}

static void record(bt_text input) {
  bt_buffer out = {0};
  bt_append(&out, BT_LITERAL("{\"metadata\":{\"seen\":"));
  bt_append(&out, input);
  bt_append(&out, BT_LITERAL("}}"));
  bt_output(bt_view(&out));
}

static void fetch(void) {
  bt_buffer request = {0}, out = {0};
  bt_append(&request, BT_LITERAL("{\"method\":\"POST\",\"headers\":{\"x-a\":\"b\"},\"url\":"));
  bt_append_string(&request, bt_config("url"));
  bt_append(&request, BT_LITERAL("}"));
  const bt_text answer = bt_take(bt_host_http_request(bt_give(bt_view(&request)),
                                                      bt_give(BT_LITERAL("question"))));
  bt_append(&out, BT_LITERAL("{\"metadata\":{\"status\":"));
  bt_append_number(&out, bt_host_http_status_code());
  bt_append(&out, BT_LITERAL(",\"answer\":"));
  bt_append_string(&out, answer);
  bt_append(&out, BT_LITERAL(",\"headers\":"));
  bt_append(&out, bt_take(bt_host_http_headers()));
  bt_append(&out, BT_LITERAL("}}"));
  bt_output(bt_view(&out));
}

/* Shows the input to whoever looks: as the answer, as the body, or in the log. */
static void echo(bt_text input, const char *hook) {
  bt_buffer out = {0};
  if (bt_is(bt_of(hook), "on_trace")) {
    bt_log_info(input);
    return;
  }
  const bool before = hook[1] == 'r';
  bt_append(&out, before ? BT_LITERAL("{\"short_circuit\":true,\"short_circuit_status\":299,"
                                      "\"short_circuit_body\":")
                         : BT_LITERAL("{\"body\":"));
  bt_append(&out, input);
  bt_append(&out, BT_LITERAL("}"));
  bt_output(bt_view(&out));
}

/* Adds its `tag` to the metadata's `order`, and shows that in a header field. */
static void tag(bt_text input) {
  bt_buffer order = {0}, out = {0};
  bt_append(&order, bt_string(bt_member(bt_member(input, "metadata"), "order")));
  bt_append(&order, bt_config("tag"));
  bt_append(&out, BT_LITERAL("{\"metadata\":{\"order\":"));
  bt_append_string(&out, bt_view(&order));
  bt_append(&out, BT_LITERAL("},\"headers\":{\"X-Order\":"));
  bt_append_string(&out, bt_view(&order));
  bt_append(&out, BT_LITERAL("}}"));
  bt_output(bt_view(&out));
}

/* What a plugin can learn of its host, as an answer. */
static void info(void) {
  size_t arguments = 0, variables = 0, bytes;
  int file = -1;
  uint64_t time = 0;
  wasi_args_sizes_get(&arguments, &bytes);
  wasi_environ_sizes_get(&variables, &bytes);
  wasi_clock_time_get(0, 1, &time);
  const int opened = wasi_path_open(3, 0, "etc/passwd", 10, 0, 2, 0, 0, &file);
  bt_buffer out = {0};
  bt_append(&out, BT_LITERAL("{\"short_circuit\":true,\"short_circuit_status\":299,"
                             "\"short_circuit_body\":{\"arguments\":"));
  bt_append_number(&out, (int64_t)arguments);
  bt_append(&out, BT_LITERAL(",\"variables\":"));
  bt_append_number(&out, (int64_t)variables);
  bt_append(&out, BT_LITERAL(",\"file_error\":"));
  bt_append_number(&out, opened);
  bt_append(&out, BT_LITERAL(",\"seconds\":"));
  bt_append_number(&out, (int64_t)(time / 1000000000u));
  bt_append(&out, BT_LITERAL(",\"n\":"));
  bt_append_string(&out, bt_config("n"));
  bt_append(&out, BT_LITERAL(",\"missing\":"));
  bt_append_string(&out, bt_config("missing"));
  bt_append(&out, BT_LITERAL("}}"));
  bt_output(bt_view(&out));
}

static int run(const char *hook) {
  const bt_text input = bt_input();
  const bt_text at = bt_config("at");
  if (at.data != 0 && !bt_is(at, hook)) return 0;
  bt_text mode = bt_string(bt_member(bt_member(input, "body"), "mode"));
  if (mode.data == 0) mode = bt_config("mode");
  const bool pre_llm = hook[4] == 'l';
  if (misbehave(mode)) return 0;
  if (bt_is(mode, "abi")) try_all();
  if (bt_is(mode, "record")) record(input);
  if (bt_is(mode, "count")) count();
  if (bt_is(mode, "fetch")) fetch();
  if (bt_is(mode, "echo")) echo(input, hook);
  if (bt_is(mode, "tag")) tag(input);
  if (bt_is(mode, "info")) info();
  if (bt_is(mode, "empty")) bt_output(BT_LITERAL(""));
  if (bt_is(mode, "drop")) answer_with("{\"body\":null}");
  if (bt_is(mode, "model")) answer_with("{\"body\":{\"model\":\"other\",\"messages\":[]}}");
  if (bt_is(mode, "sc")) {
    answer_with("{\"short_circuit\":true,\"short_circuit_body\":\"plain string\"}");
  }
  if (bt_is(mode, "scnobody")) answer_with("{\"short_circuit\":true}");
  if (bt_is(mode, "scllm") && pre_llm) bt_answer(418, "{\"x\":1}");
  if (bt_is(mode, "bodypre")) {
    answer_with(pre_llm ? "{\"body\":{\"model\":\"CHANGED_PRE_LLM\",\"messages\":[], \"z\":\"<b>\"}}"
                        : "{\"body\":{\"model\":\"CHANGED_PRE_HTTP\",\"messages\":[]}}");
  }
  if (bt_is(mode, "header")) answer_with("{\"headers\":{\"X-Exerciser\":\"was here\"}}");
  if (bt_is(mode, "error")) bt_error(BT_LITERAL("it says no"));
  return bt_is(mode, "code") ? 7 : 0;
}

BT_HOOK(pre_http) { return run("pre_http"); }
BT_HOOK(pre_llm) { return run("pre_llm"); }
BT_HOOK(stream_chunk) { return run("stream_chunk"); }
BT_HOOK(post_llm) { return run("post_llm"); }
BT_HOOK(post_http) { return run("post_http"); }
BT_HOOK(on_trace) { return run("on_trace"); }
