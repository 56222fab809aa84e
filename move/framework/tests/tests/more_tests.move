#[test_only]
/// The rarer parts of the stand-in do what the published ones do.
module framework_tests::more_tests;

use std::unit_test::assert_eq;
use sui::bcs;
use sui::borrow;
use sui::versioned;

public struct Thing has key, store { id: UID, n: u64 }

fun thing(n: u64, ctx: &mut TxContext): Thing { Thing { id: object::new(ctx), n } }

fun end(thing: Thing): u64 {
    let Thing { id, n } = thing;
    id.delete();
    n
}

#[test]
fun parts_of_vectors() {
    let mut v = vector[1, 2, 3, 4, 5];
    assert_eq!(v.take_mut(2), vector[1, 2]);
    assert_eq!(v, vector[3, 4, 5]);
    assert_eq!(v.skip_mut(1), vector[4, 5]);
    assert_eq!(v, vector[3]);
    assert_eq!(vector[1, 2, 3].skip(1), vector[2, 3]);
    assert_eq!(vector[1, 2, 3].skip(9), vector[]);
    assert_eq!(vector[1, 2, 5, 1].take_while!(|x| *x < 3), vector[1, 2]);
    assert_eq!(vector[1, 2, 5, 1].skip_while!(|x| *x < 3), vector[5, 1]);
    let mut w = vector[1, 2, 5, 1];
    assert_eq!(w.take_mut_while!(|x| *x < 3), vector[1, 2]);
    assert_eq!(w.skip_mut_while!(|x| *x > 3), vector[1]);
    assert_eq!(w, vector[5]);
    let (even, odd) = vector[1, 2, 3, 4].partition!(|x| *x % 2 == 0);
    assert_eq!(even, vector[2, 4]);
    assert_eq!(odd, vector[1, 3]);
    assert_eq!(vector[5, 6, 5].find_indices!(|x| *x == 5), vector[0, 2]);
}

#[test, expected_failure]
fun no_more_is_taken_than_there_is() { vector[1].take_mut(2); }

#[test]
fun vectors_in_step() {
    let mut seen = vector[];
    vector[1, 2].zip_do!(vector[10, 20], |a, b| seen.push_back(a + b));
    vector[1, 2].zip_do_reverse!(vector[10, 20], |a, b| seen.push_back(a + b));
    assert_eq!(seen, vector[11, 22, 22, 11]);
    let mut sum = 0;
    vector[1, 2].zip_do_ref!(&vector[10, 20], |a, b| sum = sum + *a * *b);
    assert_eq!(sum, 50);
    let mut left = vector[1, 2];
    let mut right = vector[10, 20];
    left.zip_do_mut!(&mut right, |a, b| {
        *a = *a + *b;
        *b = 0;
    });
    assert_eq!(left, vector[11, 22]);
    assert_eq!(right, vector[0, 0]);
    assert_eq!(vector[1, 2].zip_map!(vector[3, 4], |a, b| a * b), vector[3, 8]);
    assert_eq!(vector[1, 2].zip_map_ref!(&vector[3, 4], |a, b| *a * *b), vector[3, 8]);
}

#[test, expected_failure]
fun vectors_in_step_are_of_one_length() { vector[1].zip_do!(vector[1, 2], |_, _| ()); }

#[test]
fun sorting() {
    let unsorted = vector[5u64, 3, 9, 1, 5, 0, 7, 2];
    let sorted = vector[0, 1, 2, 3, 5, 5, 7, 9];
    let mut v = unsorted;
    v.insertion_sort_by!(|a, b| *a <= *b);
    assert_eq!(v, sorted);
    let mut w = unsorted;
    w.merge_sort_by!(|a, b| *a <= *b);
    assert_eq!(w, sorted);
    assert!(w.is_sorted_by!(|a, b| *a <= *b));
    assert!(!unsorted.is_sorted_by!(|a, b| *a <= *b));
    // Equals keep their order: tens are compared, ones tell the order.
    let mut tens = vector[21, 12, 22, 11, 23];
    tens.merge_sort_by!(|a, b| *a / 10 <= *b / 10);
    assert_eq!(tens, vector[12, 11, 21, 22, 23]);
    let mut again = vector[21, 12, 22, 11, 23];
    again.insertion_sort_by!(|a, b| *a / 10 <= *b / 10);
    assert_eq!(again, vector[12, 11, 21, 22, 23]);
    let mut one = vector[1];
    one.merge_sort_by!(|a, b| *a <= *b);
    assert_eq!(one, vector[1]);
}

