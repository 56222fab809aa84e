/// Fields whose values are objects, and stay to be found as such.
module sui::dynamic_object_field;

use sui::dynamic_field;

/// The name under which the child's id is kept.
public struct Wrapper<Name> has copy, drop, store {
    name: Name,
}

/// Adds a field.
public fun add<Name: copy + drop + store, Value: key + store>(
    object: &mut UID,
    name: Name,
    value: Value,
) {
    internal_add(object, name, value)
}

/// The object, to read.
public fun borrow<Name: copy + drop + store, Value: key + store>(object: &UID, name: Name): &Value {
    internal_borrow(object, name)
}

/// The object, to write.
public fun borrow_mut<Name: copy + drop + store, Value: key + store>(
    object: &mut UID,
    name: Name,
): &mut Value {
    internal_borrow_mut(object, name)
}

/// Takes a field away.
public fun remove<Name: copy + drop + store, Value: key + store>(object: &mut UID, name: Name): Value {
    internal_remove(object, name)
}

/// Whether there is a field of this name.
public fun exists_<Name: copy + drop + store>(object: &UID, name: Name): bool {
    dynamic_field::exists_with_type<Wrapper<Name>, ID>(object, Wrapper { name })
}

/// Whether there is a field of this name and type.
public fun exists_with_type<Name: copy + drop + store, Value: key + store>(
    object: &UID,
    name: Name,
): bool {
    internal_exists_with_type<Name, Value>(object, name)
}

/// The id of the object of a field.
public fun id<Name: copy + drop + store>(object: &UID, name: Name): Option<ID> {
    let key = Wrapper { name };
    if (!dynamic_field::exists_with_type<Wrapper<Name>, ID>(object, key)) return option::none();
    let (_, child) = dynamic_field::field_info<Wrapper<Name>>(object, key);
    option::some(child.to_id())
}

public(package) fun internal_add<Name: copy + drop + store, Value: key>(
    object: &mut UID,
    name: Name,
    value: Value,
) {
    let key = Wrapper { name };
    dynamic_field::add(object, key, object::id(&value));
    let (field, _) = dynamic_field::field_info<Wrapper<Name>>(object, key);
    dynamic_field::add_child_object(field.to_address(), value);
}

public(package) fun internal_borrow<Name: copy + drop + store, Value: key>(
    object: &UID,
    name: Name,
): &Value {
    let (field, child) = dynamic_field::field_info<Wrapper<Name>>(object, Wrapper { name });
    dynamic_field::borrow_child_object<Value>(field, child)
}

public(package) fun internal_borrow_mut<Name: copy + drop + store, Value: key>(
    object: &mut UID,
    name: Name,
): &mut Value {
    let (field, child) = dynamic_field::field_info_mut<Wrapper<Name>>(object, Wrapper { name });
    dynamic_field::borrow_child_object_mut<Value>(field, child)
}

public(package) fun internal_remove<Name: copy + drop + store, Value: key>(
    object: &mut UID,
    name: Name,
): Value {
    let key = Wrapper { name };
    let (field, child) = dynamic_field::field_info<Wrapper<Name>>(object, key);
    let value = dynamic_field::remove_child_object<Value>(field.to_address(), child);
    dynamic_field::remove<Wrapper<Name>, ID>(object, key);
    value
}

public(package) fun internal_exists_with_type<Name: copy + drop + store, Value: key>(
    object: &UID,
    name: Name,
): bool {
    let key = Wrapper { name };
    if (!dynamic_field::exists_with_type<Wrapper<Name>, ID>(object, key)) return false;
    let (field, child) = dynamic_field::field_info<Wrapper<Name>>(object, key);
    dynamic_field::has_child_object_with_ty<Value>(field.to_address(), child)
}
