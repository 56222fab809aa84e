/// A value, or none.
module std::option;

/// A vector of one element or none.
public struct Option<Element> has copy, drop, store {
    vec: vector<Element>,
}

/// There is a value where none was expected.
const EOPTION_IS_SET: u64 = 0x40000;
/// There is no value.
const EOPTION_NOT_SET: u64 = 0x40001;

/// No value.
public fun none<Element>(): Option<Element> {
    Option { vec: vector[] }
}

/// This value.
public fun some<Element>(e: Element): Option<Element> {
    Option { vec: vector[e] }
}

/// Whether there is none.
public fun is_none<Element>(t: &Option<Element>): bool {
    t.vec.is_empty()
}

/// Whether there is one.
public fun is_some<Element>(t: &Option<Element>): bool {
    !t.vec.is_empty()
}

/// Whether there is one and it equals `e_ref`.
public fun contains<Element>(t: &Option<Element>, e_ref: &Element): bool {
    t.vec.contains(e_ref)
}

/// The value, to read.
public fun borrow<Element>(t: &Option<Element>): &Element {
    assert!(t.is_some(), EOPTION_NOT_SET);
    &t.vec[0]
}

/// The value, or `default_ref`.
public fun borrow_with_default<Element>(t: &Option<Element>, default_ref: &Element): &Element {
    if (t.vec.is_empty()) default_ref else &t.vec[0]
}

/// A copy of the value, or `default`.
public fun get_with_default<Element: copy + drop>(t: &Option<Element>, default: Element): Element {
    if (t.vec.is_empty()) default else t.vec[0]
}

/// Sets the value of an empty option.
public fun fill<Element>(t: &mut Option<Element>, e: Element) {
    assert!(t.vec.is_empty(), EOPTION_IS_SET);
    t.vec.push_back(e)
}

/// Takes the value out.
public fun extract<Element>(t: &mut Option<Element>): Element {
    assert!(t.is_some(), EOPTION_NOT_SET);
    t.vec.pop_back()
}

/// The value, to write.
public fun borrow_mut<Element>(t: &mut Option<Element>): &mut Element {
    assert!(t.is_some(), EOPTION_NOT_SET);
    &mut t.vec[0]
}

/// Exchanges the value; returns the old one.
public fun swap<Element>(t: &mut Option<Element>, e: Element): Element {
    assert!(t.is_some(), EOPTION_NOT_SET);
    let old = t.vec.pop_back();
    t.vec.push_back(e);
    old
}

/// Sets the value; returns the old one, if any.
public fun swap_or_fill<Element>(t: &mut Option<Element>, e: Element): Option<Element> {
    let old = if (t.vec.is_empty()) none() else some(t.vec.pop_back());
    t.vec.push_back(e);
    old
}

/// The value, or `default`.
public fun destroy_with_default<Element: drop>(t: Option<Element>, default: Element): Element {
    let Option { mut vec } = t;
    if (vec.is_empty()) default else vec.pop_back()
}

/// The value of an option that has one.
public fun destroy_some<Element>(t: Option<Element>): Element {
    assert!(t.is_some(), EOPTION_NOT_SET);
    let Option { mut vec } = t;
    let e = vec.pop_back();
    vec.destroy_empty();
    e
}

/// Ends an option that has none.
public fun destroy_none<Element>(t: Option<Element>) {
    assert!(t.is_none(), EOPTION_IS_SET);
    let Option { vec } = t;
    vec.destroy_empty()
}

/// A vector of the value, or of nothing.
public fun to_vec<Element>(t: Option<Element>): vector<Element> {
    let Option { vec } = t;
    vec
}

/// Hands the value over, if there is one.
public macro fun do<$T, $R: drop>($o: Option<$T>, $f: |$T| -> $R) {
    let o = $o;
    if (o.is_some()) { $f(o.destroy_some()); } else o.destroy_none()
}

/// As `do`.
public macro fun destroy<$T, $R: drop>($o: Option<$T>, $f: |$T| -> $R) {
    let o = $o;
    o.do!($f)
}

