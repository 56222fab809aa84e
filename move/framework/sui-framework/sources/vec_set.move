/// A small set in a vector.
module sui::vec_set;

/// The element is there already.
const EKeyAlreadyExists: u64 = 0;
/// The element is not there.
const EKeyDoesNotExist: u64 = 1;

/// A set in the order of insertion.
public struct VecSet<K: copy + drop> has copy, drop, store {
    contents: vector<K>,
}

/// An empty one.
public fun empty<K: copy + drop>(): VecSet<K> {
    VecSet { contents: vector[] }
}

/// One of one element.
public fun singleton<K: copy + drop>(key: K): VecSet<K> {
    VecSet { contents: vector[key] }
}

/// Adds an element.
public fun insert<K: copy + drop>(self: &mut VecSet<K>, key: K) {
    assert!(!self.contains(&key), EKeyAlreadyExists);
    self.contents.push_back(key)
}

/// Takes an element away.
public fun remove<K: copy + drop>(self: &mut VecSet<K>, key: &K) {
    let (found, at) = self.contents.index_of(key);
    assert!(found, EKeyDoesNotExist);
    self.contents.remove(at);
}

/// Whether an element is there.
public fun contains<K: copy + drop>(self: &VecSet<K>, key: &K): bool {
    self.contents.contains(key)
}

/// How many elements there are.
public fun length<K: copy + drop>(self: &VecSet<K>): u64 {
    self.contents.length()
}

/// As `length`.
public fun size<K: copy + drop>(self: &VecSet<K>): u64 {
    self.contents.length()
}

/// Whether there are none.
public fun is_empty<K: copy + drop>(self: &VecSet<K>): bool {
    self.contents.is_empty()
}

/// The elements.
public fun into_keys<K: copy + drop>(self: VecSet<K>): vector<K> {
    let VecSet { contents } = self;
    contents
}

/// A set of elements that are all different.
public fun from_keys<K: copy + drop>(mut keys: vector<K>): VecSet<K> {
    keys.reverse();
    let mut set = empty();
    while (!keys.is_empty()) set.insert(keys.pop_back());
    set
}

/// The elements, to read.
public fun keys<K: copy + drop>(self: &VecSet<K>): &vector<K> {
    &self.contents
}
