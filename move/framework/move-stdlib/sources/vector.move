/// Vectors. The natives are instructions of the machine; the rest is built of them.
#[defines_primitive(vector)]
module std::vector;

/// `b"…".to_string()`.
public use fun std::string::utf8 as vector.to_string;
/// `b"…".try_to_string()`.
public use fun std::string::try_utf8 as vector.try_to_string;
/// `b"…".to_ascii_string()`.
public use fun std::ascii::string as vector.to_ascii_string;
/// `b"…".try_to_ascii_string()`.
public use fun std::ascii::try_string as vector.try_to_ascii_string;

/// An index lies outside of the vector.
const EINDEX_OUT_OF_BOUNDS: u64 = 0x20000;

#[bytecode_instruction]
/// A vector of nothing.
public native fun empty<Element>(): vector<Element>;

#[bytecode_instruction]
/// How many elements there are.
public native fun length<Element>(v: &vector<Element>): u64;

#[syntax(index)]
#[bytecode_instruction]
/// The element at `i`, to read.
public native fun borrow<Element>(v: &vector<Element>, i: u64): &Element;

#[bytecode_instruction]
/// Appends one element.
public native fun push_back<Element>(v: &mut vector<Element>, e: Element);

#[syntax(index)]
#[bytecode_instruction]
/// The element at `i`, to write.
public native fun borrow_mut<Element>(v: &mut vector<Element>, i: u64): &mut Element;

#[bytecode_instruction]
/// Takes the last element.
public native fun pop_back<Element>(v: &mut vector<Element>): Element;

#[bytecode_instruction]
/// Ends a vector that has no elements.
public native fun destroy_empty<Element>(v: vector<Element>);

#[bytecode_instruction]
/// Exchanges two elements.
public native fun swap<Element>(v: &mut vector<Element>, i: u64, j: u64);

/// A vector of one element.
public fun singleton<Element>(e: Element): vector<Element> {
    vector[e]
}

/// Turns the order around.
public fun reverse<Element>(v: &mut vector<Element>) {
    let n = v.length();
    if (n < 2) return;
    let mut low = 0;
    let mut high = n - 1;
    while (low < high) {
        v.swap(low, high);
        low = low + 1;
        high = high - 1;
    }
}

/// Moves all elements of `other` to the end.
public fun append<Element>(lhs: &mut vector<Element>, mut other: vector<Element>) {
    other.reverse();
    while (!other.is_empty()) lhs.push_back(other.pop_back());
    other.destroy_empty();
}

/// Whether there are no elements.
public fun is_empty<Element>(v: &vector<Element>): bool {
    v.length() == 0
}

/// Whether `e` is among the elements.
public fun contains<Element>(v: &vector<Element>, e: &Element): bool {
    let (found, _) = v.index_of(e);
    found
}

/// Whether `e` is there and where it first is; `(false, 0)` if not.
public fun index_of<Element>(v: &vector<Element>, e: &Element): (bool, u64) {
    let mut at = 0;
    let n = v.length();
    while (at < n) {
        if (v.borrow(at) == e) return (true, at);
        at = at + 1;
    };
    (false, 0)
}

/// Takes the element at `i`; those behind it move up.
public fun remove<Element>(v: &mut vector<Element>, mut i: u64): Element {
    let n = v.length();
    if (i >= n) abort EINDEX_OUT_OF_BOUNDS;
    let last = n - 1;
    while (i < last) {
        v.swap(i, i + 1);
        i = i + 1;
    };
    v.pop_back()
}

/// Puts `e` at `i`; those from there on move down.
public fun insert<Element>(v: &mut vector<Element>, e: Element, mut i: u64) {
    let n = v.length();
    if (i > n) abort EINDEX_OUT_OF_BOUNDS;
    v.push_back(e);
    while (i < n) {
        v.swap(i, n);
        i = i + 1;
    }
}

