/// Text in UTF-8.
module std::string;

use std::ascii;

/// `text.to_ascii()`.
public use fun to_ascii as String.to_ascii_string;

/// The bytes are no UTF-8.
const EInvalidUTF8: u64 = 1;
/// An index lies outside of the text, or inside of a character.
const EInvalidIndex: u64 = 2;

/// Text whose bytes are UTF-8.
public struct String has copy, drop, store {
    bytes: vector<u8>,
}

/// A text of its bytes.
public fun utf8(bytes: vector<u8>): String {
    assert!(internal_check_utf8(&bytes), EInvalidUTF8);
    String { bytes }
}

/// A text of an ASCII text.
public fun from_ascii(s: ascii::String): String {
    String { bytes: s.into_bytes() }
}

/// The text as ASCII.
public fun to_ascii(s: String): ascii::String {
    let String { bytes } = s;
    bytes.to_ascii_string()
}

/// A text of its bytes, if they are one.
public fun try_utf8(bytes: vector<u8>): Option<String> {
    if (internal_check_utf8(&bytes)) option::some(String { bytes }) else option::none()
}

/// The bytes, to read.
public fun as_bytes(s: &String): &vector<u8> {
    &s.bytes
}

/// The bytes.
public fun into_bytes(s: String): vector<u8> {
    let String { bytes } = s;
    bytes
}

/// Whether the text has no bytes.
public fun is_empty(s: &String): bool {
    s.bytes.is_empty()
}

/// Length in bytes.
public fun length(s: &String): u64 {
    s.bytes.length()
}

/// Appends a text.
public fun append(s: &mut String, r: String) {
    s.bytes.append(r.bytes)
}

/// Appends bytes that are UTF-8.
public fun append_utf8(s: &mut String, bytes: vector<u8>) {
    s.append(utf8(bytes))
}

/// Puts `o` at byte `at`.
public fun insert(s: &mut String, at: u64, o: String) {
    let bytes = &s.bytes;
    assert!(at <= bytes.length() && internal_is_char_boundary(bytes, at), EInvalidIndex);
    let tail = s.substring(at, s.length());
    let head = s.substring(0, at);
    *s = head;
    s.append(o);
    s.append(tail);
}

/// The text from byte `i` to before byte `j`.
public fun substring(s: &String, i: u64, j: u64): String {
    let bytes = &s.bytes;
    let n = bytes.length();
    assert!(
        j <= n && i <= j && internal_is_char_boundary(bytes, i) && internal_is_char_boundary(bytes, j),
        EInvalidIndex,
    );
    String { bytes: internal_sub_string(bytes, i, j) }
}

/// Where `r` first starts, or the length of the text.
public fun index_of(s: &String, r: &String): u64 {
    internal_index_of(&s.bytes, &r.bytes)
}

/// As `as_bytes`.
public fun bytes(s: &String): &vector<u8> {
    s.as_bytes()
}

/// As `substring`.
public fun sub_string(s: &String, i: u64, j: u64): String {
    s.substring(i, j)
}

native fun internal_check_utf8(v: &vector<u8>): bool;
native fun internal_is_char_boundary(v: &vector<u8>, i: u64): bool;
native fun internal_sub_string(v: &vector<u8>, i: u64, j: u64): vector<u8>;
native fun internal_index_of(v: &vector<u8>, r: &vector<u8>): u64;
