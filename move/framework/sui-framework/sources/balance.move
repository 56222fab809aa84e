/// Amounts of a currency.
module sui::balance;

public use fun sui::coin::from_balance as Balance.into_coin;
public use fun supply_value as Supply.value;

/// Not empty.
const ENonZero: u64 = 0;
/// More than there can be.
const EOverflow: u64 = 1;
/// Less than is asked for.
const ENotEnough: u64 = 2;

/// How much of a currency there is.
public struct Supply<phantom T> has store {
    value: u64,
}

/// An amount of a currency.
public struct Balance<phantom T> has store {
    value: u64,
}

/// The amount.
public fun value<T>(self: &Balance<T>): u64 {
    self.value
}

/// The amount of all.
public fun supply_value<T>(supply: &Supply<T>): u64 {
    supply.value
}

/// A supply of nothing, for who holds a witness.
public fun create_supply<T: drop>(_: T): Supply<T> {
    Supply { value: 0 }
}

/// Makes more.
public fun increase_supply<T>(self: &mut Supply<T>, value: u64): Balance<T> {
    assert!(value <= std::u64::max_value!() - self.value, EOverflow);
    self.value = self.value + value;
    Balance { value }
}

/// Makes less; returns how much less.
public fun decrease_supply<T>(self: &mut Supply<T>, balance: Balance<T>): u64 {
    let Balance { value } = balance;
    assert!(self.value >= value, EOverflow);
    self.value = self.value - value;
    value
}

/// An amount of nothing.
public fun zero<T>(): Balance<T> {
    Balance { value: 0 }
}

/// Adds an amount; returns the sum.
public fun join<T>(self: &mut Balance<T>, balance: Balance<T>): u64 {
    let Balance { value } = balance;
    self.value = self.value + value;
    self.value
}

/// Takes an amount out.
public fun split<T>(self: &mut Balance<T>, value: u64): Balance<T> {
    assert!(self.value >= value, ENotEnough);
    self.value = self.value - value;
    Balance { value }
}

/// Takes everything out.
public fun withdraw_all<T>(self: &mut Balance<T>): Balance<T> {
    let all = self.value;
    self.split(all)
}

/// Ends an amount of nothing.
public fun destroy_zero<T>(balance: Balance<T>) {
    assert!(balance.value == 0, ENonZero);
    let Balance { value: _ } = balance;
}

public(package) fun create_supply_internal<T>(): Supply<T> {
    Supply { value: 0 }
}

public(package) fun destroy_supply<T>(self: Supply<T>): u64 {
    let Supply { value } = self;
    value
}

#[test_only]
/// An amount out of nothing.
public fun create_for_testing<T>(value: u64): Balance<T> {
    Balance { value }
}

#[test_only]
/// Ends any amount.
public fun destroy_for_testing<T>(self: Balance<T>): u64 {
    let Balance { value } = self;
    value
}

#[test_only]
/// A supply without a witness.
public fun create_supply_for_testing<T>(): Supply<T> {
    Supply { value: 0 }
}
