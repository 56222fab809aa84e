#[test_only]
/// Several transactions in one test.
module sui::test_scenario;

use sui::transfer::Receiving;
use sui::vec_map::VecMap;

#[allow(unused_const)]
/// The effects of the transaction make no sense.
const ECouldNotGenerateEffects: u64 = 0;
#[allow(unused_const)]
/// A shared or immutable object was neither given back nor ended.
const EInvalidSharedOrImmutableUsage: u64 = 1;
/// The object was not taken from there.
const ECantReturnObject: u64 = 2;
/// There is no object of this type.
const EEmptyInventory: u64 = 3;
#[allow(unused_const)]
/// There is no object of this id.
const EObjectNotFound: u64 = 4;

/// A row of transactions.
public struct Scenario {
    txn_number: u64,
    ctx: TxContext,
}

/// What a transaction did.
public struct TransactionEffects has drop {
    created: vector<ID>,
    written: vector<ID>,
    deleted: vector<ID>,
    transferred_to_account: VecMap<ID, address>,
    transferred_to_object: VecMap<ID, ID>,
    shared: vector<ID>,
    frozen: vector<ID>,
    num_user_events: u64,
}

/// Begins with a transaction of `sender`.
public fun begin(sender: address): Scenario {
    Scenario { txn_number: 0, ctx: tx_context::new_from_hint(sender, 0, 0, 0, 0) }
}

/// Ends the transaction and begins one of `sender`.
public fun next_tx(scenario: &mut Scenario, sender: address): TransactionEffects {
    scenario.txn_number = scenario.txn_number + 1;
    let epoch = scenario.ctx.epoch();
    let epoch_timestamp_ms = scenario.ctx.epoch_timestamp_ms();
    scenario.ctx = tx_context::new_from_hint(sender, scenario.txn_number, epoch, epoch_timestamp_ms, 0);
    end_transaction()
}

/// As `next_tx`, in the next epoch.
public fun next_epoch(scenario: &mut Scenario, sender: address): TransactionEffects {
    scenario.ctx.increment_epoch_number();
    scenario.next_tx(sender)
}

/// As `next_epoch`, `delta_ms` later.
public fun later_epoch(scenario: &mut Scenario, delta_ms: u64, sender: address): TransactionEffects {
    scenario.ctx.increment_epoch_timestamp(delta_ms);
    scenario.next_epoch(sender)
}

/// Ends the last transaction.
public fun end(scenario: Scenario): TransactionEffects {
    let Scenario { txn_number: _, ctx: _ } = scenario;
    end_transaction()
}

/// The context of the transaction.
public fun ctx(scenario: &mut Scenario): &mut TxContext {
    &mut scenario.ctx
}

/// Makes and shares the objects of the system that there are: Clock and Random.
public fun create_system_objects(scenario: &mut Scenario) {
    let sender = scenario.ctx.sender();
    scenario.next_tx(@0x0);
    sui::clock::create_for_testing(&mut scenario.ctx).share_for_testing();
    sui::random::create_for_testing(&mut scenario.ctx);
    scenario.next_tx(sender);
}

/// A new UID.
public fun new_object(scenario: &mut Scenario): UID {
    object::new(&mut scenario.ctx)
}

/// Who sends the transaction.
public fun sender(scenario: &Scenario): address {
    scenario.ctx.sender()
}

/// How many transactions have ended.
public fun num_concluded_txes(scenario: &Scenario): u64 {
    scenario.txn_number
}

public fun created(effects: &TransactionEffects): vector<ID> { effects.created }

public fun written(effects: &TransactionEffects): vector<ID> { effects.written }

public fun deleted(effects: &TransactionEffects): vector<ID> { effects.deleted }

public fun transferred_to_account(effects: &TransactionEffects): VecMap<ID, address> {
    effects.transferred_to_account
}

public fun transferred_to_object(effects: &TransactionEffects): VecMap<ID, ID> {
    effects.transferred_to_object
}

public fun shared(effects: &TransactionEffects): vector<ID> { effects.shared }

public fun frozen(effects: &TransactionEffects): vector<ID> { effects.frozen }

public fun num_user_events(effects: &TransactionEffects): u64 { effects.num_user_events }

