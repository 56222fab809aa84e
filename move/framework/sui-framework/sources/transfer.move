/// To whom objects belong.
module sui::transfer;

/// `ticket.object_id()`.
public use fun receiving_object_id as Receiving.object_id;

#[allow(unused_const)]
/// Only an object made in this transaction can be shared.
const ESharedNonNewObject: u64 = 0;

/// The right to receive an object that was sent to another object's id.
public struct Receiving<phantom T: key> has drop {
    id: ID,
    version: u64,
}

/// Gives an object away; only for the module of its type.
public fun transfer<T: key>(obj: T, recipient: address) {
    transfer_impl(obj, recipient)
}

/// Gives an object away.
public fun public_transfer<T: key + store>(obj: T, recipient: address) {
    transfer_impl(obj, recipient)
}

/// Makes an object immutable; only for the module of its type.
public fun freeze_object<T: key>(obj: T) {
    freeze_object_impl(obj)
}

/// Makes an object immutable.
public fun public_freeze_object<T: key + store>(obj: T) {
    freeze_object_impl(obj)
}

/// Makes an object everyone's; only for the module of its type.
public fun share_object<T: key>(obj: T) {
    share_object_impl(obj)
}

/// Makes an object everyone's.
public fun public_share_object<T: key + store>(obj: T) {
    share_object_impl(obj)
}

/// Takes an object that was sent to `parent`; only for the module of its type.
public fun receive<T: key>(parent: &mut UID, to_receive: Receiving<T>): T {
    let Receiving { id, version } = to_receive;
    receive_impl(parent.to_address(), id, version)
}

/// Takes an object that was sent to `parent`.
public fun public_receive<T: key + store>(parent: &mut UID, to_receive: Receiving<T>): T {
    let Receiving { id, version } = to_receive;
    receive_impl(parent.to_address(), id, version)
}

/// The id of the object to receive.
public fun receiving_object_id<T: key>(receiving: &Receiving<T>): ID {
    receiving.id
}

public(package) native fun freeze_object_impl<T: key>(obj: T);
public(package) native fun share_object_impl<T: key>(obj: T);
public(package) native fun transfer_impl<T: key>(obj: T, recipient: address);
native fun receive_impl<T: key>(parent: address, to_receive: ID, version: u64): T;

#[test_only]
/// A ticket of its parts.
public fun make_receiver<T: key>(id: ID, version: u64): Receiving<T> {
    Receiving { id, version }
}

#[test_only]
/// The parts of a ticket.
public fun receiving_id<T: key>(r: &Receiving<T>): ID {
    r.id
}
