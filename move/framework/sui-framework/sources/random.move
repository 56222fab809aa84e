/// Randomness of the chain.
module sui::random;

use std::bcs;
use sui::hmac::hmac_sha3_256;
use sui::versioned::{Self, Versioned};

/// Only the system may do this.
const ENotSystemAddress: u64 = 0;
/// The state is of another version.
const EWrongInnerVersion: u64 = 1;
/// Rounds follow one another.
const EInvalidRandomnessUpdate: u64 = 2;
/// The range ends before it begins.
const EInvalidRange: u64 = 3;
/// There are too many elements.
const EInvalidLength: u64 = 4;

const VERSION: u64 = 1;
const BLOCK: u64 = 32;
const MOST_ELEMENTS: u64 = 0xFFFF;

/// The one source of randomness, at 0x8.
public struct Random has key {
    id: UID,
    inner: Versioned,
}

/// What generators are seeded with: never shown to other modules.
public struct RandomInner has store {
    version: u64,
    epoch: u64,
    randomness_round: u64,
    random_bytes: vector<u8>,
}

/// Makes numbers of its own; no two in a transaction are alike.
public struct RandomGenerator has drop {
    seed: vector<u8>,
    counter: u16,
    buffer: vector<u8>,
}

#[allow(unused_function)]
/// Makes the source at genesis.
fun create(ctx: &mut TxContext) {
    assert!(ctx.sender() == @0x0, ENotSystemAddress);
    let inner = RandomInner { version: VERSION, epoch: ctx.epoch(), randomness_round: 0, random_bytes: vector[] };
    let inner = versioned::create(VERSION, inner, ctx);
    transfer::share_object(Random { id: object::randomness_state(), inner })
}

fun inner(self: &Random): &RandomInner {
    assert!(self.inner.version() == VERSION, EWrongInnerVersion);
    self.inner.load_value()
}

fun inner_mut(self: &mut Random): &mut RandomInner {
    assert!(self.inner.version() == VERSION, EWrongInnerVersion);
    self.inner.load_value_mut()
}

#[allow(unused_function)]
/// Sets the bytes of a round; called by the system only.
fun update_randomness_state(self: &mut Random, new_round: u64, new_bytes: vector<u8>, ctx: &TxContext) {
    assert!(ctx.sender() == @0x0, ENotSystemAddress);
    let epoch = ctx.epoch();
    let inner = self.inner_mut();
    let first = inner.randomness_round == 0 && inner.epoch == 0 && inner.random_bytes.is_empty();
    if (first) {
        assert!(new_round == 0, EInvalidRandomnessUpdate)
    } else {
        let follows = new_round == inner.randomness_round + 1;
        assert!(follows || (epoch > inner.epoch && new_round == 0), EInvalidRandomnessUpdate)
    };
    inner.epoch = epoch;
    inner.randomness_round = new_round;
    inner.random_bytes = new_bytes;
}

/// A generator of its own.
public fun new_generator(r: &Random, ctx: &mut TxContext): RandomGenerator {
    let salt = ctx.fresh_object_address().to_bytes();
    RandomGenerator { seed: hmac_sha3_256(&r.inner().random_bytes, &salt), counter: 0, buffer: vector[] }
}

fun next_block(g: &mut RandomGenerator): vector<u8> {
    g.counter = g.counter + 1;
    hmac_sha3_256(&g.seed, &bcs::to_bytes(&g.counter))
}

fun fill_buffer(g: &mut RandomGenerator, count: u64) {
    if (g.buffer.length() < count) {
        let block = g.next_block();
        g.buffer.append(block);
    }
}

/// So many bytes.
public fun generate_bytes(g: &mut RandomGenerator, num_of_bytes: u16): vector<u8> {
    let count = num_of_bytes as u64;
    let mut bytes = vector[];
    while (bytes.length() + BLOCK <= count) {
        let block = g.next_block();
        bytes.append(block);
    };
    g.fill_buffer(count - bytes.length());
    while (bytes.length() < count) bytes.push_back(g.buffer.pop_back());
    bytes
}

