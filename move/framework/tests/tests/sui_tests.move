#[test_only]
/// The stand-in of the Sui framework does what the published one does.
module framework_tests::sui_tests;

use std::unit_test::assert_eq;
use sui::address;
use sui::bag;
use sui::balance;
use sui::bcs;
use sui::coin;
use sui::derived_object;
use sui::dynamic_field as df;
use sui::dynamic_object_field as dof;
use sui::hex;
use sui::package;
use sui::sui::SUI;
use sui::table;
use sui::test_scenario as ts;
use sui::vec_map;
use sui::vec_set;

public struct Thing has key, store { id: UID, n: u64 }

public struct SUI_TESTS has drop {}

public struct Other has drop {}

fun thing(n: u64, ctx: &mut TxContext): Thing { Thing { id: object::new(ctx), n } }

fun end(thing: Thing): u64 {
    let Thing { id, n } = thing;
    id.delete();
    n
}

#[test]
fun addresses_and_hex() {
    assert_eq!(@0x1f.to_bytes()[31], 31);
    assert_eq!(address::from_bytes(@0x1f.to_bytes()), @0x1f);
    assert_eq!(@0x1f.to_u256(), 31);
    assert_eq!(address::from_u256(31), @0x1f);
    assert_eq!(@0x1f.to_string().length(), 64);
    assert_eq!(address::from_ascii_bytes(@0x1f.to_ascii_string().as_bytes()), @0x1f);
    assert_eq!(hex::encode(x"00ff1a"), b"00ff1a");
    assert_eq!(hex::decode(b"00Ff1A"), x"00ff1a");
}

#[test, expected_failure(abort_code = 0, location = sui::hex)]
fun hex_has_pairs() { hex::decode(b"0"); }

#[test, expected_failure(abort_code = 1, location = sui::hex)]
fun hex_has_digits() { hex::decode(b"0g"); }

#[test, expected_failure(abort_code = 0, location = sui::address)]
fun an_address_has_64_digits() { address::from_ascii_bytes(&b"00"); }

#[test]
fun coins() {
    let ctx = &mut tx_context::dummy();
    let mut coin = coin::mint_for_testing<SUI>(10, ctx);
    let part = coin.split(3, ctx);
    assert_eq!(coin.value(), 7);
    coin.join(part);
    let parts = coin.divide_into_n(3, ctx);
    assert_eq!(coin.value(), 4);
    parts.do!(|part| assert_eq!(part.burn_for_testing(), 3));
    let mut rest = coin.into_balance();
    let all = rest.withdraw_all();
    rest.destroy_zero();
    assert_eq!(all.into_coin(ctx).burn_for_testing(), 4);
    coin::zero<SUI>(ctx).destroy_zero();
}

#[test, expected_failure(abort_code = 2, location = sui::balance)]
fun a_coin_is_not_split_beyond_its_value() {
    let ctx = &mut tx_context::dummy();
    let mut coin = coin::mint_for_testing<SUI>(10, ctx);
    let _part = coin.split(11, ctx);
    abort
}

#[test, expected_failure(abort_code = 0, location = sui::balance)]
fun something_is_not_nothing() { balance::create_for_testing<SUI>(1).destroy_zero() }

#[test]
fun currencies() {
    let ctx = &mut tx_context::dummy();
    let otw = sui::test_utils::create_one_time_witness<SUI_TESTS>();
    let (mut cap, meta) = coin::create_currency(otw, 9, b"T", b"Test", b"", option::none(), ctx);
    let coin = cap.mint(5, ctx);
    assert_eq!(cap.total_supply(), 5);
    assert_eq!(cap.burn(coin), 5);
    assert_eq!(meta.get_decimals(), 9);
    assert_eq!(meta.get_symbol(), b"T".to_ascii_string());
    std::unit_test::destroy(cap);
    std::unit_test::destroy(meta);
}

#[test, expected_failure(abort_code = 0, location = sui::coin)]
fun a_currency_needs_its_witness() {
    let ctx = &mut tx_context::dummy();
    let (_cap, _meta) = coin::create_currency(Other {}, 9, b"", b"", b"", option::none(), ctx);
    abort
}

