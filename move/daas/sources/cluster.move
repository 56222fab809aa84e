/// The cluster: what joins it must stake, where its listener is, what stakes allow.
module daas::cluster;

use daas::registry;
use daas::text;
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
/// A list of settings does not have the number of entries it must have.
/// Next: give one entry per kind of stake (3), per priority (4), or as many permissions as tiers.
const E_WRONG_LENGTH: u64 = 4;
/// The slash share is not between 1 and 10000 basis points.
/// Next: give 1 to 10000; 1000 is ten per cent.
const E_INVALID_BPS: u64 = 5;
/// A key or a hash is not 32 bytes long.
/// Next: give the raw 32 bytes.
const E_INVALID_KEY: u64 = 6;
/// The listener's URLs are none, more than 8, or one is empty or longer than 512 bytes.
/// Next: announce 1 to 8 URLs.
const E_INVALID_URLS: u64 = 7;
/// The tiers are more than 16, not in ascending order, or hold more than 64 permissions each.
/// Next: order the tiers by their minimum stake, each larger than the one before.
const E_INVALID_TIERS: u64 = 8;
/// The list of revoked seals is full (256).
/// Next: take seals that are expired by now off the list with forget_seal.
const E_TOO_MANY_REVOKED: u64 = 9;
/// The seal is on the list of revoked seals already.
/// Next: nothing is left to do.
const E_ALREADY_REVOKED: u64 = 10;
/// The seal is not on the list of revoked seals.
/// Next: check the id of the seal.
const E_NOT_REVOKED: u64 = 11;
/// A time to live or a size is zero.
/// Next: give values above zero.
const E_ZERO_LIMIT: u64 = 12;
/// A minimum stake is zero.
/// Next: give a minimum above zero.
const E_ZERO_MINIMUM: u64 = 13;

const MIST_PER_SUI: u64 = 1_000_000_000;
const MAX_REVOKED: u64 = 256;
const MAX_TIERS: u64 = 16;
const MAX_PERMISSIONS: u64 = 64;
const KINDS: u64 = 3;
const PRIORITIES: u64 = 4;

const WHAT_MINIMUMS: u8 = 1;
const WHAT_SLASH_BPS: u8 = 2;
const WHAT_TREASURY: u8 = 3;
const WHAT_TIERS: u8 = 4;
const WHAT_TTLS: u8 = 5;
const WHAT_PAUSED: u8 = 6;
const WHAT_LISTENER_CAP: u8 = 7;
const WHAT_SEAL_FORGOTTEN: u8 = 8;

/// What a stake of at least `min_stake` MIST allows, beside what smaller stakes allow.
public struct Tier has copy, drop, store {
    min_stake: u64,
    permissions: vector<String>,
}

/// A cluster. Shared; read by everything, written by its administrator and its listener only.
public struct Cluster has key {
    id: UID,
    /// Version of this layout.
    version: u64,
    name: String,
    /// Where the listener answers registrations.
    listener_urls: vector<String>,
    /// Where agents find the k3s server.
    k3s_url: String,
    /// SHA-256 of the k3s server's CA, or empty.
    ca_hash: vector<u8>,
    k3s_version: String,
    /// X25519 public key to which requests are sealed, or empty before the first announcement.
    listener_hpke_key: vector<u8>,
    /// SHA-256 of the SPKI DER of the listener's TLS key, or empty.
    listener_tls_pin: vector<u8>,
    /// Counts the keys announced.
    key_epoch: u64,
    /// MIST, for nodes, users, administrators.
    min_stake: vector<u64>,
    /// ms, for nodes, users, administrators.
    lock_ms: vector<u64>,
    /// MIST that commands which write need.
    write_min_stake: u64,
    /// Share of a stake that a slash takes, in 1/10000.
    slash_bps: u64,
    /// Who gets what is slashed.
    treasury: address,
    /// ms, by priority 0 (interactive), 1 (normal), 2 (low), 3 (batch).
    request_ttl_ms: vector<u64>,
    /// ms that an answer is kept, by priority.
    response_ttl_ms: vector<u64>,
    max_seal_ttl_ms: u64,
    max_envelope_bytes: u64,
    /// Ascending by `min_stake`.
    tiers: vector<Tier>,
    /// Seals that the administrator revoked.
    revoked_seals: VecSet<ID>,
    paused: bool,
    created_at_ms: u64,
    /// The NodeRegistry of this cluster.
    registry: ID,
}

/// The right to administrate one cluster.
public struct AdminCap has key, store {
    id: UID,
    cluster: ID,
}

