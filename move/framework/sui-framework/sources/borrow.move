/// Objects that are lent for the length of a transaction: who borrows one has to give it back.
module sui::borrow;

/// The loan is of another referent.
const EWrongBorrow: u64 = 0;
/// The object is not the one that was lent.
const EWrongValue: u64 = 1;

/// Holds the object that is lent.
public struct Referent<T: key + store> has store {
    id: address,
    value: Option<T>,
}

/// To be given back with the object.
public struct Borrow { ref: address, obj: ID }

/// Takes an object to lend.
public fun new<T: key + store>(value: T, ctx: &mut TxContext): Referent<T> {
    Referent { id: ctx.fresh_object_address(), value: option::some(value) }
}

/// Lends the object.
public fun borrow<T: key + store>(self: &mut Referent<T>): (T, Borrow) {
    let value = self.value.extract();
    let loan = Borrow { ref: self.id, obj: object::id(&value) };
    (value, loan)
}

/// Takes the object back.
public fun put_back<T: key + store>(self: &mut Referent<T>, value: T, borrow: Borrow) {
    let Borrow { ref, obj } = borrow;
    assert!(object::id(&value) == obj, EWrongValue);
    assert!(self.id == ref, EWrongBorrow);
    self.value.fill(value);
}

/// Ends the lending; the object is what remains.
public fun destroy<T: key + store>(self: Referent<T>): T {
    let Referent { id: _, value } = self;
    value.destroy_some()
}