#[test]
fun fields() {
    let ctx = &mut tx_context::dummy();
    let mut t = thing(1, ctx);
    df::add(&mut t.id, b"a", 5u64);
    assert!(df::exists_(&t.id, b"a") && !df::exists_(&t.id, b"b"));
    assert!(df::exists_with_type<vector<u8>, u64>(&t.id, b"a"));
    assert!(!df::exists_with_type<vector<u8>, u8>(&t.id, b"a"));
    *df::borrow_mut<vector<u8>, u64>(&mut t.id, b"a") = 6;
    assert_eq!(*df::borrow<vector<u8>, u64>(&t.id, b"a"), 6);
    assert_eq!(df::remove_if_exists<vector<u8>, u64>(&mut t.id, b"a"), option::some(6));
    assert_eq!(df::remove_if_exists<vector<u8>, u64>(&mut t.id, b"a"), option::none());
    let child = thing(2, ctx);
    let child_id = object::id(&child);
    dof::add(&mut t.id, 1u8, child);
    assert!(dof::exists_(&t.id, 1u8));
    assert!(dof::exists_with_type<u8, Thing>(&t.id, 1u8));
    assert_eq!(dof::id(&t.id, 1u8), option::some(child_id));
    assert_eq!(dof::id(&t.id, 2u8), option::none());
    dof::borrow_mut<u8, Thing>(&mut t.id, 1u8).n = 3;
    assert_eq!(dof::borrow<u8, Thing>(&t.id, 1u8).n, 3);
    assert_eq!(end(dof::remove<u8, Thing>(&mut t.id, 1u8)), 3);
    end(t);
}

#[test, expected_failure(abort_code = 0, location = sui::dynamic_field)]
fun a_field_is_added_once() {
    let mut t = thing(1, &mut tx_context::dummy());
    df::add(&mut t.id, 1u8, 1u8);
    df::add(&mut t.id, 1u8, 1u64);
    abort
}

#[test, expected_failure(abort_code = 1, location = sui::dynamic_field)]
fun a_field_is_there() {
    let mut t = thing(1, &mut tx_context::dummy());
    df::remove<u8, u8>(&mut t.id, 1);
    abort
}

#[test, expected_failure(abort_code = 2, location = sui::dynamic_field)]
fun a_field_has_its_type() {
    let mut t = thing(1, &mut tx_context::dummy());
    df::add(&mut t.id, 1u8, 1u8);
    df::borrow<u8, u64>(&t.id, 1);
    abort
}

#[test]
fun tables_and_bags() {
    let ctx = &mut tx_context::dummy();
    let mut t = table::new<u8, u64>(ctx);
    t.add(1, 2);
    *t.borrow_mut(1) = 3;
    assert_eq!(t[1], 3);
    assert!(t.contains(1) && !t.contains(2) && t.length() == 1);
    assert_eq!(t.remove(1), 3);
    t.destroy_empty();
    let mut b = bag::new(ctx);
    b.add(1u8, 2u64);
    b.add(b"x", true);
    assert!(b.contains(1u8) && b.contains_with_type<vector<u8>, bool>(b"x") && b.length() == 2);
    assert_eq!(b.remove<u8, u64>(1), 2);
    assert!(b.remove<vector<u8>, bool>(b"x"));
    b.destroy_empty();
}

#[test, expected_failure(abort_code = 0, location = sui::table)]
fun a_full_table_is_not_ended() {
    let mut t = table::new<u8, u64>(&mut tx_context::dummy());
    t.add(1, 2);
    t.destroy_empty();
}

#[test]
fun small_maps_and_sets() {
    let mut m = vec_map::empty();
    m.insert(1, b"a");
    m.insert(2, b"b");
    *m.get_mut(&2) = b"c";
    assert_eq!(m[&2], b"c");
    assert_eq!(m.try_get(&3), option::none());
    assert_eq!(m.keys(), vector[1, 2]);
    assert_eq!(m.get_idx(&2), 1);
    let (key, value) = m.remove(&1);
    assert!(key == 1 && value == b"a");
    let (keys, values) = m.into_keys_values();
    assert_eq!(keys, vector[2]);
    assert_eq!(vec_map::from_keys_values(keys, values).length(), 1);
    let mut s = vec_set::from_keys(vector[3, 1]);
    s.insert(2);
    s.remove(&3);
    assert!(s.contains(&1) && !s.contains(&3));
    assert_eq!(s.into_keys(), vector[1, 2]);
}

#[test, expected_failure(abort_code = 0, location = sui::vec_map)]
fun a_key_is_inserted_once() {
    let mut m = vec_map::empty();
    m.insert(1, 1);
    m.insert(1, 1);
}

#[test, expected_failure(abort_code = 1, location = sui::vec_map)]
fun a_key_is_there() { vec_map::empty<u8, u8>().remove(&1); }

#[test, expected_failure(abort_code = 1, location = sui::vec_set)]
fun an_element_is_there() { vec_set::empty<u8>().remove(&1); }

