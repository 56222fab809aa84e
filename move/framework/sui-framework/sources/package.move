/// Packages seen from Move: who published, and who may upgrade.
module sui::package;

use std::ascii::String;
use std::type_name;
use sui::types;

public use fun burn_publisher as Publisher.burn;
public use fun published_module as Publisher.module_;
public use fun published_package as Publisher.package;
public use fun upgrade_package as UpgradeCap.package;
public use fun upgrade_policy as UpgradeCap.policy;
public use fun authorize_upgrade as UpgradeCap.authorize;
public use fun commit_upgrade as UpgradeCap.commit;
public use fun ticket_package as UpgradeTicket.package;
public use fun ticket_policy as UpgradeTicket.policy;
public use fun ticket_digest as UpgradeTicket.digest;
public use fun receipt_cap as UpgradeReceipt.cap;
public use fun receipt_package as UpgradeReceipt.package;

/// No one-time witness.
const ENotOneTimeWitness: u64 = 0;
/// The policy would allow more than before.
const ETooPermissive: u64 = 1;
/// An upgrade is under way.
const EAlreadyAuthorized: u64 = 2;
/// No upgrade is under way.
const ENotAuthorized: u64 = 3;
/// The upgrade belongs to another cap.
const EWrongUpgradeCap: u64 = 4;

const COMPATIBLE: u8 = 0;
const ADDITIVE: u8 = 128;
const DEP_ONLY: u8 = 192;

/// Proof of who published a module.
public struct Publisher has key, store {
    id: UID,
    package: String,
    module_name: String,
}

/// The right to upgrade a package.
public struct UpgradeCap has key, store {
    id: UID,
    package: ID,
    version: u64,
    policy: u8,
}

/// Leave for one upgrade.
public struct UpgradeTicket {
    cap: ID,
    package: ID,
    policy: u8,
    digest: vector<u8>,
}

/// What an upgrade leaves to be committed.
public struct UpgradeReceipt {
    cap: ID,
    package: ID,
}

/// A proof, for who holds the one-time witness.
public fun claim<OTW: drop>(otw: OTW, ctx: &mut TxContext): Publisher {
    assert!(types::is_one_time_witness(&otw), ENotOneTimeWitness);
    let name = type_name::with_original_ids<OTW>();
    Publisher {
        id: object::new(ctx),
        package: name.address_string(),
        module_name: name.module_string(),
    }
}

#[allow(lint(self_transfer))]
/// A proof for the sender.
public fun claim_and_keep<OTW: drop>(otw: OTW, ctx: &mut TxContext) {
    sui::transfer::public_transfer(claim(otw, ctx), ctx.sender())
}

/// Ends a proof.
public fun burn_publisher(self: Publisher) {
    let Publisher { id, package: _, module_name: _ } = self;
    id.delete();
}

/// Whether a type is of the same package.
public fun from_package<T>(self: &Publisher): bool {
    type_name::with_original_ids<T>().address_string() == self.package
}

/// Whether a type is of the same module.
public fun from_module<T>(self: &Publisher): bool {
    let name = type_name::with_original_ids<T>();
    name.address_string() == self.package && name.module_string() == self.module_name
}

/// The module.
public fun published_module(self: &Publisher): &String {
    &self.module_name
}

/// The package.
public fun published_package(self: &Publisher): &String {
    &self.package
}

/// The latest version; 0x0 while an upgrade is under way.
public fun upgrade_package(cap: &UpgradeCap): ID {
    cap.package
}

/// How many versions there are.
public fun version(cap: &UpgradeCap): u64 {
    cap.version
}

/// What upgrades may do.
public fun upgrade_policy(cap: &UpgradeCap): u8 {
    cap.policy
}

/// What is upgraded.
public fun ticket_package(ticket: &UpgradeTicket): ID {
    ticket.package
}

/// What the upgrade may do.
public fun ticket_policy(ticket: &UpgradeTicket): u8 {
    ticket.policy
}

/// The cap to commit to.
public fun receipt_cap(receipt: &UpgradeReceipt): ID {
    receipt.cap
}

/// The new version.
public fun receipt_package(receipt: &UpgradeReceipt): ID {
    receipt.package
}

/// The digest of what is to be published.
public fun ticket_digest(ticket: &UpgradeTicket): &vector<u8> {
    &ticket.digest
}

/// Anything compatible.
public fun compatible_policy(): u8 {
    COMPATIBLE
}

/// Only additions.
public fun additive_policy(): u8 {
    ADDITIVE
}

/// Only other dependencies.
public fun dep_only_policy(): u8 {
    DEP_ONLY
}

#[allow(lint(public_entry))]
/// From now on only additions.
public entry fun only_additive_upgrades(cap: &mut UpgradeCap) {
    cap.restrict(ADDITIVE)
}

#[allow(lint(public_entry))]
/// From now on only other dependencies.
public entry fun only_dep_upgrades(cap: &mut UpgradeCap) {
    cap.restrict(DEP_ONLY)
}

#[allow(lint(public_entry))]
/// No upgrades any more.
public entry fun make_immutable(cap: UpgradeCap) {
    let UpgradeCap { id, package: _, version: _, policy: _ } = cap;
    id.delete();
}

/// Leave for one upgrade.
public fun authorize_upgrade(cap: &mut UpgradeCap, policy: u8, digest: vector<u8>): UpgradeTicket {
    let nothing = @0x0.to_id();
    assert!(cap.package != nothing, EAlreadyAuthorized);
    assert!(policy >= cap.policy, ETooPermissive);
    let package = cap.package;
    cap.package = nothing;
    UpgradeTicket { cap: object::id(cap), package, policy, digest }
}

/// Takes note of an upgrade.
public fun commit_upgrade(cap: &mut UpgradeCap, receipt: UpgradeReceipt) {
    let UpgradeReceipt { cap: cap_id, package } = receipt;
    assert!(object::id(cap) == cap_id, EWrongUpgradeCap);
    assert!(cap.package.to_address() == @0x0, ENotAuthorized);
    cap.package = package;
    cap.version = cap.version + 1;
}

fun restrict(cap: &mut UpgradeCap, policy: u8) {
    assert!(cap.policy <= policy, ETooPermissive);
    cap.policy = policy;
}

#[test_only]
/// A cap for a package that is not there.
public fun test_publish(package: ID, ctx: &mut TxContext): UpgradeCap {
    UpgradeCap { id: object::new(ctx), package, version: 1, policy: COMPATIBLE }
}
