/// Reading binary canonical serialisation.
module sui::bcs;

use std::bcs;
use sui::address;

/// There are not enough bytes.
const EOutOfRange: u64 = 0;
/// A bool is 0 or 1.
const ENotBool: u64 = 1;
/// A length does not fit.
const ELenOutOfRange: u64 = 2;

/// Bytes that are left to read, the last one first.
public struct BCS has copy, drop, store {
    bytes: vector<u8>,
}

/// The bytes of a value.
public fun to_bytes<T>(value: &T): vector<u8> {
    bcs::to_bytes(value)
}

/// A reader of bytes.
public fun new(mut bytes: vector<u8>): BCS {
    bytes.reverse();
    BCS { bytes }
}

/// What was not read.
public fun into_remainder_bytes(bcs: BCS): vector<u8> {
    let BCS { mut bytes } = bcs;
    bytes.reverse();
    bytes
}

/// Reads an address.
public fun peel_address(bcs: &mut BCS): address {
    assert!(bcs.bytes.length() >= address::length(), EOutOfRange);
    let mut taken = vector[];
    let mut at = 0;
    while (at < address::length()) {
        taken.push_back(bcs.bytes.pop_back());
        at = at + 1;
    };
    address::from_bytes(taken)
}

/// Reads a bool.
public fun peel_bool(bcs: &mut BCS): bool {
    let value = bcs.peel_u8();
    if (value == 0) false else if (value == 1) true else abort ENotBool
}

/// Reads a u8.
public fun peel_u8(bcs: &mut BCS): u8 {
    assert!(!bcs.bytes.is_empty(), EOutOfRange);
    bcs.bytes.pop_back()
}

/// Reads a u16.
public fun peel_u16(bcs: &mut BCS): u16 {
    bcs.peel_number(2) as u16
}

/// Reads a u32.
public fun peel_u32(bcs: &mut BCS): u32 {
    bcs.peel_number(4) as u32
}

/// Reads a u64.
public fun peel_u64(bcs: &mut BCS): u64 {
    bcs.peel_number(8) as u64
}

/// Reads a u128.
public fun peel_u128(bcs: &mut BCS): u128 {
    bcs.peel_number(16) as u128
}

/// Reads a u256.
public fun peel_u256(bcs: &mut BCS): u256 {
    bcs.peel_number(32)
}

/// Reads the length of a vector.
public fun peel_vec_length(bcs: &mut BCS): u64 {
    let mut total = 0u64;
    let mut shift = 0u8;
    let mut count = 0u64;
    loop {
        assert!(count <= 4, ELenOutOfRange);
        let byte = bcs.peel_u8() as u64;
        count = count + 1;
        total = total | ((byte & 0x7F) << shift);
        if (byte & 0x80 == 0) return total;
        shift = shift + 7;
    }
}

/// Reads a vector by reading each element.
public macro fun peel_vec<$T>($bcs: &mut BCS, $peel: |&mut BCS| -> $T): vector<$T> {
    let bcs = $bcs;
    let n = bcs.peel_vec_length();
    let mut read = vector[];
    let mut at = 0;
    while (at < n) {
        read.push_back($peel(bcs));
        at = at + 1;
    };
    read
}

/// Reads a vector of addresses.
public fun peel_vec_address(bcs: &mut BCS): vector<address> {
    bcs.peel_vec!(|bcs| bcs.peel_address())
}

/// Reads a vector of bools.
public fun peel_vec_bool(bcs: &mut BCS): vector<bool> {
    bcs.peel_vec!(|bcs| bcs.peel_bool())
}

/// Reads bytes.
public fun peel_vec_u8(bcs: &mut BCS): vector<u8> {
    bcs.peel_vec!(|bcs| bcs.peel_u8())
}

/// Reads many bytes.
public fun peel_vec_vec_u8(bcs: &mut BCS): vector<vector<u8>> {
    bcs.peel_vec!(|bcs| bcs.peel_vec_u8())
}

/// Reads a vector of u64.
public fun peel_vec_u64(bcs: &mut BCS): vector<u64> {
    bcs.peel_vec!(|bcs| bcs.peel_u64())
}

/// Reads a vector of u16.
public fun peel_vec_u16(bcs: &mut BCS): vector<u16> {
    bcs.peel_vec!(|bcs| bcs.peel_u16())
}

/// Reads a vector of u32.
public fun peel_vec_u32(bcs: &mut BCS): vector<u32> {
    bcs.peel_vec!(|bcs| bcs.peel_u32())
}

/// Reads a vector of u128.
public fun peel_vec_u128(bcs: &mut BCS): vector<u128> {
    bcs.peel_vec!(|bcs| bcs.peel_u128())
}

/// Reads a vector of u256.
public fun peel_vec_u256(bcs: &mut BCS): vector<u256> {
    bcs.peel_vec!(|bcs| bcs.peel_u256())
}

/// Reads the tag of an enum.
public fun peel_enum_tag(bcs: &mut BCS): u32 {
    let tag = bcs.peel_vec_length();
    assert!(tag <= 0xFFFF_FFFF, ELenOutOfRange);
    tag as u32
}

/// Reads an option by reading its value.
public macro fun peel_option<$T>($bcs: &mut BCS, $peel: |&mut BCS| -> $T): Option<$T> {
    let bcs = $bcs;
    if (bcs.peel_bool()) option::some($peel(bcs)) else option::none()
}

/// Reads an option of an address.
public fun peel_option_address(bcs: &mut BCS): Option<address> {
    bcs.peel_option!(|bcs| bcs.peel_address())
}

/// Reads an option of a bool.
public fun peel_option_bool(bcs: &mut BCS): Option<bool> {
    bcs.peel_option!(|bcs| bcs.peel_bool())
}

/// Reads an option of a u8.
public fun peel_option_u8(bcs: &mut BCS): Option<u8> {
    bcs.peel_option!(|bcs| bcs.peel_u8())
}

/// Reads an option of a u64.
public fun peel_option_u64(bcs: &mut BCS): Option<u64> {
    bcs.peel_option!(|bcs| bcs.peel_u64())
}

/// Reads an option of a u16.
public fun peel_option_u16(bcs: &mut BCS): Option<u16> {
    bcs.peel_option!(|bcs| bcs.peel_u16())
}

/// Reads an option of a u32.
public fun peel_option_u32(bcs: &mut BCS): Option<u32> {
    bcs.peel_option!(|bcs| bcs.peel_u32())
}

/// Reads an option of a u128.
public fun peel_option_u128(bcs: &mut BCS): Option<u128> {
    bcs.peel_option!(|bcs| bcs.peel_u128())
}

/// Reads an option of a u256.
public fun peel_option_u256(bcs: &mut BCS): Option<u256> {
    bcs.peel_option!(|bcs| bcs.peel_u256())
}

fun peel_number(bcs: &mut BCS, length: u64): u256 {
    assert!(bcs.bytes.length() >= length, EOutOfRange);
    let mut value = 0u256;
    let mut at = 0;
    while (at < length) {
        value = value | ((bcs.bytes.pop_back() as u256) << ((at * 8) as u8));
        at = at + 1;
    };
    value
}
