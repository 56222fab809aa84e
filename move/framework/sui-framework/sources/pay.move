/// What wallets do with coins.
module sui::pay;

use sui::coin::Coin;

/// There are no coins.
const ENoCoins: u64 = 0;

/// Gives a coin to the sender.
public fun keep<T>(c: Coin<T>, ctx: &TxContext) {
    transfer::public_transfer(c, ctx.sender())
}

/// Splits a coin; the sender gets the new one.
public entry fun split<T>(coin: &mut Coin<T>, split_amount: u64, ctx: &mut TxContext) {
    keep(coin.split(split_amount, ctx), ctx)
}

/// Splits a coin into several; the sender gets the new ones.
public entry fun split_vec<T>(self: &mut Coin<T>, split_amounts: vector<u64>, ctx: &mut TxContext) {
    let mut i = 0;
    while (i < split_amounts.length()) {
        split(self, split_amounts[i], ctx);
        i = i + 1;
    }
}

/// Splits a coin and gives the new one away.
public entry fun split_and_transfer<T>(c: &mut Coin<T>, amount: u64, recipient: address, ctx: &mut TxContext) {
    transfer::public_transfer(c.split(amount, ctx), recipient)
}

/// Splits a coin into `n` of about one size; the sender gets the new ones.
public entry fun divide_and_keep<T>(self: &mut Coin<T>, n: u64, ctx: &mut TxContext) {
    let mut coins = self.divide_into_n(n, ctx);
    while (!coins.is_empty()) keep(coins.pop_back(), ctx);
    coins.destroy_empty();
}

/// Joins a coin into another.
public entry fun join<T>(self: &mut Coin<T>, coin: Coin<T>) {
    self.join(coin)
}

/// Joins coins into another.
public entry fun join_vec<T>(self: &mut Coin<T>, mut coins: vector<Coin<T>>) {
    while (!coins.is_empty()) self.join(coins.pop_back());
    coins.destroy_empty();
}

/// Joins coins into one and gives it away.
public entry fun join_vec_and_transfer<T>(mut coins: vector<Coin<T>>, receiver: address) {
    assert!(!coins.is_empty(), ENoCoins);
    let mut self = coins.pop_back();
    join_vec(&mut self, coins);
    transfer::public_transfer(self, receiver)
}