/// Shows the value, if there is one.
public macro fun do_ref<$T, $R: drop>($o: &Option<$T>, $f: |&$T| -> $R) {
    let o = $o;
    if (o.is_some()) { $f(o.borrow()); }
}

/// Lets the value be changed, if there is one.
public macro fun do_mut<$T, $R: drop>($o: &mut Option<$T>, $f: |&mut $T| -> $R) {
    let o = $o;
    if (o.is_some()) { $f(o.borrow_mut()); }
}

/// An option of what `f` makes of the value.
public macro fun map<$T, $U>($o: Option<$T>, $f: |$T| -> $U): Option<$U> {
    let o = $o;
    if (o.is_some()) {
        some($f(o.destroy_some()))
    } else {
        o.destroy_none();
        none()
    }
}

/// As `map`, leaving the option alone.
public macro fun map_ref<$T, $U>($o: &Option<$T>, $f: |&$T| -> $U): Option<$U> {
    let o = $o;
    if (o.is_some()) some($f(o.borrow())) else none()
}

/// What `some` makes of the value, or `none`.
public macro fun fold<$T, $R>($o: Option<$T>, $none: $R, $some: |$T| -> $R): $R {
    let o = $o;
    if (o.is_some()) {
        $some(o.destroy_some())
    } else {
        o.destroy_none();
        $none
    }
}

/// Whether there is a value for which `f` is true.
public macro fun is_some_and<$T>($o: &Option<$T>, $f: |&$T| -> bool): bool {
    let o = $o;
    o.is_some() && $f(o.borrow())
}

/// The value, or `default`, which is only evaluated when needed.
public macro fun destroy_or<$T>($o: Option<$T>, $default: $T): $T {
    let o = $o;
    if (o.is_some()) {
        o.destroy_some()
    } else {
        o.destroy_none();
        $default
    }
}

/// The value taken out, or `default`, which is only evaluated when needed.
public macro fun extract_or<$T>($o: &mut Option<$T>, $default: $T): $T {
    let o = $o;
    if (o.is_some()) o.extract() else $default
}

/// The option if it has a value, else `default`.
public macro fun or<$T: drop>($o: Option<$T>, $default: Option<$T>): Option<$T> {
    let o = $o;
    if (o.is_some()) o else $default
}

/// What `f` makes of the value, if there is one.
public macro fun and<$T, $U>($o: Option<$T>, $f: |$T| -> Option<$U>): Option<$U> {
    let o = $o;
    if (o.is_some()) {
        $f(o.destroy_some())
    } else {
        o.destroy_none();
        none()
    }
}

/// As `and`, leaving the option alone.
public macro fun and_ref<$T, $U>($o: &Option<$T>, $f: |&$T| -> Option<$U>): Option<$U> {
    let o = $o;
    if (o.is_some()) $f(o.borrow()) else none()
}

/// The option if it has a value for which `f` is true, else none.
public macro fun filter<$T: drop>($o: Option<$T>, $f: |&$T| -> bool): Option<$T> {
    let o = $o;
    if (o.is_some() && $f(o.borrow())) o else none()
}

/// As `map`, letting the value be changed.
public macro fun map_mut<$T, $U>($o: &mut Option<$T>, $f: |&mut $T| -> $U): Option<$U> {
    let o = $o;
    if (o.is_some()) some($f(o.borrow_mut())) else none()
}

/// As `fold`, leaving the option alone.
public macro fun fold_ref<$T, $R>($o: &Option<$T>, $none: $R, $some: |&$T| -> $R): $R {
    let o = $o;
    if (o.is_some()) $some(o.borrow()) else $none
}

/// As `fold`, letting the value be changed.
public macro fun fold_mut<$T, $R>($o: &mut Option<$T>, $none: $R, $some: |&mut $T| -> $R): $R {
    let o = $o;
    if (o.is_some()) $some(o.borrow_mut()) else $none
}
