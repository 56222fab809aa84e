/// The cluster: who administrates it, where its listener is, what its settings are.
module daas::cluster;

use daas::listener::{Self, Listener};
use daas::registry;
use daas::revocations::{Self, Revocations};
use daas::settings::{Self, Settings};
use daas::version;
use std::string::String;
use sui::clock::Clock;
use sui::event;
use sui::vec_set::{Self, VecSet};

/// The capability belongs to another cluster.
/// Next: use the AdminCap or ListenerCap that was made for this cluster.
const E_WRONG_CAP: u64 = 1;
/// The cluster is paused by its administrator.
/// Next: wait, or ask the cluster's administrator when it opens again.
const E_PAUSED: u64 = 2;
/// The name of the cluster is empty or longer than 63 bytes.
/// Next: choose a name of 1 to 63 bytes.
const E_INVALID_NAME: u64 = 3;
/// The list of revoked seals is full (256).
/// Next: revoke all seals that were made before now at once; that empties the list with the next revocation.
const E_TOO_MANY_REVOKED: u64 = 4;
/// The seal is on the list of revoked seals already.
/// Next: nothing is left to do.
const E_ALREADY_REVOKED: u64 = 5;
/// The seal is not on the list of revoked seals.
/// Next: check the id of the seal.
const E_NOT_REVOKED: u64 = 6;
/// The cluster is of another version of the package.
/// Next: call the version of the package that the cluster was migrated to; its administrator migrates.
const E_WRONG_VERSION: u64 = 7;
/// The cluster is of this version of the package, or of a later one.
/// Next: nothing is left to migrate.
const E_NOT_OLDER: u64 = 8;
/// The ListenerCap was revoked by the administrator.
/// Next: ask the cluster's administrator for a new one.
const E_LISTENER_CAP_REVOKED: u64 = 9;
/// The cluster has 16 ListenerCaps.
/// Next: revoke one that is not needed any more.
const E_TOO_MANY_LISTENERS: u64 = 10;
/// The cluster has no such ListenerCap, or it is revoked already.
/// Next: check the id of the ListenerCap.
const E_LISTENER_CAP_UNKNOWN: u64 = 11;
/// The revoked seal may still live.
/// Next: leave it on the list until then; it goes off by itself when the list is full.
const E_SEAL_LIVES: u64 = 12;

const MAX_LISTENERS: u64 = 16;

/// A cluster. Shared; read by everything, written by its administrator and its listener only.
public struct Cluster has key {
    id: UID,
    /// The version of the package that may use it.
    version: u64,
    name: String,
    settings: Settings,
    listener: Listener,
    /// The ListenerCaps that are good.
    listener_caps: VecSet<ID>,
    /// Seals that the administrator revoked.
    revoked_seals: Revocations,
    created_at_ms: u64,
    /// The NodeRegistry of this cluster.
    registry: ID,
    /// The package of this version: whose functions are to be called. Types keep the first package's id.
    package: ID,
}

/// The right to administrate one cluster. Can be given away, for example to the address of a multisig.
public struct AdminCap has key, store {
    id: UID,
    cluster: ID,
}

/// The right to act as the listener of one cluster, while the cluster knows it.
public struct ListenerCap has key, store {
    id: UID,
    cluster: ID,
    /// 0 never heard of, 1 serving, 2 draining, 3 stopped.
    status: u8,
    /// When its listener said so, ms since 1970; 0 before.
    last_heartbeat_ms: u64,
}

/// A cluster was created.
public struct ClusterCreated has copy, drop {
    cluster: ID,
    admin: address,
    name: String,
    registry: ID,
    created_at_ms: u64,
    settings: Settings,
    listener: Listener,
    version: u64,
    package: ID,
}

/// The cluster can be used by another version of the package.
public struct ClusterMigrated has copy, drop {
    cluster: ID,
    from: u64,
    to: u64,
    /// The package of that version.
    package: ID,
}

/// The administrator made a ListenerCap.
public struct ListenerCapCreated has copy, drop {
    cluster: ID,
    cap: ID,
    recipient: address,
}

/// The administrator revoked a ListenerCap.
public struct ListenerCapRevoked has copy, drop {
    cluster: ID,
    cap: ID,
}

/// The listener told where it is and what its keys are.
public struct ListenerAnnounced has copy, drop {
    cluster: ID,
    key_epoch: u64,
    listener: Listener,
}

/// The administrator revoked a seal.
public struct SealRevokedByAdmin has copy, drop {
    cluster: ID,
    seal: ID,
    revoked_at_ms: u64,
    until_ms: u64,
}

/// A seal that is past its end went off the revoked list.
public struct SealForgotten has copy, drop {
    cluster: ID,
    seal: ID,
}

