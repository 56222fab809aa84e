/// A small map in a vector.
module sui::vec_map;

/// The key is there already.
const EKeyAlreadyExists: u64 = 0;
/// The key is not there.
const EKeyDoesNotExist: u64 = 1;
/// There are entries left.
const EMapNotEmpty: u64 = 2;
/// The index lies outside.
const EIndexOutOfBounds: u64 = 3;
/// Not as many keys as values.
const EUnequalLengths: u64 = 4;
/// There are no entries.
const EMapEmpty: u64 = 5;

/// A map in the order of insertion.
public struct VecMap<K: copy, V> has copy, drop, store {
    contents: vector<Entry<K, V>>,
}

/// An entry.
public struct Entry<K: copy, V> has copy, drop, store {
    key: K,
    value: V,
}

/// An empty one.
public fun empty<K: copy, V>(): VecMap<K, V> {
    VecMap { contents: vector[] }
}

/// Adds an entry.
public fun insert<K: copy, V>(self: &mut VecMap<K, V>, key: K, value: V) {
    assert!(!self.contains(&key), EKeyAlreadyExists);
    self.contents.push_back(Entry { key, value })
}

/// Takes an entry away.
public fun remove<K: copy, V>(self: &mut VecMap<K, V>, key: &K): (K, V) {
    let at = self.get_idx(key);
    let Entry { key, value } = self.contents.remove(at);
    (key, value)
}

/// Takes the last entry away.
public fun pop<K: copy, V>(self: &mut VecMap<K, V>): (K, V) {
    assert!(!self.contents.is_empty(), EMapEmpty);
    let Entry { key, value } = self.contents.pop_back();
    (key, value)
}

#[syntax(index)]
/// A value, to write.
public fun get_mut<K: copy, V>(self: &mut VecMap<K, V>, key: &K): &mut V {
    let at = self.get_idx(key);
    &mut self.contents[at].value
}

#[syntax(index)]
/// A value, to read.
public fun get<K: copy, V>(self: &VecMap<K, V>, key: &K): &V {
    let at = self.get_idx(key);
    &self.contents[at].value
}

/// A copy of a value, if there is one.
public fun try_get<K: copy, V: copy>(self: &VecMap<K, V>, key: &K): Option<V> {
    let found = self.get_idx_opt(key);
    if (found.is_some()) option::some(self.contents[found.destroy_some()].value) else option::none()
}

/// Whether there is an entry.
public fun contains<K: copy, V>(self: &VecMap<K, V>, key: &K): bool {
    self.get_idx_opt(key).is_some()
}

/// How many entries there are.
public fun length<K: copy, V>(self: &VecMap<K, V>): u64 {
    self.contents.length()
}

/// As `length`.
public fun size<K: copy, V>(self: &VecMap<K, V>): u64 {
    self.contents.length()
}

/// Whether there are none.
public fun is_empty<K: copy, V>(self: &VecMap<K, V>): bool {
    self.contents.is_empty()
}

/// Ends an empty map.
public fun destroy_empty<K: copy, V>(self: VecMap<K, V>) {
    let VecMap { contents } = self;
    assert!(contents.is_empty(), EMapNotEmpty);
    contents.destroy_empty()
}

/// All keys and all values.
public fun into_keys_values<K: copy, V>(self: VecMap<K, V>): (vector<K>, vector<V>) {
    let VecMap { contents } = self;
    let mut keys = vector[];
    let mut values = vector[];
    contents.do!(|entry| {
        let Entry { key, value } = entry;
        keys.push_back(key);
        values.push_back(value);
    });
    (keys, values)
}

/// A map of keys and values.
public fun from_keys_values<K: copy, V>(keys: vector<K>, mut values: vector<V>): VecMap<K, V> {
    assert!(keys.length() == values.length(), EUnequalLengths);
    let mut map = empty();
    values.reverse();
    keys.do!(|key| map.insert(key, values.pop_back()));
    values.destroy_empty();
    map
}

/// All keys.
public fun keys<K: copy, V>(self: &VecMap<K, V>): vector<K> {
    self.contents.map_ref!(|entry| entry.key)
}

/// Where a key is, if it is there.
public fun get_idx_opt<K: copy, V>(self: &VecMap<K, V>, key: &K): Option<u64> {
    self.contents.find_index!(|entry| &entry.key == key)
}

/// Where a key is.
public fun get_idx<K: copy, V>(self: &VecMap<K, V>, key: &K): u64 {
    let found = self.get_idx_opt(key);
    assert!(found.is_some(), EKeyDoesNotExist);
    found.destroy_some()
}

/// The entry at an index, to read.
public fun get_entry_by_idx<K: copy, V>(self: &VecMap<K, V>, idx: u64): (&K, &V) {
    assert!(idx < self.length(), EIndexOutOfBounds);
    let entry = &self.contents[idx];
    (&entry.key, &entry.value)
}

/// The entry at an index, to write.
public fun get_entry_by_idx_mut<K: copy, V>(self: &mut VecMap<K, V>, idx: u64): (&K, &mut V) {
    assert!(idx < self.length(), EIndexOutOfBounds);
    let entry = &mut self.contents[idx];
    (&entry.key, &mut entry.value)
}

/// Takes the entry at an index away.
public fun remove_entry_by_idx<K: copy, V>(self: &mut VecMap<K, V>, idx: u64): (K, V) {
    assert!(idx < self.length(), EIndexOutOfBounds);
    let Entry { key, value } = self.contents.remove(idx);
    (key, value)
}