/// The last `count` bytes of the buffer as a number, the last being the highest.
fun number(g: &mut RandomGenerator, count: u8): u256 {
    g.fill_buffer(count as u64);
    let mut value = 0u256;
    let mut left = count;
    while (left > 0) {
        value = (value << 8) + (g.buffer.pop_back() as u256);
        left = left - 1;
    };
    value
}

/// A u256.
public fun generate_u256(g: &mut RandomGenerator): u256 {
    g.number(32)
}

/// A u128.
public fun generate_u128(g: &mut RandomGenerator): u128 {
    g.number(16) as u128
}

/// A u64.
public fun generate_u64(g: &mut RandomGenerator): u64 {
    g.number(8) as u64
}

/// A u32.
public fun generate_u32(g: &mut RandomGenerator): u32 {
    g.number(4) as u32
}

/// A u16.
public fun generate_u16(g: &mut RandomGenerator): u16 {
    g.number(2) as u16
}

/// A u8.
public fun generate_u8(g: &mut RandomGenerator): u8 {
    g.number(1) as u8
}

/// True or false.
public fun generate_bool(g: &mut RandomGenerator): bool {
    g.number(1) & 1 == 1
}

/// More bytes than the range needs keep the numbers of it evenly likely.
fun in_range(g: &mut RandomGenerator, min: u256, max: u256, bytes: u8): u256 {
    assert!(min <= max, EInvalidRange);
    if (min == max) return min;
    min + g.number(bytes) % (max - min + 1)
}

/// A u128 from `min` to `max`, both included.
public fun generate_u128_in_range(g: &mut RandomGenerator, min: u128, max: u128): u128 {
    g.in_range(min as u256, max as u256, 24) as u128
}

/// A u64 from `min` to `max`, both included.
public fun generate_u64_in_range(g: &mut RandomGenerator, min: u64, max: u64): u64 {
    g.in_range(min as u256, max as u256, 16) as u64
}

/// A u32 from `min` to `max`, both included.
public fun generate_u32_in_range(g: &mut RandomGenerator, min: u32, max: u32): u32 {
    g.in_range(min as u256, max as u256, 12) as u32
}

/// A u16 from `min` to `max`, both included.
public fun generate_u16_in_range(g: &mut RandomGenerator, min: u16, max: u16): u16 {
    g.in_range(min as u256, max as u256, 10) as u16
}

/// A u8 from `min` to `max`, both included.
public fun generate_u8_in_range(g: &mut RandomGenerator, min: u8, max: u8): u8 {
    g.in_range(min as u256, max as u256, 9) as u8
}

/// Puts the elements in another order.
public fun shuffle<T>(g: &mut RandomGenerator, v: &mut vector<T>) {
    let n = v.length();
    if (n == 0) return;
    assert!(n <= MOST_ELEMENTS, EInvalidLength);
    let last = (n - 1) as u16;
    let mut at = 0;
    while (at < last) {
        let other = g.generate_u16_in_range(at, last);
        v.swap(at as u64, other as u64);
        at = at + 1;
    }
}

#[test_only]
/// As `create`.
public fun create_for_testing(ctx: &mut TxContext) {
    create(ctx)
}

#[test_only]
/// As the system does it.
public fun update_randomness_state_for_testing(
    self: &mut Random,
    new_round: u64,
    new_bytes: vector<u8>,
    ctx: &TxContext,
) {
    self.update_randomness_state(new_round, new_bytes, ctx)
}

#[test_only]
/// The seed of a generator.
public fun generator_seed(r: &RandomGenerator): &vector<u8> {
    &r.seed
}

#[test_only]
/// Blocks that a generator has made.
public fun generator_counter(r: &RandomGenerator): u16 {
    r.counter
}

#[test_only]
/// Bytes that a generator has left.
public fun generator_buffer(r: &RandomGenerator): &vector<u8> {
    &r.buffer
}

#[test_only]
/// A generator of any seed.
public fun new_generator_for_testing(): RandomGenerator {
    new_generator_from_seed_for_testing(generate_rand_seed_for_testing())
}

#[test_only]
/// A generator of this seed.
public fun new_generator_from_seed_for_testing(seed: vector<u8>): RandomGenerator {
    RandomGenerator { seed, counter: 0, buffer: vector[] }
}

#[test_only]
native fun generate_rand_seed_for_testing(): vector<u8>;
