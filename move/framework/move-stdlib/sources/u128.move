/// Functions of u128.
#[defines_primitive(u128)]
module std::u128;

use std::string::String;

/// The digits of a number in base 10.
public fun to_string(x: u128): String {
    if (x == 0) return b"0".to_string();
    let mut rest = x;
    let mut digits = vector[];
    while (rest != 0) {
        digits.push_back((48 + rest % 10) as u8);
        rest = rest / 10;
    };
    digits.reverse();
    digits.to_string()
}

/// All bits turned.
public fun bitwise_not(x: u128): u128 {
    x ^ max_value!()
}

/// The larger one.
public fun max(x: u128, y: u128): u128 {
    if (x > y) x else y
}

/// The smaller one.
public fun min(x: u128, y: u128): u128 {
    if (x < y) x else y
}

/// How far apart two numbers are.
public fun diff(x: u128, y: u128): u128 {
    if (x > y) x - y else y - x
}

/// The quotient, rounded up.
public fun divide_and_round_up(x: u128, y: u128): u128 {
    if (x % y == 0) x / y else x / y + 1
}

/// `base` to the power of `exponent`.
public fun pow(base: u128, exponent: u8): u128 {
    let mut square = base;
    let mut left = exponent;
    let mut product = 1;
    while (left > 0) {
        if (left % 2 == 1) product = product * square;
        left = left / 2;
        if (left > 0) square = square * square;
    };
    product
}

/// The greatest number there is.
public macro fun max_value(): u128 {
    0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF
}

/// Calls with each number from `start` to before `stop`.
public macro fun range_do<$R: drop>($start: u128, $stop: u128, $f: |u128| -> $R) {
    let mut at = $start;
    let stop = $stop;
    while (at < stop) {
        $f(at);
        at = at + 1;
    }
}

/// Calls with each number from `start` to `stop`, both included.
public macro fun range_do_eq<$R: drop>($start: u128, $stop: u128, $f: |u128| -> $R) {
    let mut at = $start;
    let stop = $stop;
    if (at <= stop) {
        loop {
            $f(at);
            if (at == stop) break;
            at = at + 1;
        }
    }
}

/// Calls with each number from 0 to before `stop`.
public macro fun do<$R: drop>($stop: u128, $f: |u128| -> $R) {
    range_do!(0, $stop, $f)
}

/// Calls with each number from 0 to `stop`, that included.
public macro fun do_eq<$R: drop>($stop: u128, $f: |u128| -> $R) {
    range_do_eq!(0, $stop, $f)
}

/// The square root, rounded down.
public fun sqrt(x: u128): u128 {
    let mut low = 0u256;
    let mut high = 1u256 << (128 / 2);
    let square = x as u256;
    while (high - low > 1) {
        let middle = (low + high) / 2;
        if (middle * middle <= square) low = middle else high = middle;
    };
    low as u128
}

/// The number as u8, if it fits.
public fun try_as_u8(x: u128): Option<u8> {
    if (x > 0xFF) option::none() else option::some(x as u8)
}

/// The number as u16, if it fits.
public fun try_as_u16(x: u128): Option<u16> {
    if (x > 0xFFFF) option::none() else option::some(x as u16)
}

/// The number as u32, if it fits.
public fun try_as_u32(x: u128): Option<u32> {
    if (x > 0xFFFFFFFF) option::none() else option::some(x as u32)
}

/// The number as u64, if it fits.
public fun try_as_u64(x: u128): Option<u64> {
    if (x > 0xFFFFFFFFFFFFFFFF) option::none() else option::some(x as u64)
}
