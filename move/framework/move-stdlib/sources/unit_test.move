#[test_only]
/// What tests need.
module std::unit_test;

/// Marks bytecode that holds test functions, so that it cannot be published.
public native fun poison();

/// Ends a value of any type.
public native fun destroy<T>(x: T);

/// Fails unless both are equal.
public macro fun assert_eq<$T: drop>($t1: $T, $t2: $T) {
    let left = $t1;
    let right = $t2;
    if (left != right) {
        std::debug::print(&b"assert_eq failed".to_string());
        std::debug::print(&left);
        std::debug::print(&right);
        assert!(false);
    }
}

/// Fails unless both are equal.
public macro fun assert_ref_eq<$T>($t1: &$T, $t2: &$T) {
    let left = $t1;
    let right = $t2;
    assert!(left == right);
}
