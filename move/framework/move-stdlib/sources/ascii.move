/// Text of bytes below 128.
module std::ascii;

/// `char.byte()`.
public use fun byte as Char.to_byte;

/// A byte is above 127.
const EInvalidASCIICharacter: u64 = 0x10000;
/// An index lies outside of the text.
const EInvalidIndex: u64 = 0x10001;

/// Text whose bytes are all below 128.
public struct String has copy, drop, store {
    bytes: vector<u8>,
}

/// One byte below 128.
public struct Char has copy, drop, store {
    byte: u8,
}

/// A character of its byte.
public fun char(byte: u8): Char {
    assert!(is_valid_char(byte), EInvalidASCIICharacter);
    Char { byte }
}

/// A text of its bytes.
public fun string(bytes: vector<u8>): String {
    let text = try_string(bytes);
    assert!(text.is_some(), EInvalidASCIICharacter);
    text.destroy_some()
}

/// A text of its bytes, if they are one.
public fun try_string(bytes: vector<u8>): Option<String> {
    if (bytes.all!(|byte| is_valid_char(*byte))) option::some(String { bytes }) else option::none()
}

/// Whether every byte can be printed.
public fun all_characters_printable(string: &String): bool {
    string.bytes.all!(|byte| is_printable_char(*byte))
}

/// Appends a character.
public fun push_char(string: &mut String, char: Char) {
    string.bytes.push_back(char.byte);
}

/// Takes the last character.
public fun pop_char(string: &mut String): Char {
    Char { byte: string.bytes.pop_back() }
}

/// Length in bytes.
public fun length(string: &String): u64 {
    string.bytes.length()
}

/// Appends a text.
public fun append(string: &mut String, other: String) {
    string.bytes.append(other.into_bytes())
}

/// Puts `o` at `at`.
public fun insert(s: &mut String, at: u64, o: String) {
    assert!(at <= s.length(), EInvalidIndex);
    let tail = s.substring(at, s.length());
    let head = s.substring(0, at);
    *s = head;
    s.append(o);
    s.append(tail);
}

/// The text from byte `i` to before byte `j`.
public fun substring(string: &String, i: u64, j: u64): String {
    assert!(i <= j && j <= string.length(), EInvalidIndex);
    let mut bytes = vector[];
    let mut at = i;
    while (at < j) {
        bytes.push_back(string.bytes[at]);
        at = at + 1;
    };
    String { bytes }
}

/// The bytes, to read.
public fun as_bytes(string: &String): &vector<u8> {
    &string.bytes
}

/// The bytes.
public fun into_bytes(string: String): vector<u8> {
    let String { bytes } = string;
    bytes
}

/// The byte of a character.
public fun byte(char: Char): u8 {
    let Char { byte } = char;
    byte
}

/// Whether the byte is below 128.
public fun is_valid_char(b: u8): bool {
    b <= 0x7F
}

/// Whether the byte stands for something to see.
public fun is_printable_char(byte: u8): bool {
    byte >= 0x20 && byte <= 0x7E
}

/// Whether the text has no bytes.
public fun is_empty(string: &String): bool {
    string.bytes.is_empty()
}

/// With A-Z for a-z.
public fun to_uppercase(string: &String): String {
    let bytes = string.bytes.map_ref!(|byte| {
        if (*byte >= 0x61 && *byte <= 0x7A) *byte - 0x20 else *byte
    });
    String { bytes }
}

/// With a-z for A-Z.
public fun to_lowercase(string: &String): String {
    let bytes = string.bytes.map_ref!(|byte| {
        if (*byte >= 0x41 && *byte <= 0x5A) *byte + 0x20 else *byte
    });
    String { bytes }
}

/// Where `substr` first starts, or the length of the text.
public fun index_of(string: &String, substr: &String): u64 {
    let n = string.length();
    let m = substr.length();
    let mut at = 0;
    while (at + m <= n) {
        let mut same = 0;
        while (same < m && string.bytes[at + same] == substr.bytes[same]) same = same + 1;
        if (same == m) return at;
        at = at + 1;
    };
    n
}