/// The right to act as the listener of one cluster.
public struct ListenerCap has key, store {
    id: UID,
    cluster: ID,
}

/// A cluster was created.
public struct ClusterCreated has copy, drop {
    cluster: ID,
    admin: address,
}

/// The listener told where it is and what its keys are.
public struct ListenerAnnounced has copy, drop {
    cluster: ID,
    key_epoch: u64,
}

/// The administrator revoked a seal.
public struct SealRevokedByAdmin has copy, drop {
    cluster: ID,
    seal: ID,
}

/// The administrator changed a setting: 1 minimums, 2 slash share, 3 treasury, 4 tiers, 5 limits, 6 paused or
/// opened, 7 made a ListenerCap, 8 took a seal off the revoked list.
public struct ClusterUpdated has copy, drop {
    cluster: ID,
    what: u8,
}

/// Creates a cluster with its NodeRegistry, shares both, and returns the right to administrate it.
public fun create(name: String, k3s_version: String, clock: &Clock, ctx: &mut TxContext): AdminCap {
    assert!(name.length() > 0 && name.length() <= 63, E_INVALID_NAME);
    let id = object::new(ctx);
    let cluster = id.to_inner();
    let registry = registry::create(cluster, ctx);
    transfer::share_object(Cluster {
        id,
        version: 1,
        name,
        listener_urls: vector[],
        k3s_url: b"".to_string(),
        ca_hash: vector[],
        k3s_version,
        listener_hpke_key: vector[],
        listener_tls_pin: vector[],
        key_epoch: 0,
        min_stake: vector[MIST_PER_SUI, MIST_PER_SUI, MIST_PER_SUI],
        lock_ms: vector[0, 0, 0],
        write_min_stake: MIST_PER_SUI,
        slash_bps: 1_000,
        treasury: ctx.sender(),
        request_ttl_ms: vector[60_000, 120_000, 300_000, 600_000],
        response_ttl_ms: vector[600_000, 600_000, 600_000, 600_000],
        max_seal_ttl_ms: 2_592_000_000,
        max_envelope_bytes: 98_304,
        tiers: default_tiers(),
        revoked_seals: vec_set::empty(),
        paused: false,
        created_at_ms: clock.timestamp_ms(),
        registry,
    });
    event::emit(ClusterCreated { cluster, admin: ctx.sender() });
    AdminCap { id: object::new(ctx), cluster }
}

/// Makes a ListenerCap and gives it to `recipient`.
public fun create_listener_cap(cluster: &Cluster, cap: &AdminCap, recipient: address, ctx: &mut TxContext) {
    cluster.assert_admin(cap);
    let made = ListenerCap { id: object::new(ctx), cluster: object::id(cluster) };
    transfer::public_transfer(made, recipient);
    cluster.updated(WHAT_LISTENER_CAP);
}

/// The listener tells where it is, its keys, and the k3s server's. A new HPKE key raises `key_epoch`.
public fun announce_listener(
    cluster: &mut Cluster,
    cap: &ListenerCap,
    listener_urls: vector<String>,
    hpke_key: vector<u8>,
    tls_pin: vector<u8>,
    k3s_url: String,
    ca_hash: vector<u8>,
    k3s_version: String,
) {
    cluster.assert_listener(cap);
    assert!(!listener_urls.is_empty() && listener_urls.length() <= 8, E_INVALID_URLS);
    assert!(listener_urls.all!(|url| url.length() > 0 && url.length() <= 512), E_INVALID_URLS);
    assert!(k3s_url.length() <= 512 && k3s_version.length() <= 64, E_INVALID_URLS);
    assert!(hpke_key.length() == 32 && tls_pin.length() == 32, E_INVALID_KEY);
    assert!(ca_hash.is_empty() || ca_hash.length() == 32, E_INVALID_KEY);
    if (cluster.listener_hpke_key != hpke_key) cluster.key_epoch = cluster.key_epoch + 1;
    cluster.listener_urls = listener_urls;
    cluster.listener_hpke_key = hpke_key;
    cluster.listener_tls_pin = tls_pin;
    cluster.k3s_url = k3s_url;
    cluster.ca_hash = ca_hash;
    cluster.k3s_version = k3s_version;
    event::emit(ListenerAnnounced { cluster: object::id(cluster), key_epoch: cluster.key_epoch });
}

