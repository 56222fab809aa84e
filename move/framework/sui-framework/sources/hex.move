/// Hexadecimal text.
module sui::hex;

/// The number of digits is odd.
const EInvalidHexLength: u64 = 0;
/// A character is no digit of base 16.
const ENotValidHexCharacter: u64 = 1;

/// Two lower-case digits for each byte.
public fun encode(bytes: vector<u8>): vector<u8> {
    let mut text = vector[];
    bytes.do_ref!(|byte| {
        text.push_back(letter(*byte / 16));
        text.push_back(letter(*byte % 16));
    });
    text
}

/// The bytes of the digits.
public fun decode(hex: vector<u8>): vector<u8> {
    let n = hex.length();
    assert!(n % 2 == 0, EInvalidHexLength);
    let mut bytes = vector[];
    let mut at = 0;
    while (at < n) {
        bytes.push_back(digit(hex[at]) * 16 + digit(hex[at + 1]));
        at = at + 2;
    };
    bytes
}

fun letter(value: u8): u8 {
    if (value < 10) value + 48 else value + 87
}

fun digit(c: u8): u8 {
    if (c >= 48 && c <= 57) c - 48
    else if (c >= 65 && c <= 70) c - 55
    else if (c >= 97 && c <= 102) c - 87
    else abort ENotValidHexCharacter
}