/// The administrator changed a setting: 1 minimums, 2 slash share, 3 treasury, 4 tiers, 5 limits, 6 paused or
/// opened, 7 minimum of a verb, 8 unbonding, 9 overlap of keys, 10 revoked all older seals.
public struct ClusterUpdated has copy, drop {
    cluster: ID,
    what: u8,
    settings: Settings,
}

/// Creates a cluster with its NodeRegistry, shares both, and returns the right to administrate it.
public fun create(name: String, k3s_version: String, clock: &Clock, ctx: &mut TxContext): AdminCap {
    assert!(name.length() > 0 && name.length() <= 63, E_INVALID_NAME);
    let id = object::new(ctx);
    let registry = registry::create(id.to_inner(), ctx);
    let cluster = Cluster {
        id,
        version: version::current(),
        name,
        settings: settings::default(ctx.sender()),
        listener: listener::none(k3s_version),
        listener_caps: vec_set::empty(),
        revoked_seals: revocations::none(),
        created_at_ms: clock.timestamp_ms(),
        registry,
        package: version::package(),
    };
    event::emit(ClusterCreated {
        cluster: object::id(&cluster),
        admin: ctx.sender(),
        name,
        registry,
        created_at_ms: cluster.created_at_ms,
        settings: cluster.settings,
        listener: cluster.listener,
        version: cluster.version,
        package: cluster.package,
    });
    let cap = AdminCap { id: object::new(ctx), cluster: object::id(&cluster) };
    transfer::share_object(cluster);
    cap
}

/// Hands a cluster over to this version of the package, after an upgrade. Earlier versions refuse it from then on.
public fun migrate(cluster: &mut Cluster, cap: &AdminCap) {
    assert!(cap.cluster == object::id(cluster), E_WRONG_CAP);
    assert!(cluster.version < version::current(), E_NOT_OLDER);
    let from = cluster.version;
    cluster.version = version::current();
    cluster.package = version::package();
    event::emit(ClusterMigrated { cluster: object::id(cluster), from, to: cluster.version, package: cluster.package });
}

/// Makes a ListenerCap and gives it to `recipient`.
public fun create_listener_cap(cluster: &mut Cluster, cap: &AdminCap, recipient: address, ctx: &mut TxContext) {
    cluster.assert_admin(cap);
    assert!(cluster.listener_caps.size() < MAX_LISTENERS, E_TOO_MANY_LISTENERS);
    let made = ListenerCap { id: object::new(ctx), cluster: object::id(cluster), status: 0, last_heartbeat_ms: 0 };
    let id = object::id(&made);
    cluster.listener_caps.insert(id);
    event::emit(ListenerCapCreated { cluster: object::id(cluster), cap: id, recipient });
    transfer::public_transfer(made, recipient);
}

/// Revokes a ListenerCap, whoever holds it.
public fun revoke_listener_cap(cluster: &mut Cluster, cap: &AdminCap, listener_cap: ID) {
    cluster.assert_admin(cap);
    assert!(cluster.listener_caps.contains(&listener_cap), E_LISTENER_CAP_UNKNOWN);
    cluster.listener_caps.remove(&listener_cap);
    event::emit(ListenerCapRevoked { cluster: object::id(cluster), cap: listener_cap });
}

/// The listener tells where it is, its keys, and the k3s server's. A new HPKE key raises `key_epoch`; the keys before
/// stay good for the cluster's overlap.
public fun announce_listener(
    cluster: &mut Cluster,
    cap: &ListenerCap,
    listener_urls: vector<String>,
    hpke_key: vector<u8>,
    tls_pin: vector<u8>,
    k3s_url: String,
    ca_hash: vector<u8>,
    k3s_version: String,
    clock: &Clock,
) {
    cluster.assert_listener(cap);
    let (overlap_ms, now_ms) = (cluster.settings.key_overlap_ms(), clock.timestamp_ms());
    let listener = &mut cluster.listener;
    listener.announce(listener_urls, hpke_key, tls_pin, k3s_url, ca_hash, k3s_version, overlap_ms, now_ms);
    cluster.announced();
}

/// The listener tells where stakes of at least `min_stakes[i]` MIST find it: at `urls[i]`. Ascending.
public fun set_endpoints(
    cluster: &mut Cluster,
    cap: &ListenerCap,
    min_stakes: vector<u64>,
    urls: vector<vector<String>>,
) {
    cluster.assert_listener(cap);
    cluster.listener.set_endpoints(min_stakes, urls);
    cluster.announced();
}

/// The listener ends the overlap of its keys at once, for example because the previous ones leaked.
public fun drop_previous_keys(cluster: &mut Cluster, cap: &ListenerCap) {
    cluster.assert_listener(cap);
    cluster.listener.drop_previous_keys();
    cluster.announced();
}

