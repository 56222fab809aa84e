/// What the tests of the executor call: one function per rule.
module kit::kit;

use std::string::String;
use sui::clock::Clock;
use sui::dynamic_field as field;
use sui::dynamic_object_field as object_field;
use sui::event;
use sui::random::Random;
use sui::table::{Self, Table};
use sui::transfer::Receiving;

const E_THREE: u64 = 3;

/// One-time witness.
public struct KIT has drop {}

public struct Box has key, store { id: UID, value: u64 }

public struct Wrapper has key { id: UID, inner: Box }

public struct Sealed has key { id: UID, value: u64 }

public struct Store has key { id: UID, table: Table<u64, String> }

public struct Potato { value: u64 }

public struct Chip has copy, drop, store { value: u64 }

public struct Stamp has copy { value: u64 }

public struct Happened has copy, drop { value: u64 }

public struct Made has copy, drop { witness: bool }

fun init(witness: KIT, ctx: &mut TxContext) {
    event::emit(Made { witness: sui::types::is_one_time_witness(&witness) });
    transfer::share_object(Store { id: object::new(ctx), table: table::new(ctx) });
}

public fun box(value: u64, ctx: &mut TxContext): Box { Box { id: object::new(ctx), value } }

public fun set(box: &mut Box, value: u64) { box.value = value }

public fun value(box: &Box): u64 { box.value }

public fun value_ref(box: &Box): &u64 { &box.value }

public fun unbox(box: Box): u64 {
    let Box { id, value } = box;
    id.delete();
    value
}

public fun wrap(inner: Box, ctx: &mut TxContext) {
    transfer::transfer(Wrapper { id: object::new(ctx), inner }, ctx.sender())
}

public fun unwrap(wrapper: Wrapper): Box {
    let Wrapper { id, inner } = wrapper;
    id.delete();
    inner
}

public fun smash(wrapper: Wrapper) {
    let Wrapper { id, inner } = wrapper;
    id.delete();
    unbox(inner);
}

public fun make_and_drop(ctx: &mut TxContext) { unbox(box(1, ctx)); }

public fun give_sealed(value: u64, to: address, ctx: &mut TxContext) {
    transfer::transfer(Sealed { id: object::new(ctx), value }, to)
}

public fun share(box: Box) { transfer::public_share_object(box) }

public fun freeze_it(box: Box) { transfer::public_freeze_object(box) }

public fun receive(parent: &mut Box, incoming: Receiving<Box>): Box {
    transfer::public_receive(&mut parent.id, incoming)
}

public fun put(store: &mut Store, key: u64, text: String) { store.table.add(key, text) }

public fun replace(store: &mut Store, key: u64, text: String) { *store.table.borrow_mut(key) = text }

public fun take(store: &mut Store, key: u64): String { store.table.remove(key) }

public fun look(store: &Store, key: u64): String { *store.table.borrow(key) }

public fun put_again(store: &mut Store, key: u64) {
    let text = store.table.remove(key);
    store.table.add(key, text);
}

public fun add_field(box: &mut Box, name: u64, value: u64) { field::add(&mut box.id, name, value) }

public fun drop_field(box: &mut Box, name: u64): u64 { field::remove(&mut box.id, name) }

public fun hang(box: &mut Box, name: u64, child: Box) { object_field::add(&mut box.id, name, child) }

public fun unhang(box: &mut Box, name: u64): Box { object_field::remove(&mut box.id, name) }

public fun bump_hung(box: &mut Box, name: u64) {
    let child: &mut Box = object_field::borrow_mut(&mut box.id, name);
    child.value = child.value + 1;
}

public fun potato(value: u64): Potato { Potato { value } }

public fun eat(potato: Potato): u64 {
    let Potato { value } = potato;
    value
}

public fun chip(value: u64): Chip { Chip { value } }

public fun crunch(chip: Chip): u64 { chip.value }

public fun stamp(value: u64): Stamp { Stamp { value } }

public fun lick(stamp: Stamp): u64 {
    let Stamp { value } = stamp;
    value
}

public fun two(): (u64, u64) { (7, 8) }

public fun sum(values: vector<u64>): u64 {
    let mut total = 0;
    values.do!(|value| total = total + value);
    total
}

public fun happen(value: u64) { event::emit(Happened { value }) }

public fun same(_a: &mut Box, _b: &Box) {}

public fun three() { abort E_THREE }

public fun overflow(value: u64): u64 { value + 18446744073709551615 }

public fun forever() { loop {} }

public fun now(clock: &Clock): u64 { clock.timestamp_ms() }

public fun text(text: String): u64 { text.length() }

public fun maybe(value: Option<u64>): u64 { value.destroy_or!(0) }

public fun generic<T: key + store>(_object: &T) {}

/// `count` chunks of 4096 bytes.
public fun big(count: u64, ctx: &mut TxContext) {
    let chunk = vector::tabulate!(4096, |_| 0u8);
    let chunks = vector::tabulate!(count, |_| chunk);
    transfer::transfer(Bytes { id: object::new(ctx), chunks }, ctx.sender())
}

public struct Bytes has key { id: UID, chunks: vector<vector<u8>> }

entry fun private_entry(value: u64) { happen(value) }

public(package) fun inside() {}

fun hidden() {}

public fun call_hidden() { hidden() }

#[error]
const ENotLikeThis: vector<u8> = b"not like this";

#[error(code = 7)]
const ELimit: u64 = 12;

#[error]
const EList: vector<u64> = vector[1, 2];

public fun fail_in_words() { abort ENotLikeThis }

public fun fail_with_number() { abort ELimit }

public fun fail_with_list() { abort EList }

public fun fail_at_a_line(value: u64) { assert!(value == 0) }

public struct Loan { value: u64 }

public fun borrow_from(_box: &mut Box): Loan { Loan { value: 1 } }

public fun repay(loan: Loan) { let Loan { value: _ } = loan; }

public fun peek(stamp: &Stamp): u64 { stamp.value }

entry fun secret(_box: &Box) {}

entry fun secret_value(_value: u64) {}

entry fun secret_repay(loan: Loan) { repay(loan) }

public fun share_back(box: Box): u64 {
    transfer::public_share_object(box);
    1
}

public fun destroy_all(mut boxes: vector<Box>) {
    while (!boxes.is_empty()) { boxes.pop_back().unbox(); };
    boxes.destroy_empty();
}

public fun keep_all(mut boxes: vector<Box>, to: address) {
    while (!boxes.is_empty()) transfer::public_transfer(boxes.pop_back(), to);
    boxes.destroy_empty();
}

public struct Rolled has copy, drop { number: u64 }

entry fun roll(random: &Random, ctx: &mut TxContext) {
    event::emit(Rolled { number: random.new_generator(ctx).generate_u64() })
}

public fun roll_a_coin(random: &Random, coin: &mut sui::coin::Coin<sui::sui::SUI>, ctx: &mut TxContext): Box {
    coin.value();
    box(random.new_generator(ctx).generate_u64_in_range(1, 6), ctx)
}