/// Takes the element at `i` and puts the last one in its place.
public fun swap_remove<Element>(v: &mut vector<Element>, i: u64): Element {
    assert!(!v.is_empty(), EINDEX_OUT_OF_BOUNDS);
    let last = v.length() - 1;
    v.swap(i, last);
    v.pop_back()
}

/// The first `n` elements; the rest is dropped.
public fun take<T: drop>(mut v: vector<T>, n: u64): vector<T> {
    assert!(n <= v.length());
    while (v.length() > n) { v.pop_back(); };
    v
}

/// Takes the first `n` elements out.
public fun take_mut<T>(v: &mut vector<T>, n: u64): vector<T> {
    assert!(n <= v.length());
    let mut first = vector[];
    v.reverse();
    while (first.length() < n) first.push_back(v.pop_back());
    v.reverse();
    first
}

/// All but the first `n` elements.
public fun skip<T: drop>(v: vector<T>, n: u64): vector<T> {
    let mut rest = vector[];
    let mut at = 0;
    v.do!(|e| {
        if (at >= n) rest.push_back(e);
        at = at + 1;
    });
    rest
}

/// Takes all but the first `n` elements out.
public fun skip_mut<T>(v: &mut vector<T>, n: u64): vector<T> {
    assert!(n <= v.length());
    let mut rest = vector[];
    while (v.length() > n) rest.push_back(v.pop_back());
    rest.reverse();
    rest
}

/// Puts the elements of many vectors into one.
public fun flatten<T>(v: vector<vector<T>>): vector<T> {
    let mut flat = vector[];
    v.do!(|part| flat.append(part));
    flat
}

/// A vector of `n` elements, each made from its index.
public macro fun tabulate<$T>($n: u64, $f: |u64| -> $T): vector<$T> {
    let mut made = vector[];
    let n = $n;
    let mut at = 0;
    while (at < n) {
        made.push_back($f(at));
        at = at + 1;
    };
    made
}

/// Hands over each element, from the first to the last, and ends the vector.
public macro fun do<$T, $R: drop>($v: vector<$T>, $f: |$T| -> $R) {
    let mut v = $v;
    v.reverse();
    while (!v.is_empty()) { $f(v.pop_back()); };
    v.destroy_empty();
}

/// Hands over each element, from the last to the first, and ends the vector.
public macro fun destroy<$T, $R: drop>($v: vector<$T>, $f: |$T| -> $R) {
    let mut v = $v;
    while (!v.is_empty()) { $f(v.pop_back()); };
    v.destroy_empty();
}

/// Shows each element.
public macro fun do_ref<$T, $R: drop>($v: &vector<$T>, $f: |&$T| -> $R) {
    let v = $v;
    let n = v.length();
    let mut at = 0;
    while (at < n) {
        $f(v.borrow(at));
        at = at + 1;
    }
}

/// Lets each element be changed.
public macro fun do_mut<$T, $R: drop>($v: &mut vector<$T>, $f: |&mut $T| -> $R) {
    let v = $v;
    let n = v.length();
    let mut at = 0;
    while (at < n) {
        $f(v.borrow_mut(at));
        at = at + 1;
    }
}

/// A vector of what `f` makes of each element.
public macro fun map<$T, $U>($v: vector<$T>, $f: |$T| -> $U): vector<$U> {
    let mut made = vector[];
    let v = $v;
    v.do!(|e| made.push_back($f(e)));
    made
}

/// As `map`, leaving the vector alone.
public macro fun map_ref<$T, $U>($v: &vector<$T>, $f: |&$T| -> $U): vector<$U> {
    let mut made = vector[];
    let v = $v;
    v.do_ref!(|e| made.push_back($f(e)));
    made
}

/// The elements for which `f` is true.
public macro fun filter<$T: drop>($v: vector<$T>, $f: |&$T| -> bool): vector<$T> {
    let mut kept = vector[];
    let v = $v;
    v.do!(|e| if ($f(&e)) kept.push_back(e));
    kept
}

