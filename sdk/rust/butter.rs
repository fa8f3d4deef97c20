//! What a plugin in Rust needs of its host, in one file without crates. Build with rustc 1.63 or
//! newer:
//!
//!     rustc --edition 2021 --target wasm32-unknown-unknown --crate-type cdylib -O \
//!         -C panic=abort -C strip=symbols -o plugin.wasm plugin.rs
//!
//! A hook is an exported function: `#[no_mangle] pub extern "C" fn pre_http() -> i32`.
#![allow(dead_code)]

mod host {
    #[link(wasm_import_module = "extism:host/env")]
    extern "C" {
        pub fn alloc(size: u64) -> u64;
        pub fn free(block: u64);
        pub fn length(block: u64) -> u64;
        pub fn load_u8(at: u64) -> u32;
        pub fn load_u64(at: u64) -> u64;
        pub fn store_u8(at: u64, value: u32);
        pub fn store_u64(at: u64, value: u64);
        pub fn input_length() -> u64;
        pub fn input_load_u8(index: u64) -> u32;
        pub fn input_load_u64(index: u64) -> u64;
        pub fn output_set(block: u64, size: u64);
        pub fn error_set(block: u64);
        pub fn config_get(key: u64) -> u64;
        pub fn var_get(key: u64) -> u64;
        pub fn var_set(key: u64, value: u64);
        pub fn log_info(text: u64);
        pub fn log_warn(text: u64);
    }
}

fn copied(size: u64, load8: impl Fn(u64) -> u32, load64: impl Fn(u64) -> u64) -> String {
    let mut bytes = Vec::with_capacity(size as usize + 8);
    let mut at = 0;
    while at + 8 <= size {
        bytes.extend_from_slice(&load64(at).to_le_bytes());
        at += 8;
    }
    while at < size {
        bytes.push(load8(at) as u8);
        at += 1;
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// Copies a block of the host's memory, and frees it there.
fn take(block: u64) -> Option<String> {
    if block == 0 {
        return None;
    }
    unsafe {
        let text = copied(host::length(block), |i| host::load_u8(block + i), |i| host::load_u64(block + i));
        host::free(block);
        Some(text)
    }
}

/// Copies a text into a block of the host's memory.
fn give(text: &str) -> u64 {
    unsafe {
        let block = host::alloc(text.len() as u64);
        let words = text.as_bytes().chunks_exact(8);
        let rest = words.remainder();
        let mut at = block;
        for word in words {
            let mut bytes = [0; 8];
            bytes.copy_from_slice(word);
            host::store_u64(at, u64::from_le_bytes(bytes));
            at += 8;
        }
        for byte in rest {
            host::store_u8(at, u32::from(*byte));
            at += 1;
        }
        block
    }
}

/// The hook's input, a JSON text.
pub fn input() -> String {
    unsafe { copied(host::input_length(), |i| host::input_load_u8(i), |i| host::input_load_u64(i)) }
}

/// Sets the hook's output, a JSON text. The last one counts.
pub fn output(json: &str) {
    unsafe { host::output_set(give(json), json.len() as u64) }
}

/// Makes the hook fail with this text.
pub fn error(text: &str) {
    unsafe { host::error_set(give(text)) }
}

/// A value of the plugin's `config`.
pub fn config(key: &str) -> Option<String> {
    unsafe { take(host::config_get(give(key))) }
}

/// A value that a warm instance keeps from call to call; it may be gone at any call.
pub fn var(key: &str) -> Option<String> {
    unsafe { take(host::var_get(give(key))) }
}

pub fn set_var(key: &str, value: &str) {
    unsafe { host::var_set(give(key), give(value)) }
}

pub fn log(text: &str) {
    unsafe { host::log_info(give(text)) }
}

pub fn warn(text: &str) {
    unsafe { host::log_warn(give(text)) }
}

/// Answers the request at once, with a JSON text as its body.
pub fn answer(status: u16, body: &str) {
    output(&format!(
        "{{\"short_circuit\":true,\"short_circuit_status\":{},\"short_circuit_body\":{}}}",
        status, body
    ));
}

/// The value of an object's member, as written. The host gives only JSON that is well-formed; for
/// more than this take a crate such as serde_json.
pub fn member<'a>(object: &'a str, key: &str) -> Option<&'a str> {
    let bytes = object.as_bytes();
    let mut at = skip_space(bytes, 0);
    if bytes.get(at) != Some(&b'{') {
        return None;
    }
    loop {
        at = skip_space(bytes, at + 1);
        if bytes.get(at) != Some(&b'"') {
            return None;
        }
        let key_end = skip_value(bytes, at);
        let found = &object[at + 1..key_end - 1];
        let begin = skip_space(bytes, skip_space(bytes, key_end) + 1);
        let end = skip_value(bytes, begin);
        if found == key {
            return Some(&object[begin..end]);
        }
        at = skip_space(bytes, end);
        if bytes.get(at) != Some(&b',') {
            return None;
        }
    }
}

/// What stands between the quotes of a JSON string without escapes.
pub fn plain_string(value: &str) -> Option<&str> {
    let inner = value.strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') {
        None
    } else {
        Some(inner)
    }
}

fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() && bytes[at].is_ascii_whitespace() {
        at += 1;
    }
    at
}

fn skip_value(bytes: &[u8], mut at: usize) -> usize {
    let mut depth = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                at += 1;
                while at < bytes.len() && bytes[at] != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            b',' | b':' => {}
            _ if depth == 0 => {
                while at < bytes.len() && !b",}] \t\r\n".contains(&bytes[at]) {
                    at += 1;
                }
                return at;
            }
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return at;
        }
    }
    at
}
