/// SUI, the currency that pays for gas.
module sui::sui;

use sui::balance::Balance;
use sui::coin;

/// Only in epoch 0.
const EAlreadyMinted: u64 = 0;
/// Only the system may do this.
const ENotSystemAddress: u64 = 1;

#[allow(unused_const)]
/// How many MIST make one SUI.
const MIST_PER_SUI: u64 = 1_000_000_000;

/// How many MIST there are.
const TOTAL_SUPPLY_MIST: u64 = 10_000_000_000_000_000_000;

/// The name of the currency.
public struct SUI has drop {}

#[allow(unused_function, unused_mut_parameter)]
/// Makes the currency at genesis; the symbol and the rest of its description are not kept here.
fun new(ctx: &mut TxContext): Balance<SUI> {
    assert!(ctx.sender() == @0x0, ENotSystemAddress);
    assert!(ctx.epoch() == 0, EAlreadyMinted);
    let mut supply = sui::balance::create_supply(SUI {});
    let all = supply.increase_supply(TOTAL_SUPPLY_MIST);
    supply.destroy_supply();
    all
}

#[allow(lint(public_entry))]
/// Gives SUI away.
public entry fun transfer(c: coin::Coin<SUI>, recipient: address) {
    sui::transfer::public_transfer(c, recipient)
}