/// Folds all elements into one value.
public macro fun fold<$T, $Acc>($v: vector<$T>, $init: $Acc, $f: |$Acc, $T| -> $Acc): $Acc {
    let mut acc = $init;
    let v = $v;
    v.do!(|e| acc = $f(acc, e));
    acc
}

/// Whether `f` is true for at least one element.
public macro fun any<$T>($v: &vector<$T>, $f: |&$T| -> bool): bool {
    let v = $v;
    'found: {
        v.do_ref!(|e| if ($f(e)) return 'found true);
        false
    }
}

/// Whether `f` is true for every element.
public macro fun all<$T>($v: &vector<$T>, $f: |&$T| -> bool): bool {
    let v = $v;
    'missed: {
        v.do_ref!(|e| if (!$f(e)) return 'missed false);
        true
    }
}

/// How many elements `f` is true for.
public macro fun count<$T>($v: &vector<$T>, $f: |&$T| -> bool): u64 {
    let mut hits = 0;
    let v = $v;
    v.do_ref!(|e| if ($f(e)) hits = hits + 1);
    hits
}

/// Where `f` is first true.
public macro fun find_index<$T>($v: &vector<$T>, $f: |&$T| -> bool): Option<u64> {
    let v = $v;
    let n = v.length();
    let mut at = 0;
    'found: {
        while (at < n) {
            if ($f(v.borrow(at))) return 'found option::some(at);
            at = at + 1;
        };
        option::none()
    }
}

/// Where `f` is true.
public macro fun find_indices<$T>($v: &vector<$T>, $f: |&$T| -> bool): vector<u64> {
    let v = $v;
    let n = v.length();
    let mut at = 0;
    let mut found = vector[];
    while (at < n) {
        if ($f(v.borrow(at))) found.push_back(at);
        at = at + 1;
    };
    found
}

/// The elements for which `f` is true, and those for which it is not.
public macro fun partition<$T>($v: vector<$T>, $f: |&$T| -> bool): (vector<$T>, vector<$T>) {
    let v = $v;
    let mut yes = vector[];
    let mut no = vector[];
    v.do!(|e| if ($f(&e)) yes.push_back(e) else no.push_back(e));
    (yes, no)
}

/// Hands over pairs of elements, from the first to the last; both vectors must be of one length.
public macro fun zip_do<$T1, $T2, $R: drop>($v1: vector<$T1>, $v2: vector<$T2>, $f: |$T1, $T2| -> $R) {
    let v1 = $v1;
    let mut v2 = $v2;
    assert!(v1.length() == v2.length());
    v2.reverse();
    v1.do!(|e| $f(e, v2.pop_back()));
    v2.destroy_empty();
}

/// As `zip_do`, from the last to the first.
public macro fun zip_do_reverse<$T1, $T2, $R: drop>($v1: vector<$T1>, $v2: vector<$T2>, $f: |$T1, $T2| -> $R) {
    let v1 = $v1;
    let mut v2 = $v2;
    assert!(v1.length() == v2.length());
    v1.destroy!(|e| $f(e, v2.pop_back()));
    v2.destroy_empty();
}

/// Shows pairs of elements.
public macro fun zip_do_ref<$T1, $T2, $R: drop>($v1: &vector<$T1>, $v2: &vector<$T2>, $f: |&$T1, &$T2| -> $R) {
    let v1 = $v1;
    let v2 = $v2;
    let n = v1.length();
    assert!(n == v2.length());
    let mut at = 0;
    while (at < n) {
        $f(v1.borrow(at), v2.borrow(at));
        at = at + 1;
    }
}

/// Lets pairs of elements be changed.
public macro fun zip_do_mut<$T1, $T2, $R: drop>(
    $v1: &mut vector<$T1>,
    $v2: &mut vector<$T2>,
    $f: |&mut $T1, &mut $T2| -> $R,
) {
    let v1 = $v1;
    let v2 = $v2;
    let n = v1.length();
    assert!(n == v2.length());
    let mut at = 0;
    while (at < n) {
        $f(v1.borrow_mut(at), v2.borrow_mut(at));
        at = at + 1;
    }
}