/// Sets the least stakes (node, user, administrator), how long they are locked, and what writing needs.
public fun set_minimums(
    cluster: &mut Cluster,
    cap: &AdminCap,
    min_stake: vector<u64>,
    lock_ms: vector<u64>,
    write_min_stake: u64,
) {
    cluster.assert_admin(cap);
    assert!(min_stake.length() == KINDS && lock_ms.length() == KINDS, E_WRONG_LENGTH);
    assert!(min_stake.all!(|least| *least > 0), E_ZERO_MINIMUM);
    cluster.min_stake = min_stake;
    cluster.lock_ms = lock_ms;
    cluster.write_min_stake = write_min_stake;
    cluster.updated(WHAT_MINIMUMS);
}

/// Sets the share of a stake that a slash takes, in 1/10000.
public fun set_slash_bps(cluster: &mut Cluster, cap: &AdminCap, slash_bps: u64) {
    cluster.assert_admin(cap);
    assert!(slash_bps > 0 && slash_bps <= 10_000, E_INVALID_BPS);
    cluster.slash_bps = slash_bps;
    cluster.updated(WHAT_SLASH_BPS);
}

/// Sets who gets what is slashed.
public fun set_treasury(cluster: &mut Cluster, cap: &AdminCap, treasury: address) {
    cluster.assert_admin(cap);
    cluster.treasury = treasury;
    cluster.updated(WHAT_TREASURY);
}

/// Sets the tiers: `permissions[i]` are for stakes of at least `min_stakes[i]`. Ascending.
public fun set_tiers(
    cluster: &mut Cluster,
    cap: &AdminCap,
    min_stakes: vector<u64>,
    permissions: vector<vector<String>>,
) {
    cluster.assert_admin(cap);
    assert!(min_stakes.length() == permissions.length(), E_WRONG_LENGTH);
    assert!(min_stakes.length() <= MAX_TIERS, E_INVALID_TIERS);
    let mut tiers = vector[];
    let mut at = 0;
    while (at < min_stakes.length()) {
        assert!(at == 0 || min_stakes[at] > min_stakes[at - 1], E_INVALID_TIERS);
        assert!(permissions[at].length() <= MAX_PERMISSIONS, E_INVALID_TIERS);
        tiers.push_back(Tier { min_stake: min_stakes[at], permissions: permissions[at] });
        at = at + 1;
    };
    cluster.tiers = tiers;
    cluster.updated(WHAT_TIERS);
}

/// Sets how long requests, answers and seals live, and how large an envelope may be.
public fun set_ttls(
    cluster: &mut Cluster,
    cap: &AdminCap,
    request_ttl_ms: vector<u64>,
    response_ttl_ms: vector<u64>,
    max_seal_ttl_ms: u64,
    max_envelope_bytes: u64,
) {
    cluster.assert_admin(cap);
    assert!(request_ttl_ms.length() == PRIORITIES && response_ttl_ms.length() == PRIORITIES, E_WRONG_LENGTH);
    assert!(request_ttl_ms.all!(|ttl| *ttl > 0) && response_ttl_ms.all!(|ttl| *ttl > 0), E_ZERO_LIMIT);
    assert!(max_seal_ttl_ms > 0 && max_envelope_bytes > 0, E_ZERO_LIMIT);
    cluster.request_ttl_ms = request_ttl_ms;
    cluster.response_ttl_ms = response_ttl_ms;
    cluster.max_seal_ttl_ms = max_seal_ttl_ms;
    cluster.max_envelope_bytes = max_envelope_bytes;
    cluster.updated(WHAT_TTLS);
}

/// Pauses the cluster or opens it again. Slashing and withdrawing go on while it is paused.
public fun set_paused(cluster: &mut Cluster, cap: &AdminCap, paused: bool) {
    cluster.assert_admin(cap);
    cluster.paused = paused;
    cluster.updated(WHAT_PAUSED);
}

/// Revokes a seal, whoever owns it.
public fun revoke_seal(cluster: &mut Cluster, cap: &AdminCap, seal: ID) {
    cluster.assert_admin(cap);
    assert!(!cluster.revoked_seals.contains(&seal), E_ALREADY_REVOKED);
    assert!(cluster.revoked_seals.size() < MAX_REVOKED, E_TOO_MANY_REVOKED);
    cluster.revoked_seals.insert(seal);
    event::emit(SealRevokedByAdmin { cluster: object::id(cluster), seal });
}

/// Takes a seal off the revoked list, which is bounded: for seals that are expired or deleted by now.
public fun forget_seal(cluster: &mut Cluster, cap: &AdminCap, seal: ID) {
    cluster.assert_admin(cap);
    assert!(cluster.revoked_seals.contains(&seal), E_NOT_REVOKED);
    cluster.revoked_seals.remove(&seal);
    cluster.updated(WHAT_SEAL_FORGOTTEN);
}

