#[test_only]
/// The stand-in of the standard library does what the published one does.
module framework_tests::std_tests;

use std::type_name;
use std::unit_test::assert_eq;

public struct Box<phantom T> has drop {}

#[test]
fun vectors() {
    let mut v = vector[1, 2, 3, 4, 5];
    v.reverse();
    assert_eq!(v, vector[5, 4, 3, 2, 1]);
    assert_eq!(v.remove(1), 4);
    assert_eq!(v, vector[5, 3, 2, 1]);
    v.insert(9, 0);
    v.insert(8, 5);
    assert_eq!(v, vector[9, 5, 3, 2, 1, 8]);
    assert_eq!(v.swap_remove(0), 9);
    assert_eq!(v, vector[8, 5, 3, 2, 1]);
    v.append(vector[7, 6]);
    assert_eq!(v, vector[8, 5, 3, 2, 1, 7, 6]);
    let (found, at) = v.index_of(&7);
    assert!(found && at == 5);
    let (found, at) = v.index_of(&70);
    assert!(!found && at == 0);
    assert!(v.contains(&8) && !v.contains(&9));
    assert_eq!(v.take(2), vector[8, 5]);
    assert_eq!(v.skip(5), vector[7, 6]);
    assert_eq!(v.skip(50), vector[]);
    assert_eq!(vector[vector[1], vector[], vector[2, 3]].flatten(), vector[1, 2, 3]);
    let mut none = vector<u8>[];
    none.reverse();
    assert!(none.is_empty());
}

#[test]
fun vector_macros() {
    let v = vector[1u64, 2, 3];
    assert_eq!(vector::tabulate!(3, |i| i * i), vector[0, 1, 4]);
    assert_eq!(v.map_ref!(|e| *e + 1), vector[2, 3, 4]);
    assert_eq!(v.map!(|e| e * 2), vector[2, 4, 6]);
    assert_eq!(v.filter!(|e| *e != 2), vector[1, 3]);
    assert_eq!(v.fold!(10, |acc, e| acc * 2 + e), 91);
    assert!(v.any!(|e| *e == 3) && !v.any!(|e| *e == 4));
    assert!(v.all!(|e| *e < 4) && !v.all!(|e| *e < 3));
    assert_eq!(v.count!(|e| *e > 1), 2);
    assert_eq!(v.find_index!(|e| *e == 2), option::some(1));
    assert_eq!(v.find_index!(|e| *e == 9), option::none());
    let mut seen = vector[];
    v.do!(|e| seen.push_back(e));
    v.do_ref!(|e| seen.push_back(*e));
    assert_eq!(seen, vector[1, 2, 3, 1, 2, 3]);
    seen.do_mut!(|e| *e = 0);
    assert_eq!(seen, vector[0, 0, 0, 0, 0, 0]);
}

#[test, expected_failure(abort_code = 0x20000, location = std::vector)]
fun a_vector_has_an_end() { vector[1].remove(1); }

#[test, expected_failure(abort_code = 0x20000, location = std::vector)]
fun an_insertion_is_inside() { vector[1].insert(2, 2); }

#[test, expected_failure(abort_code = 0x20000, location = std::vector)]
fun an_empty_vector_has_nothing_to_swap() { vector<u8>[].swap_remove(0); }

#[test]
fun options() {
    let mut o = option::none();
    assert!(o.is_none() && !o.is_some());
    o.fill(1);
    assert!(o.contains(&1));
    assert_eq!(o.swap(2), 1);
    assert_eq!(o.swap_or_fill(3), option::some(2));
    *o.borrow_mut() = 4;
    assert_eq!(*o.borrow(), 4);
    assert_eq!(*o.borrow_with_default(&9), 4);
    assert_eq!(o.get_with_default(9), 4);
    assert_eq!(o.extract(), 4);
    assert_eq!(o.get_with_default(9), 9);
    assert_eq!(o.destroy_with_default(8), 8);
    o.destroy_none();
    assert_eq!(option::some(1).to_vec(), vector[1]);
    assert_eq!(option::some(1).map!(|e| e + 1).destroy_some(), 2);
    assert_eq!(option::none<u8>().fold!(7, |_| 8), 7);
    assert!(option::some(1).is_some_and!(|e| *e == 1));
    assert_eq!(option::none<u8>().destroy_or!(5), 5);
    let mut seen = 0;
    option::some(6).do!(|e| seen = e);
    assert_eq!(seen, 6);
}

#[test, expected_failure(abort_code = 0x40001, location = std::option)]
fun none_has_no_value() { option::none<u8>().destroy_some(); }

#[test, expected_failure(abort_code = 0x40000, location = std::option)]
fun some_is_not_filled() { option::some(1).fill(2); }

