/// A value whose type may change with its version.
module sui::versioned;

use sui::dynamic_field;

/// The value belongs to another Versioned.
const EInvalidUpgrade: u64 = 0;

/// Holds the value in a dynamic field named by the version.
public struct Versioned has key, store {
    id: UID,
    version: u64,
}

/// Taken with the value, to be given back with the next one.
public struct VersionChangeCap {
    versioned_id: ID,
    old_version: u64,
}

/// A value of a first version.
public fun create<T: store>(init_version: u64, init_value: T, ctx: &mut TxContext): Versioned {
    let mut self = Versioned { id: object::new(ctx), version: init_version };
    dynamic_field::add(&mut self.id, init_version, init_value);
    self
}

/// The version.
public fun version(self: &Versioned): u64 {
    self.version
}

/// The value, to read.
public fun load_value<T: store>(self: &Versioned): &T {
    dynamic_field::borrow(&self.id, self.version)
}

/// The value, to write.
public fun load_value_mut<T: store>(self: &mut Versioned): &mut T {
    dynamic_field::borrow_mut(&mut self.id, self.version)
}

/// Takes the value out, to give it another version.
public fun remove_value_for_upgrade<T: store>(self: &mut Versioned): (T, VersionChangeCap) {
    let cap = VersionChangeCap { versioned_id: object::id(self), old_version: self.version };
    (dynamic_field::remove(&mut self.id, self.version), cap)
}

/// Puts the value of a higher version in.
public fun upgrade<T: store>(self: &mut Versioned, new_version: u64, new_value: T, cap: VersionChangeCap) {
    let VersionChangeCap { versioned_id, old_version } = cap;
    assert!(versioned_id == object::id(self), EInvalidUpgrade);
    assert!(old_version < new_version, EInvalidUpgrade);
    dynamic_field::add(&mut self.id, new_version, new_value);
    self.version = new_version;
}

/// Ends it; the value is what remains.
public fun destroy<T: store>(self: Versioned): T {
    let Versioned { mut id, version } = self;
    let value = dynamic_field::remove(&mut id, version);
    id.delete();
    value
}