/// A vector of what `f` makes of pairs of elements.
public macro fun zip_map<$T1, $T2, $U>($v1: vector<$T1>, $v2: vector<$T2>, $f: |$T1, $T2| -> $U): vector<$U> {
    let mut made = vector[];
    zip_do!($v1, $v2, |a, b| made.push_back($f(a, b)));
    made
}

/// As `zip_map`, leaving the vectors alone.
public macro fun zip_map_ref<$T1, $T2, $U>(
    $v1: &vector<$T1>,
    $v2: &vector<$T2>,
    $f: |&$T1, &$T2| -> $U,
): vector<$U> {
    let mut made = vector[];
    zip_do_ref!($v1, $v2, |a, b| made.push_back($f(a, b)));
    made
}

/// Sorts in place by `le` (less or equal), equals staying in their order: for few elements.
public macro fun insertion_sort_by<$T>($v: &mut vector<$T>, $le: |&$T, &$T| -> bool) {
    let v = $v;
    let n = v.length();
    let mut sorted = 1;
    while (sorted < n) {
        let mut at = sorted;
        while (at > 0 && !$le(v.borrow(at - 1), v.borrow(at))) {
            v.swap(at - 1, at);
            at = at - 1;
        };
        sorted = sorted + 1;
    }
}

/// Sorts in place by `le` (less or equal), equals staying in their order: for many elements.
public macro fun merge_sort_by<$T>($v: &mut vector<$T>, $le: |&$T, &$T| -> bool) {
    let v = $v;
    let n = v.length();
    let mut width = 1;
    while (width < n) {
        // Each round takes runs of `width` from the front and puts them, merged by two, behind all others.
        v.reverse();
        let mut merged = vector[];
        while (!v.is_empty()) {
            let mut left = vector[];
            while (left.length() < width && !v.is_empty()) left.push_back(v.pop_back());
            let mut right = vector[];
            while (right.length() < width && !v.is_empty()) right.push_back(v.pop_back());
            left.reverse();
            right.reverse();
            while (!left.is_empty() && !right.is_empty()) {
                let first = $le(left.borrow(left.length() - 1), right.borrow(right.length() - 1));
                merged.push_back(if (first) left.pop_back() else right.pop_back());
            };
            left.reverse();
            right.reverse();
            merged.append(left);
            merged.append(right);
        };
        v.append(merged);
        width = width * 2;
    }
}

/// Whether no element comes before one that is less, by `le` (less or equal).
public macro fun is_sorted_by<$T>($v: &vector<$T>, $le: |&$T, &$T| -> bool): bool {
    let v = $v;
    let n = v.length();
    let mut at = 1;
    'found: {
        while (at < n) {
            if (!$le(v.borrow(at - 1), v.borrow(at))) return 'found false;
            at = at + 1;
        };
        true
    }
}

/// The elements before the first for which `f` is not true.
public macro fun take_while<$T: drop>($v: vector<$T>, $p: |&$T| -> bool): vector<$T> {
    let mut v = $v;
    v.take_mut_while!($p)
}

/// Takes out the elements before the first for which `f` is not true.
public macro fun take_mut_while<$T>($v: &mut vector<$T>, $p: |&$T| -> bool): vector<$T> {
    let v = $v;
    let n = v.length();
    let mut at = 0;
    while (at < n && $p(v.borrow(at))) at = at + 1;
    v.take_mut(at)
}

/// The elements from the first on for which `f` is not true.
public macro fun skip_while<$T: drop>($v: vector<$T>, $p: |&$T| -> bool): vector<$T> {
    let mut v = $v;
    v.skip_mut_while!($p)
}

/// Takes out the elements from the first on for which `f` is not true.
public macro fun skip_mut_while<$T>($v: &mut vector<$T>, $p: |&$T| -> bool): vector<$T> {
    let v = $v;
    let n = v.length();
    let mut at = 0;
    while (at < n && $p(v.borrow(at))) at = at + 1;
    v.skip_mut(at)
}