#[test]
fun strings() {
    let mut s = b"hello".to_string();
    s.append(b" world".to_string());
    assert_eq!(s.index_of(&b"wor".to_string()), 6);
    assert_eq!(s.index_of(&b"x".to_string()), 11);
    assert_eq!(s.substring(6, 11), b"world".to_string());
    s.insert(5, b",".to_string());
    assert_eq!(s, b"hello, world".to_string());
    s.append_utf8(x"c3a4");
    assert_eq!(s.length(), 14);
    assert!(x"ff".try_to_string().is_none());
    assert_eq!(b"a".to_string().to_ascii(), b"a".to_ascii_string());
    assert_eq!(b"a".to_ascii_string().into_bytes(), b"a");
}

#[test, expected_failure(abort_code = 1, location = std::string)]
fun a_string_is_utf8() { x"ff".to_string(); }

#[test, expected_failure(abort_code = 2, location = std::string)]
fun a_character_is_not_cut() { x"c3a4".to_string().substring(0, 1); }

#[test]
fun ascii() {
    let mut s = b"aZ{".to_ascii_string();
    assert_eq!(s.to_uppercase(), b"AZ{".to_ascii_string());
    assert_eq!(s.to_lowercase(), b"az{".to_ascii_string());
    assert_eq!(s.index_of(&b"Z{".to_ascii_string()), 1);
    assert_eq!(s.index_of(&b"{Z".to_ascii_string()), 3);
    assert_eq!(s.index_of(&b"".to_ascii_string()), 0);
    s.insert(1, b"--".to_ascii_string());
    assert_eq!(s, b"a--Z{".to_ascii_string());
    s.push_char(std::ascii::char(10));
    assert!(!s.all_characters_printable());
    assert_eq!(s.pop_char().byte(), 10);
    assert!(x"80".try_to_ascii_string().is_none());
}

#[test, expected_failure(abort_code = 0x10000, location = std::ascii)]
fun ascii_ends_at_127() { x"80".to_ascii_string(); }

#[test, expected_failure(abort_code = 0x10001, location = std::ascii)]
fun an_ascii_text_has_an_end() { b"a".to_ascii_string().substring(0, 2); }

#[test]
fun integers() {
    assert_eq!(0u8.to_string(), b"0".to_string());
    assert_eq!(255u8.to_string(), b"255".to_string());
    assert_eq!(std::u256::max_value!().to_string().length(), 78);
    assert_eq!(7u64.max(8), 8);
    assert_eq!(7u64.min(8), 7);
    assert_eq!(7u64.diff(10), 3);
    assert_eq!(7u64.divide_and_round_up(2), 4);
    assert_eq!(8u64.divide_and_round_up(2), 4);
    assert_eq!(2u64.pow(63), 9_223_372_036_854_775_808);
    assert_eq!(15u8.pow(2), 225);
    assert_eq!(3u64.pow(0), 1);
    assert_eq!(0xF0u8.bitwise_not(), 0x0F);
    assert_eq!(0u64.sqrt(), 0);
    assert_eq!(99u64.sqrt(), 9);
    assert_eq!(100u64.sqrt(), 10);
    assert_eq!(std::u64::max_value!().sqrt(), 4_294_967_295);
    assert_eq!(std::u128::max_value!().sqrt(), 18_446_744_073_709_551_615);
    assert_eq!(256u64.try_as_u8(), option::none());
    assert_eq!(255u64.try_as_u8(), option::some(255));
    let mut sum = 0;
    4u64.do!(|i| sum = sum + i);
    3u64.range_do!(5, |i| sum = sum + i);
    assert_eq!(sum, 13);
}

#[test, expected_failure(arithmetic_error, location = std::u8)]
fun a_power_may_overflow() { 16u8.pow(2); }

#[test]
fun type_names() {
    let name = type_name::with_original_ids<sui::coin::Coin<sui::sui::SUI>>();
    let zeros = b"000000000000000000000000000000000000000000000000000000000000000";
    let mut address = zeros;
    address.append(b"2");
    assert_eq!(name.address_string(), address.to_ascii_string());
    assert_eq!(name.module_string(), b"coin".to_ascii_string());
    let mut datatype = b"Coin<";
    datatype.append(address);
    datatype.append(b"::sui::SUI>");
    assert_eq!(name.datatype_string(), datatype.to_ascii_string());
    assert!(type_name::with_defining_ids<vector<u8>>().is_primitive());
    assert!(type_name::with_defining_ids<u256>().is_primitive());
    assert!(!type_name::with_defining_ids<Box<u8>>().is_primitive());
    assert_eq!(type_name::with_defining_ids<u8>().into_string(), b"u8".to_ascii_string());
}

#[test, expected_failure(abort_code = 0, location = std::type_name)]
fun a_primitive_has_no_module() { type_name::with_defining_ids<u8>().module_string(); }