#[test]
fun vectors_end_from_behind() {
    let mut seen = vector[];
    vector[1, 2, 3].destroy!(|x| seen.push_back(x));
    assert_eq!(seen, vector[3, 2, 1]);
}

#[test]
fun more_of_options() {
    let mut some = option::some(5);
    assert_eq!(some.map_mut!(|x| { *x = 6; *x + 1 }), option::some(7));
    assert_eq!(some.fold_ref!(0, |x| *x + 1), 7);
    assert_eq!(some.fold_mut!(0, |x| { *x = 8; 1 }), 1);
    assert_eq!(some.and_ref!(|x| option::some(*x)), option::some(8));
    assert_eq!(some.and!(|x| option::some(x + 1)), option::some(9));
    assert_eq!(some.or!(option::some(1)), option::some(8));
    assert_eq!(option::none().or!(option::some(1)), option::some(1));
    assert_eq!(some.filter!(|x| *x > 9), option::none());
    assert_eq!(some.filter!(|x| *x > 7), option::some(8));
    assert_eq!(some.extract_or!(1), 8);
    assert_eq!(some.extract_or!(1), 1);
}

#[test]
fun ranges_with_their_end() {
    let mut sum = 0;
    3u64.range_do_eq!(5, |i| sum = sum + i);
    2u64.do_eq!(|i| sum = sum + i);
    5u64.range_do_eq!(3, |i| sum = sum + i);
    assert_eq!(sum, 15);
    let mut count = 0u16;
    255u8.do_eq!(|_| count = count + 1);
    assert_eq!(count, 256);
}

#[test]
fun more_of_bcs() {
    let mut bytes = bcs::new(x"0201000200010100000000");
    assert_eq!(bytes.peel_vec_u16(), vector[1, 2]);
    assert_eq!(bytes.peel_option_u32(), option::some(1));
    assert_eq!(bytes.peel_vec_u32(), vector[]);
    let mut rest = bcs::new(x"00000000000000");
    assert_eq!(rest.peel_vec_u128(), vector[]);
    assert_eq!(rest.peel_vec_u256(), vector[]);
    assert_eq!(rest.peel_option_u16(), option::none());
    assert_eq!(rest.peel_option_u128(), option::none());
    assert_eq!(rest.peel_option_u256(), option::none());
}

#[test]
fun lending() {
    let ctx = &mut tx_context::dummy();
    let mut referent = borrow::new(thing(1, ctx), ctx);
    let (lent, loan) = referent.borrow();
    assert_eq!(lent.n, 1);
    referent.put_back(lent, loan);
    assert_eq!(referent.destroy().end(), 1);
}

#[test, expected_failure(abort_code = 1, location = sui::borrow)]
fun what_is_lent_comes_back() {
    let ctx = &mut tx_context::dummy();
    let mut referent = borrow::new(thing(1, ctx), ctx);
    let (lent, loan) = referent.borrow();
    referent.put_back(thing(2, ctx), loan);
    lent.end();
    abort
}

#[test, expected_failure(abort_code = 0, location = sui::borrow)]
fun what_is_lent_comes_back_to_its_place() {
    let ctx = &mut tx_context::dummy();
    let mut one = borrow::new(thing(1, ctx), ctx);
    let mut two = borrow::new(thing(2, ctx), ctx);
    let (lent, loan) = one.borrow();
    let (other, _loan) = two.borrow();
    two.put_back(lent, loan);
    other.end();
    abort
}

#[test]
fun versions() {
    let ctx = &mut tx_context::dummy();
    let mut value = versioned::create(1, 10u64, ctx);
    assert_eq!(value.version(), 1);
    *value.load_value_mut<u64>() = 11;
    assert_eq!(*value.load_value<u64>(), 11);
    let (old, cap) = value.remove_value_for_upgrade<u64>();
    value.upgrade(2, old.to_string(), cap);
    assert_eq!(value.version(), 2);
    assert_eq!(value.destroy(), b"11".to_string());
}

#[test, expected_failure(abort_code = 0, location = sui::versioned)]
fun versions_grow() {
    let ctx = &mut tx_context::dummy();
    let mut value = versioned::create(1, 10u64, ctx);
    let (old, cap) = value.remove_value_for_upgrade<u64>();
    value.upgrade(1, old, cap);
    abort
}