/// Aborts unless the cap administrates this cluster.
public fun assert_admin(cluster: &Cluster, cap: &AdminCap) {
    assert!(cap.cluster == object::id(cluster), E_WRONG_CAP);
}

/// Aborts unless the cap is of this cluster's listener.
public fun assert_listener(cluster: &Cluster, cap: &ListenerCap) {
    assert!(cap.cluster == object::id(cluster), E_WRONG_CAP);
}

/// Aborts while the cluster is paused.
public fun assert_open(cluster: &Cluster) {
    assert!(!cluster.paused, E_PAUSED);
}

/// The cluster that a ListenerCap is for.
public fun listener_cap_cluster(cap: &ListenerCap): ID { cap.cluster }

/// The cluster that an AdminCap is for.
public fun admin_cap_cluster(cap: &AdminCap): ID { cap.cluster }

/// The name.
public fun name(cluster: &Cluster): &String { &cluster.name }

/// Where the listener answers.
public fun listener_urls(cluster: &Cluster): vector<String> { cluster.listener_urls }

/// Where the k3s server is.
public fun k3s_url(cluster: &Cluster): String { cluster.k3s_url }

/// SHA-256 of the k3s server's CA, or empty.
public fun ca_hash(cluster: &Cluster): vector<u8> { cluster.ca_hash }

/// The version of k3s that agents must run.
public fun k3s_version(cluster: &Cluster): String { cluster.k3s_version }

/// The listener's HPKE key, or empty.
public fun listener_hpke_key(cluster: &Cluster): vector<u8> { cluster.listener_hpke_key }

/// The pin of the listener's TLS key, or empty.
public fun listener_tls_pin(cluster: &Cluster): vector<u8> { cluster.listener_tls_pin }

/// Counts the keys announced.
public fun key_epoch(cluster: &Cluster): u64 { cluster.key_epoch }

/// The least stake of a kind (0 node, 1 user, 2 administrator), MIST.
public fun min_stake(cluster: &Cluster, kind: u8): u64 { cluster.min_stake[kind as u64] }

/// How long a stake of a kind is locked, ms.
public fun lock_ms(cluster: &Cluster, kind: u8): u64 { cluster.lock_ms[kind as u64] }

/// What commands that write need, MIST.
public fun write_min_stake(cluster: &Cluster): u64 { cluster.write_min_stake }

/// The share that a slash takes, in 1/10000.
public fun slash_bps(cluster: &Cluster): u64 { cluster.slash_bps }

/// Who gets what is slashed.
public fun treasury(cluster: &Cluster): address { cluster.treasury }

/// How long a request of a priority lives, ms.
public fun request_ttl_ms(cluster: &Cluster, priority: u8): u64 { cluster.request_ttl_ms[priority as u64] }

/// How long an answer to a request of a priority is kept, ms.
public fun response_ttl_ms(cluster: &Cluster, priority: u8): u64 { cluster.response_ttl_ms[priority as u64] }

/// How long a seal may live, ms.
public fun max_seal_ttl_ms(cluster: &Cluster): u64 { cluster.max_seal_ttl_ms }

/// How large an envelope may be, bytes.
public fun max_envelope_bytes(cluster: &Cluster): u64 { cluster.max_envelope_bytes }

/// The tiers, ascending.
public fun tiers(cluster: &Cluster): &vector<Tier> { &cluster.tiers }

/// The least stake of a tier, MIST.
public fun tier_min_stake(tier: &Tier): u64 { tier.min_stake }

/// What a tier allows.
public fun tier_permissions(tier: &Tier): &vector<String> { &tier.permissions }

/// Whether the administrator revoked a seal.
public fun is_revoked(cluster: &Cluster, seal: &ID): bool { cluster.revoked_seals.contains(seal) }

/// Whether the cluster is paused.
public fun is_paused(cluster: &Cluster): bool { cluster.paused }

/// The NodeRegistry of the cluster.
public fun registry(cluster: &Cluster): ID { cluster.registry }

fun updated(cluster: &Cluster, what: u8) {
    event::emit(ClusterUpdated { cluster: object::id(cluster), what })
}

fun default_tiers(): vector<Tier> {
    vector[
        Tier { min_stake: MIST_PER_SUI, permissions: text::all(vector[b"get:*", b"list:*", b"watch:*"]) },
        Tier { min_stake: 5 * MIST_PER_SUI, permissions: text::all(vector[b"*:nodes", b"*:pods", b"*:configmaps"]) },
        Tier { min_stake: 10 * MIST_PER_SUI, permissions: text::all(vector[b"*:*"]) },
    ]
}