#[test]
fun bytes_are_read() {
    let mut r = bcs::new(bcs::to_bytes(&vector[1u64, 300]));
    assert_eq!(r.peel_vec_u64(), vector[1, 300]);
    let mut all = bcs::to_bytes(&@0x7);
    all.append(bcs::to_bytes(&true));
    all.append(bcs::to_bytes(&0x1234u16));
    all.append(bcs::to_bytes(&0x12345678u32));
    all.append(bcs::to_bytes(&std::u128::max_value!()));
    all.append(bcs::to_bytes(&std::u256::max_value!()));
    all.append(bcs::to_bytes(&b"abc"));
    all.append(bcs::to_bytes(&option::some(5u8)));
    all.append(b"rest");
    let mut r = bcs::new(all);
    assert_eq!(r.peel_address(), @0x7);
    assert!(r.peel_bool());
    assert_eq!(r.peel_u16(), 0x1234);
    assert_eq!(r.peel_u32(), 0x12345678);
    assert_eq!(r.peel_u128(), std::u128::max_value!());
    assert_eq!(r.peel_u256(), std::u256::max_value!());
    assert_eq!(r.peel_vec_u8(), b"abc");
    assert_eq!(r.peel_option_u8(), option::some(5));
    assert_eq!(r.into_remainder_bytes(), b"rest");
    assert_eq!(bcs::new(x"8001").peel_vec_length(), 128);
}

#[test, expected_failure(abort_code = 0, location = sui::bcs)]
fun bytes_have_an_end() { bcs::new(x"01").peel_u16(); }

#[test, expected_failure(abort_code = 1, location = sui::bcs)]
fun a_bool_is_0_or_1() { bcs::new(x"02").peel_bool(); }

#[test]
fun upgrades() {
    let ctx = &mut tx_context::dummy();
    let mut cap = package::test_publish(@0x42.to_id(), ctx);
    assert_eq!(cap.version(), 1);
    cap.only_additive_upgrades();
    assert_eq!(cap.policy(), package::additive_policy());
    let ticket = cap.authorize(package::dep_only_policy(), b"d");
    assert_eq!(ticket.package(), @0x42.to_id());
    assert_eq!(cap.package(), @0x0.to_id());
    std::unit_test::destroy(ticket);
    cap.make_immutable();
}

#[test, expected_failure(abort_code = 1, location = sui::package)]
fun a_policy_only_gets_stricter() {
    let mut cap = package::test_publish(@0x42.to_id(), &mut tx_context::dummy());
    cap.only_dep_upgrades();
    cap.only_additive_upgrades();
    abort
}

#[test]
fun publishers() {
    let ctx = &mut tx_context::dummy();
    let publisher = package::claim(sui::test_utils::create_one_time_witness<SUI_TESTS>(), ctx);
    assert!(publisher.from_package<Thing>() && publisher.from_module<Thing>());
    assert!(!publisher.from_package<SUI>());
    publisher.burn();
}

#[test]
fun derived_ids() {
    let mut t = thing(1, &mut tx_context::dummy());
    assert!(!derived_object::exists(&t.id, 1u8));
    let uid = derived_object::claim(&mut t.id, 1u8);
    assert!(derived_object::exists(&t.id, 1u8));
    assert_eq!(uid.to_address(), derived_object::derive_address(t.id.to_inner(), 1u8));
    uid.delete();
    end(t);
}

#[test, expected_failure(abort_code = 0, location = sui::derived_object)]
fun an_id_is_derived_once() {
    let mut t = thing(1, &mut tx_context::dummy());
    let _first = derived_object::claim(&mut t.id, 1u8);
    let _second = derived_object::claim(&mut t.id, 1u8);
    abort
}

#[test]
fun scenarios() {
    let mut s = ts::begin(@0xA);
    transfer::transfer(thing(1, s.ctx()), @0xB);
    let parent = thing(2, s.ctx());
    transfer::transfer(thing(3, s.ctx()), parent.id.to_address());
    transfer::share_object(parent);
    let effects = s.next_tx(@0xB);
    assert_eq!(effects.created().length(), 3);
    assert_eq!(effects.shared().length(), 1);
    let mut parent = s.take_shared<Thing>();
    let ticket = ts::most_recent_receiving_ticket<Thing>(&parent.id.to_inner());
    assert_eq!(end(transfer::public_receive(&mut parent.id, ticket)), 3);
    ts::return_shared(parent);
    let mine = s.take_from_sender<Thing>();
    assert_eq!(mine.n, 1);
    transfer::freeze_object(mine);
    s.next_epoch(@0xA);
    assert_eq!(s.ctx().epoch(), 1);
    let frozen = s.take_immutable<Thing>();
    ts::return_immutable(frozen);
    assert_eq!(end(s.take_shared<Thing>()), 2);
    s.later_epoch(10, @0xA);
    assert_eq!(s.ctx().epoch_timestamp_ms(), 10);
    assert_eq!(s.num_concluded_txes(), 3);
    s.end();
}
