/// Ids of objects.
module sui::object;

use std::bcs;
use sui::address;

public use fun id_to_address as ID.to_address;
public use fun id_to_bytes as ID.to_bytes;
public use fun uid_as_inner as UID.as_inner;
public use fun uid_to_inner as UID.to_inner;
public use fun uid_to_address as UID.to_address;
public use fun uid_to_bytes as UID.to_bytes;

/// The id of the one Clock.
const CLOCK_ID: address = @0x6;
/// The id of the one Random.
const RANDOM_ID: address = @0x8;

/// The id of an object, to be copied at will.
public struct ID has copy, drop, store {
    bytes: address,
}

/// The one id that an object holds: no two are equal.
public struct UID has store {
    id: ID,
}

/// The bytes of an id.
public fun id_to_bytes(id: &ID): vector<u8> {
    bcs::to_bytes(&id.bytes)
}

/// The id as an address.
public fun id_to_address(id: &ID): address {
    id.bytes
}

/// The id of 32 bytes.
public fun id_from_bytes(bytes: vector<u8>): ID {
    ID { bytes: address::from_bytes(bytes) }
}

/// The id of an address.
public fun id_from_address(bytes: address): ID {
    ID { bytes }
}

/// The UID of the one Clock.
public(package) fun clock(): UID {
    UID { id: ID { bytes: CLOCK_ID } }
}

/// The UID of the one source of randomness.
public(package) fun randomness_state(): UID {
    UID { id: ID { bytes: RANDOM_ID } }
}

/// The id inside, to read.
public fun uid_as_inner(uid: &UID): &ID {
    &uid.id
}

/// The id inside.
public fun uid_to_inner(uid: &UID): ID {
    uid.id
}

/// The bytes of the id inside.
public fun uid_to_bytes(uid: &UID): vector<u8> {
    bcs::to_bytes(&uid.id.bytes)
}

/// The id inside as an address.
public fun uid_to_address(uid: &UID): address {
    uid.id.bytes
}

/// A new UID.
public fun new(ctx: &mut TxContext): UID {
    UID { id: ID { bytes: ctx.fresh_object_address() } }
}

/// Ends a UID, and with it the object.
public fun delete(id: UID) {
    let UID { id: ID { bytes } } = id;
    delete_impl(bytes)
}

/// The id of an object.
public fun id<T: key>(obj: &T): ID {
    borrow_uid(obj).id
}

/// The id of an object, to read.
public fun borrow_id<T: key>(obj: &T): &ID {
    &borrow_uid(obj).id
}

/// The bytes of the id of an object.
public fun id_bytes<T: key>(obj: &T): vector<u8> {
    bcs::to_bytes(&borrow_uid(obj).id)
}

/// The id of an object as an address.
public fun id_address<T: key>(obj: &T): address {
    borrow_uid(obj).id.bytes
}

/// A UID whose id was computed.
public(package) fun new_uid_from_hash(bytes: address): UID {
    record_new_uid(bytes);
    UID { id: ID { bytes } }
}

native fun borrow_uid<T: key>(obj: &T): &UID;
native fun delete_impl(id: address);
native fun record_new_uid(id: address);

#[test_only]
/// The id made last.
public fun last_created(ctx: &TxContext): ID {
    ID { bytes: ctx.last_created_object_id() }
}
