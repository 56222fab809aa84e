/// Fields of an object beyond those of its type.
module sui::dynamic_field;

/// There is a field of this name.
const EFieldAlreadyExists: u64 = 0;
#[allow(unused_const)]
/// There is no field of this name.
const EFieldDoesNotExist: u64 = 1;
#[allow(unused_const)]
/// The field holds another type.
const EFieldTypeMismatch: u64 = 2;

/// What is stored for a field.
public struct Field<Name: copy + drop + store, Value: store> has key {
    /// Hash of the object's id and the name.
    id: UID,
    name: Name,
    value: Value,
}

/// Adds a field.
public fun add<Name: copy + drop + store, Value: store>(object: &mut UID, name: Name, value: Value) {
    let parent = object.to_address();
    let hash = hash_type_and_key(parent, name);
    assert!(!has_child_object(parent, hash), EFieldAlreadyExists);
    add_child_object(parent, Field { id: object::new_uid_from_hash(hash), name, value })
}

/// The value of a field, to read.
public fun borrow<Name: copy + drop + store, Value: store>(object: &UID, name: Name): &Value {
    let hash = hash_type_and_key(object.to_address(), name);
    &borrow_child_object<Field<Name, Value>>(object, hash).value
}

/// The value of a field, to write.
public fun borrow_mut<Name: copy + drop + store, Value: store>(object: &mut UID, name: Name): &mut Value {
    let hash = hash_type_and_key(object.to_address(), name);
    &mut borrow_child_object_mut<Field<Name, Value>>(object, hash).value
}

/// Takes a field away.
public fun remove<Name: copy + drop + store, Value: store>(object: &mut UID, name: Name): Value {
    let parent = object.to_address();
    let hash = hash_type_and_key(parent, name);
    let Field { id, name: _, value } = remove_child_object<Field<Name, Value>>(parent, hash);
    id.delete();
    value
}

/// Whether there is a field of this name.
public fun exists_<Name: copy + drop + store>(object: &UID, name: Name): bool {
    let parent = object.to_address();
    let hash = hash_type_and_key(parent, name);
    has_child_object(parent, hash)
}

/// Takes a field away, if there is one.
public fun remove_if_exists<Name: copy + drop + store, Value: store>(
    object: &mut UID,
    name: Name,
): Option<Value> {
    if (exists_(object, name)) option::some(remove(object, name)) else option::none()
}

/// Whether there is a field of this name and type.
public fun exists_with_type<Name: copy + drop + store, Value: store>(object: &UID, name: Name): bool {
    let parent = object.to_address();
    let hash = hash_type_and_key(parent, name);
    has_child_object_with_ty<Field<Name, Value>>(parent, hash)
}

public(package) fun field_info<Name: copy + drop + store>(object: &UID, name: Name): (&UID, address) {
    let hash = hash_type_and_key(object.to_address(), name);
    let Field { id, name: _, value } = borrow_child_object<Field<Name, ID>>(object, hash);
    (id, value.to_address())
}

public(package) fun field_info_mut<Name: copy + drop + store>(
    object: &mut UID,
    name: Name,
): (&mut UID, address) {
    let hash = hash_type_and_key(object.to_address(), name);
    let Field { id, name: _, value } = borrow_child_object_mut<Field<Name, ID>>(object, hash);
    (id, value.to_address())
}

public(package) native fun hash_type_and_key<K: copy + drop + store>(parent: address, k: K): address;
public(package) native fun add_child_object<Child: key>(parent: address, child: Child);
public(package) native fun borrow_child_object<Child: key>(object: &UID, id: address): &Child;
public(package) native fun borrow_child_object_mut<Child: key>(object: &mut UID, id: address): &mut Child;
public(package) native fun remove_child_object<Child: key>(parent: address, id: address): Child;
public(package) native fun has_child_object(parent: address, id: address): bool;
public(package) native fun has_child_object_with_ty<Child: key>(parent: address, id: address): bool;