/// Takes an object of an address.
public native fun take_from_address_by_id<T: key>(scenario: &Scenario, account: address, id: ID): T;
/// The latest object of an address.
public native fun most_recent_id_for_address<T: key>(account: address): Option<ID>;
/// All objects of an address.
public native fun ids_for_address<T: key>(account: address): vector<ID>;
/// Whether the object was the address's.
public native fun was_taken_from_address(account: address, id: ID): bool;
/// Takes an immutable object.
public native fun take_immutable_by_id<T: key>(scenario: &Scenario, id: ID): T;
/// The latest immutable object.
public native fun most_recent_immutable_id<T: key>(): Option<ID>;
/// Whether the object was immutable.
public native fun was_taken_immutable(id: ID): bool;
/// Takes a shared object.
public native fun take_shared_by_id<T: key>(scenario: &Scenario, id: ID): T;
/// The latest shared object.
public native fun most_recent_id_shared<T: key>(): Option<ID>;
/// Whether the object was shared.
native fun was_taken_shared(id: ID): bool;
/// Makes a ticket to receive an object.
native fun allocate_receiving_ticket_for_object<T: key>(object_id: ID): u64;
/// Takes a ticket back.
native fun deallocate_receiving_ticket_for_object(object_id: ID);
/// Ends the transaction.
native fun end_transaction(): TransactionEffects;

/// Whether the address has an object of this type.
public fun has_most_recent_for_address<T: key>(account: address): bool {
    most_recent_id_for_address<T>(account).is_some()
}

/// Takes the latest object of an address.
public fun take_from_address<T: key>(scenario: &Scenario, account: address): T {
    let latest = most_recent_id_for_address<T>(account);
    assert!(latest.is_some(), EEmptyInventory);
    take_from_address_by_id(scenario, account, latest.destroy_some())
}

/// Gives an object back to the address it came from.
public fun return_to_address<T: key>(account: address, t: T) {
    assert!(was_taken_from_address(account, object::id(&t)), ECantReturnObject);
    sui::transfer::transfer_impl(t, account)
}

/// Takes an object of the sender.
public fun take_from_sender_by_id<T: key>(scenario: &Scenario, id: ID): T {
    take_from_address_by_id(scenario, scenario.sender(), id)
}

/// The latest object of the sender.
public fun most_recent_id_for_sender<T: key>(scenario: &Scenario): Option<ID> {
    most_recent_id_for_address<T>(scenario.sender())
}

/// Whether the sender has an object of this type.
public fun has_most_recent_for_sender<T: key>(scenario: &Scenario): bool {
    has_most_recent_for_address<T>(scenario.sender())
}

/// Takes the latest object of the sender.
public fun take_from_sender<T: key>(scenario: &Scenario): T {
    take_from_address(scenario, scenario.sender())
}

/// Gives an object back to the sender.
public fun return_to_sender<T: key>(scenario: &Scenario, t: T) {
    return_to_address(scenario.sender(), t)
}

/// Whether the object was the sender's.
public fun was_taken_from_sender(scenario: &Scenario, id: ID): bool {
    was_taken_from_address(scenario.sender(), id)
}

/// All objects of the sender.
public fun ids_for_sender<T: key>(scenario: &Scenario): vector<ID> {
    ids_for_address<T>(scenario.sender())
}

/// Whether there is an immutable object of this type.
public fun has_most_recent_immutable<T: key>(): bool {
    most_recent_immutable_id<T>().is_some()
}

/// Takes the latest immutable object.
public fun take_immutable<T: key>(scenario: &Scenario): T {
    let latest = most_recent_immutable_id<T>();
    assert!(latest.is_some(), EEmptyInventory);
    take_immutable_by_id(scenario, latest.destroy_some())
}

/// Gives an immutable object back.
public fun return_immutable<T: key>(t: T) {
    assert!(was_taken_immutable(object::id(&t)), ECantReturnObject);
    sui::transfer::freeze_object_impl(t)
}

/// Whether there is a shared object of this type.
public fun has_most_recent_shared<T: key>(): bool {
    most_recent_id_shared<T>().is_some()
}

/// Takes the latest shared object.
public fun take_shared<T: key>(scenario: &Scenario): T {
    let latest = most_recent_id_shared<T>();
    assert!(latest.is_some(), EEmptyInventory);
    take_shared_by_id(scenario, latest.destroy_some())
}

/// Gives a shared object back.
public fun return_shared<T: key>(t: T) {
    assert!(was_taken_shared(object::id(&t)), ECantReturnObject);
    sui::transfer::share_object_impl(t)
}

/// A ticket to receive the latest object sent to `parent`.
public fun most_recent_receiving_ticket<T: key>(parent: &ID): Receiving<T> {
    let latest = most_recent_id_for_address<T>(parent.to_address());
    assert!(latest.is_some(), EEmptyInventory);
    receiving_ticket_by_id(latest.destroy_some())
}

/// A ticket to receive an object.
public fun receiving_ticket_by_id<T: key>(object_id: ID): Receiving<T> {
    let version = allocate_receiving_ticket_for_object<T>(object_id);
    sui::transfer::make_receiver(object_id, version)
}

/// Gives a ticket back.
public fun return_receiving_ticket<T: key>(ticket: Receiving<T>) {
    deallocate_receiving_ticket_for_object(ticket.receiving_id());
}
