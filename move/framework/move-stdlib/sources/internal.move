/// Proof that code belongs to the module of a type.
module std::internal;

/// Only the module of `T` can make one: the verifier sees to it.
public struct Permit<phantom T>() has drop;

/// Makes the proof.
public fun permit<T>(): Permit<T> {
    Permit()
}
