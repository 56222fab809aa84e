/// Objects whose ids follow from a parent and a key.
module sui::derived_object;

use sui::dynamic_field as df;

/// The id was claimed before.
const EObjectAlreadyExists: u64 = 0;

/// Marks an id as claimed.
public struct Claimed(ID) has copy, drop, store;

/// Keeps the keys apart from those of other fields.
public struct DerivedObjectKey<K: copy + drop + store>(K) has copy, drop, store;

#[allow(unused_field)]
/// What is known of a claimed id.
public enum ClaimedStatus has store {
    Reserved,
}

/// Takes the id of a key; each once.
public fun claim<K: copy + drop + store>(parent: &mut UID, key: K): UID {
    let at = derive_address(parent.to_inner(), key);
    let mark = Claimed(at.to_id());
    assert!(!df::exists_(parent, mark), EObjectAlreadyExists);
    let uid = object::new_uid_from_hash(at);
    df::add(parent, mark, ClaimedStatus::Reserved);
    uid
}

/// Whether the id of a key was claimed.
public fun exists<K: copy + drop + store>(parent: &UID, key: K): bool {
    df::exists_(parent, Claimed(derive_address(parent.to_inner(), key).to_id()))
}

/// The id of a key.
public fun derive_address<K: copy + drop + store>(parent: ID, key: K): address {
    df::hash_type_and_key(parent.to_address(), DerivedObjectKey(key))
}