/// Revokes a seal, whoever owns it. Where the list is full, those that are past their end go off it first.
public fun revoke_seal(cluster: &mut Cluster, cap: &AdminCap, seal: ID, clock: &Clock) {
    cluster.assert_admin(cap);
    assert!(!cluster.revoked_seals.contains(&seal), E_ALREADY_REVOKED);
    let now_ms = clock.timestamp_ms();
    let id = object::id(cluster);
    let over = cluster.revoked_seals.make_room(&cluster.settings, now_ms);
    over.do!(|seal| event::emit(SealForgotten { cluster: id, seal }));
    assert!(!cluster.revoked_seals.is_full(), E_TOO_MANY_REVOKED);
    let until_ms = cluster.revoked_seals.add(&cluster.settings, seal, now_ms);
    event::emit(SealRevokedByAdmin { cluster: id, seal, revoked_at_ms: now_ms, until_ms });
}

/// Takes a seal off the revoked list, once it is past its end: a seal that may live stays revoked.
public fun forget_seal(cluster: &mut Cluster, cap: &AdminCap, seal: ID, clock: &Clock) {
    cluster.assert_admin(cap);
    assert!(cluster.revoked_seals.contains(&seal), E_NOT_REVOKED);
    assert!(cluster.revoked_seals.forget(&cluster.settings, &seal, clock.timestamp_ms()), E_SEAL_LIVES);
    event::emit(SealForgotten { cluster: object::id(cluster), seal });
}

/// Aborts unless the cluster is of this version of the package.
public fun assert_version(cluster: &Cluster) {
    assert!(cluster.version == version::current(), E_WRONG_VERSION);
}

/// Aborts unless the cap administrates this cluster.
public fun assert_admin(cluster: &Cluster, cap: &AdminCap) {
    cluster.assert_version();
    assert!(cap.cluster == object::id(cluster), E_WRONG_CAP);
}

/// Aborts unless the cap is of this cluster's listener, and not revoked.
public fun assert_listener(cluster: &Cluster, cap: &ListenerCap) {
    cluster.assert_version();
    assert!(cap.cluster == object::id(cluster), E_WRONG_CAP);
    assert!(cluster.listener_caps.contains(&object::id(cap)), E_LISTENER_CAP_REVOKED);
}

/// Aborts while the cluster is paused.
public fun assert_open(cluster: &Cluster) {
    cluster.assert_version();
    assert!(!cluster.settings.paused(), E_PAUSED);
}

/// The cluster that a ListenerCap is for.
public fun listener_cap_cluster(cap: &ListenerCap): ID { cap.cluster }
/// How its listener is: 0 never heard of, 1 serving, 2 draining, 3 stopped.
public fun listener_cap_status(cap: &ListenerCap): u8 { cap.status }
/// When its listener said so, ms since 1970; 0 before.
public fun listener_cap_last_heartbeat_ms(cap: &ListenerCap): u64 { cap.last_heartbeat_ms }
/// The cluster that an AdminCap is for.
public fun admin_cap_cluster(cap: &AdminCap): ID { cap.cluster }
/// The version of the package that may use it.
public fun version(cluster: &Cluster): u64 { cluster.version }
/// The package of that version: whose functions are to be called.
public fun package_of(cluster: &Cluster): ID { cluster.package }
/// The name.
public fun name(cluster: &Cluster): &String { &cluster.name }
/// What its administrator decided.
public fun settings(cluster: &Cluster): &Settings { &cluster.settings }
/// What its listener told.
public fun listener(cluster: &Cluster): &Listener { &cluster.listener }
/// Whether a ListenerCap is good.
public fun has_listener_cap(cluster: &Cluster, cap: &ID): bool { cluster.listener_caps.contains(cap) }
/// Whether the administrator revoked a seal by its id.
public fun is_revoked(cluster: &Cluster, seal: &ID): bool { cluster.revoked_seals.contains(seal) }
/// Whether the cluster is paused.
public fun is_paused(cluster: &Cluster): bool { cluster.settings.paused() }
/// The NodeRegistry of the cluster.
public fun registry(cluster: &Cluster): ID { cluster.registry }
/// ms since 1970.
public fun created_at_ms(cluster: &Cluster): u64 { cluster.created_at_ms }

/// What a listener says of itself.
public(package) fun mark(cap: &mut ListenerCap, status: u8, at_ms: u64) {
    cap.status = status;
    cap.last_heartbeat_ms = at_ms;
}

/// For the acts of the administrator.
public(package) fun settings_mut(cluster: &mut Cluster): &mut Settings { &mut cluster.settings }

/// Tells what the administrator changed.
public(package) fun updated(cluster: &Cluster, what: u8) {
    event::emit(ClusterUpdated { cluster: object::id(cluster), what, settings: cluster.settings })
}

fun announced(cluster: &Cluster) {
    let listener = cluster.listener;
    event::emit(ListenerAnnounced { cluster: object::id(cluster), key_epoch: listener.key_epoch(), listener })
}

#[test_only]
public fun set_version_for_testing(cluster: &mut Cluster, version: u64) {
    cluster.version = version;
    cluster.package = @0x1.to_id();
}
