#[test_only]
/// Collections and payment of the stand-in framework do what the published ones do.
module framework_tests::collections_tests;

use std::unit_test::assert_eq;
use sui::coin;
use sui::linked_table;
use sui::object_bag;
use sui::object_table;
use sui::pay;
use sui::priority_queue;
use sui::sui::SUI;
use sui::table_vec;

public struct Thing has key, store { id: UID, n: u64 }

fun thing(n: u64, ctx: &mut TxContext): Thing { Thing { id: object::new(ctx), n } }

fun end(thing: Thing): u64 {
    let Thing { id, n } = thing;
    id.delete();
    n
}

#[test]
fun linked_table_keeps_the_order() {
    let ctx = &mut tx_context::dummy();
    let mut t = linked_table::new<u8, u64>(ctx);
    t.push_back(2, 20);
    t.push_back(3, 30);
    t.push_front(1, 10);
    assert_eq!(*t.front(), option::some(1));
    assert_eq!(*t.back(), option::some(3));
    assert_eq!(*t.next(1), option::some(2));
    assert_eq!(*t.prev(3), option::some(2));
    *&mut t[2] = 21;
    assert_eq!(t.remove(2), 21);
    assert_eq!(*t.next(1), option::some(3));
    assert_eq!(*t.prev(3), option::some(1));
    assert!(!t.contains(2) && t.length() == 2);
    let (k, v) = t.pop_front();
    assert!(k == 1 && v == 10);
    let (k, v) = t.pop_back();
    assert!(k == 3 && v == 30);
    assert!(t.front().is_none() && t.back().is_none());
    t.destroy_empty();
}

#[test, expected_failure(abort_code = sui::linked_table::ETableIsEmpty)]
fun linked_table_gives_nothing_when_empty() {
    let ctx = &mut tx_context::dummy();
    let mut t = linked_table::new<u8, u64>(ctx);
    t.pop_front();
    abort 99
}

#[test]
fun table_vec_is_a_vector() {
    let ctx = &mut tx_context::dummy();
    let mut t = table_vec::singleton(1u64, ctx);
    t.push_back(2);
    t.push_back(3);
    t.swap(0, 2);
    assert!(t[0] == 3 && t[2] == 1);
    assert_eq!(t.swap_remove(0), 3);
    assert!(t[0] == 1 && t.length() == 2);
    assert_eq!(t.pop_back(), 2);
    assert_eq!(t.pop_back(), 1);
    t.destroy_empty();
}

#[test, expected_failure(abort_code = sui::table_vec::EIndexOutOfBound)]
fun table_vec_has_an_end() {
    let ctx = &mut tx_context::dummy();
    let t = table_vec::singleton(1u64, ctx);
    let _ = t[1];
    abort 99
}

#[test]
fun object_table_and_bag_keep_objects() {
    let ctx = &mut tx_context::dummy();
    let mut t = object_table::new<u8, Thing>(ctx);
    let one = thing(1, ctx);
    let id = object::id(&one);
    t.add(1, one);
    assert_eq!(t.value_id(1), option::some(id));
    (&mut t[1]).n = 5;
    assert_eq!(end(t.remove(1)), 5);
    t.destroy_empty();
    let mut b = object_bag::new(ctx);
    b.add(b"k", thing(2, ctx));
    b.add(7u8, thing(3, ctx));
    assert!(b.contains_with_type<u8, Thing>(7) && !b.contains(8u8) && b.length() == 2);
    assert_eq!(end(b.remove(b"k")) + end(b.remove(7u8)), 5);
    b.destroy_empty();
}

#[test]
fun priority_queue_gives_the_highest_first() {
    let mut q = priority_queue::new(priority_queue::create_entries(vector[3, 1, 4, 1, 5], vector[30, 10, 40, 11, 50]));
    q.insert(9, 90);
    q.insert(2, 20);
    let mut last = 10;
    let mut count = 0;
    while (count < 7) {
        let (priority, value) = q.pop_max();
        assert!(priority <= last && value / 10 == priority);
        last = priority;
        count = count + 1;
    };
    assert!(q.priorities().is_empty());
}

#[test, expected_failure(abort_code = sui::priority_queue::EPopFromEmptyHeap)]
fun priority_queue_gives_nothing_when_empty() {
    let mut q = priority_queue::new<u64>(vector[]);
    q.pop_max();
}

#[test]
fun pay_joins_and_splits() {
    let ctx = &mut tx_context::dummy();
    let mut whole = coin::mint_for_testing<SUI>(10, ctx);
    pay::join_vec(&mut whole, vector[coin::mint_for_testing(1, ctx), coin::mint_for_testing(2, ctx)]);
    pay::split(&mut whole, 3, ctx);
    pay::divide_and_keep(&mut whole, 2, ctx);
    assert_eq!(coin::burn_for_testing(whole), 5);
}
