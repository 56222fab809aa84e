/// What a transaction knows of itself.
module sui::tx_context;

#[test_only]
/// A digest has 32 bytes.
const EBadTxHashLength: u64 = 0;

#[allow(unused_field)]
/// The context; the machine makes it.
public struct TxContext has drop {
    sender: address,
    tx_hash: vector<u8>,
    epoch: u64,
    epoch_timestamp_ms: u64,
    ids_created: u64,
}

/// Who signed.
public fun sender(_self: &TxContext): address {
    native_sender()
}

/// The digest of the transaction.
public fun digest(self: &TxContext): &vector<u8> {
    &self.tx_hash
}

/// The epoch.
public fun epoch(_self: &TxContext): u64 {
    native_epoch()
}

/// When the epoch began, in ms.
public fun epoch_timestamp_ms(_self: &TxContext): u64 {
    native_epoch_timestamp_ms()
}

/// Who pays the gas, if it is not the sender.
public fun sponsor(_self: &TxContext): Option<address> {
    option_sponsor()
}

/// An address that was never used.
public fun fresh_object_address(_ctx: &mut TxContext): address {
    fresh_id()
}

/// The reference price of gas in this epoch.
public fun reference_gas_price(_self: &TxContext): u64 {
    native_rgp()
}

/// The price of gas that this transaction pays.
public fun gas_price(_self: &TxContext): u64 {
    native_gas_price()
}

fun option_sponsor(): Option<address> {
    let found = native_sponsor();
    if (found.is_empty()) option::none() else option::some(found[0])
}

native fun native_sender(): address;
native fun native_epoch(): u64;
native fun native_epoch_timestamp_ms(): u64;
native fun fresh_id(): address;
native fun native_rgp(): u64;
native fun native_gas_price(): u64;
native fun native_sponsor(): vector<address>;
#[allow(unused_function)]
native fun native_ids_created(): u64;
#[allow(unused_function)]
native fun native_gas_budget(): u64;
#[allow(unused_function)]
native fun derive_id(tx_hash: vector<u8>, ids_created: u64): address;

#[test_only]
native fun last_created_id(): address;
#[test_only]
native fun replace(
    sender: address,
    tx_hash: vector<u8>,
    epoch: u64,
    epoch_timestamp_ms: u64,
    ids_created: u64,
    rgp: u64,
    gas_price: u64,
    gas_budget: u64,
    sponsor: vector<address>,
);

#[test_only]
/// How many ids were made.
public fun ids_created(_self: &TxContext): u64 {
    native_ids_created()
}

#[test_only]
/// As `ids_created`.
public fun get_ids_created(self: &TxContext): u64 {
    self.ids_created()
}

#[test_only]
/// The budget of gas.
public fun gas_budget(_self: &TxContext): u64 {
    native_gas_budget()
}

#[test_only]
/// The id made last.
public fun last_created_object_id(_self: &TxContext): address {
    last_created_id()
}

#[test_only]
/// A context of all its parts.
public fun create(
    sender: address,
    tx_hash: vector<u8>,
    epoch: u64,
    epoch_timestamp_ms: u64,
    ids_created: u64,
    rgp: u64,
    gas_price: u64,
    gas_budget: u64,
    sponsor: Option<address>,
): TxContext {
    assert!(tx_hash.length() == 32, EBadTxHashLength);
    replace(
        sender,
        tx_hash,
        epoch,
        epoch_timestamp_ms,
        ids_created,
        rgp,
        gas_price,
        gas_budget,
        sponsor.to_vec(),
    );
    TxContext { sender, tx_hash, epoch, epoch_timestamp_ms, ids_created }
}

#[test_only]
/// A context of the parts that matter most.
public fun new(
    sender: address,
    tx_hash: vector<u8>,
    epoch: u64,
    epoch_timestamp_ms: u64,
    ids_created: u64,
): TxContext {
    create(
        sender,
        tx_hash,
        epoch,
        epoch_timestamp_ms,
        ids_created,
        native_rgp(),
        native_gas_price(),
        native_gas_budget(),
        option_sponsor(),
    )
}

#[test_only]
/// A context whose digest comes of a number.
public fun new_from_hint(
    addr: address,
    hint: u64,
    epoch: u64,
    epoch_timestamp_ms: u64,
    ids_created: u64,
): TxContext {
    new(addr, dummy_tx_hash_with_hint(hint), epoch, epoch_timestamp_ms, ids_created)
}

#[test_only]
/// Some context.
public fun dummy(): TxContext {
    new(@0x0, dummy_tx_hash_with_hint(0x6461617364657673), 0, 0, 0)
}

#[test_only]
/// A digest of a number.
public fun dummy_tx_hash_with_hint(hint: u64): vector<u8> {
    let mut digest = std::bcs::to_bytes(&hint);
    while (digest.length() < 32) digest.push_back(0);
    digest
}

#[test_only]
/// Goes to the next epoch.
public fun increment_epoch_number(self: &mut TxContext) {
    let epoch = native_epoch() + 1;
    self.replace_epoch(epoch, native_epoch_timestamp_ms());
}

#[test_only]
/// Moves the start of the epoch.
public fun increment_epoch_timestamp(self: &mut TxContext, delta_ms: u64) {
    let at = native_epoch_timestamp_ms() + delta_ms;
    self.replace_epoch(native_epoch(), at);
}

#[test_only]
fun replace_epoch(self: &mut TxContext, epoch: u64, epoch_timestamp_ms: u64) {
    self.epoch = epoch;
    self.epoch_timestamp_ms = epoch_timestamp_ms;
    replace(
        native_sender(),
        self.tx_hash,
        epoch,
        epoch_timestamp_ms,
        native_ids_created(),
        native_rgp(),
        native_gas_price(),
        native_gas_budget(),
        native_sponsor(),
    );
}
