#[test_only]
/// What tests need.
module sui::test_utils;

/// Fails unless both are equal.
public fun assert_eq<T: drop>(t1: T, t2: T) {
    assert!(t1 == t2);
}

/// Fails unless both are equal.
public fun assert_ref_eq<T>(t1: &T, t2: &T) {
    assert!(t1 == t2);
}

/// Ends a value of any type.
public fun destroy<T>(x: T) {
    std::unit_test::destroy(x)
}

/// A one-time witness.
public native fun create_one_time_witness<T: drop>(): T;
