/// A vector whose elements are dynamic fields, so that it may grow large.
module sui::table_vec;

use sui::table::{Self, Table};

/// There is no element at this index.
const EIndexOutOfBound: u64 = 0;
/// There are elements left.
const ETableNonEmpty: u64 = 1;

/// A vector.
public struct TableVec<phantom Element: store> has store {
    contents: Table<u64, Element>,
}

/// An empty one.
public fun empty<Element: store>(ctx: &mut TxContext): TableVec<Element> {
    TableVec { contents: table::new(ctx) }
}

/// One with one element.
public fun singleton<Element: store>(e: Element, ctx: &mut TxContext): TableVec<Element> {
    let mut t = empty(ctx);
    t.push_back(e);
    t
}

/// How many elements it has.
public fun length<Element: store>(t: &TableVec<Element>): u64 {
    t.contents.length()
}

/// Whether it has none.
public fun is_empty<Element: store>(t: &TableVec<Element>): bool {
    t.length() == 0
}

#[syntax(index)]
/// An element, to read.
public fun borrow<Element: store>(t: &TableVec<Element>, i: u64): &Element {
    assert!(i < t.length(), EIndexOutOfBound);
    &t.contents[i]
}

#[syntax(index)]
/// An element, to write.
public fun borrow_mut<Element: store>(t: &mut TableVec<Element>, i: u64): &mut Element {
    assert!(i < t.length(), EIndexOutOfBound);
    &mut t.contents[i]
}

/// Adds an element at the end.
public fun push_back<Element: store>(t: &mut TableVec<Element>, e: Element) {
    let end = t.length();
    t.contents.add(end, e);
}

/// Takes the last element.
public fun pop_back<Element: store>(t: &mut TableVec<Element>): Element {
    let count = t.length();
    assert!(count > 0, EIndexOutOfBound);
    t.contents.remove(count - 1)
}

/// Ends an empty one.
public fun destroy_empty<Element: store>(t: TableVec<Element>) {
    assert!(t.length() == 0, ETableNonEmpty);
    let TableVec { contents } = t;
    contents.destroy_empty();
}

/// Ends one with whatever is in it.
public fun drop<Element: drop + store>(t: TableVec<Element>) {
    let TableVec { contents } = t;
    contents.drop();
}

/// Lets two elements change places.
public fun swap<Element: store>(t: &mut TableVec<Element>, i: u64, j: u64) {
    assert!(i < t.length() && j < t.length(), EIndexOutOfBound);
    if (i == j) return;
    let at_i = t.contents.remove(i);
    let at_j = t.contents.remove(j);
    t.contents.add(i, at_j);
    t.contents.add(j, at_i);
}

/// Takes an element; the last one goes to its place.
public fun swap_remove<Element: store>(t: &mut TableVec<Element>, i: u64): Element {
    assert!(i < t.length(), EIndexOutOfBound);
    let last = t.length() - 1;
    t.swap(i, last);
    t.pop_back()
}
