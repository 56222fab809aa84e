/// Methods of addresses.
#[defines_primitive(address)]
module sui::address;

use std::ascii;
use std::bcs;
use std::string;
use sui::hex;

/// `@0x1.to_id()`.
public use fun sui::object::id_from_address as address.to_id;

/// The text is no address.
const EAddressParseError: u64 = 0;

/// Length of an address in bytes.
const LENGTH: u64 = 32;

/// The address as a number.
public native fun to_u256(a: address): u256;
/// The address of a number.
public native fun from_u256(n: u256): address;
/// The address of 32 bytes.
public native fun from_bytes(bytes: vector<u8>): address;

/// The 32 bytes.
public fun to_bytes(a: address): vector<u8> {
    bcs::to_bytes(&a)
}

/// 64 hex digits, as ASCII.
public fun to_ascii_string(a: address): ascii::String {
    hex::encode(to_bytes(a)).to_ascii_string()
}

/// 64 hex digits.
public fun to_string(a: address): string::String {
    to_ascii_string(a).into_bytes().to_string()
}

/// The address of 64 hex digits.
public fun from_ascii_bytes(bytes: &vector<u8>): address {
    assert!(bytes.length() == 64, EAddressParseError);
    let mut parsed = vector[];
    let mut at = 0;
    while (at < 64) {
        parsed.push_back(digit(bytes[at]) * 16 + digit(bytes[at + 1]));
        at = at + 2;
    };
    from_bytes(parsed)
}

/// Length of an address in bytes.
public fun length(): u64 {
    LENGTH
}

/// The greatest address as a number.
public fun max(): u256 {
    std::u256::max_value!()
}

fun digit(c: u8): u8 {
    if (c >= 48 && c <= 57) c - 48
    else if (c >= 65 && c <= 70) c - 55
    else if (c >= 97 && c <= 102) c - 87
    else abort EAddressParseError
}
