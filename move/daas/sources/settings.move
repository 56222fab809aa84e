/// What the administrator of a cluster decides: minimums, locks, limits, tiers.
module daas::settings;

use daas::text;
use std::string::String;
use sui::vec_map::{Self, VecMap};

/// A list of settings does not have the number of entries it must have.
/// Next: give one entry per kind of stake (3), per priority (4), or as many permissions as tiers.
const E_WRONG_LENGTH: u64 = 1;
/// The slash share is not between 1 and 10000 basis points.
/// Next: give 1 to 10000; 1000 is ten per cent.
const E_INVALID_BPS: u64 = 2;
/// The tiers are more than 16, not in ascending order, or hold more than 64 permissions each.
/// Next: order the tiers by their minimum stake, each larger than the one before.
const E_INVALID_TIERS: u64 = 3;
/// A time to live or a size is zero.
/// Next: give values above zero.
const E_ZERO_LIMIT: u64 = 4;
/// A minimum stake is zero.
/// Next: give a minimum above zero.
const E_ZERO_MINIMUM: u64 = 5;
/// A time or a size is above what the contract allows.
/// Next: lock at most 365 days, unbond at most 30, keep requests 1 hour, answers 7 days, seals 365 days, 128 KiB.
const E_LIMIT_TOO_LARGE: u64 = 6;
/// A permission is not `verb:resource`.
/// Next: write it as get:pods, *:apps/deployments or *:*.
const E_INVALID_PERMISSION: u64 = 7;
/// The verb is not one of Kubernetes' form, or there are more than 16 verbs with a minimum of their own.
/// Next: give a verb in lower case, and take others off by setting them to zero.
const E_INVALID_VERB: u64 = 8;
/// The treasury is the address zero, where coins are lost.
/// Next: give an address that someone holds.
const E_INVALID_TREASURY: u64 = 9;

const MIST_PER_SUI: u64 = 1_000_000_000;
const DAY_MS: u64 = 86_400_000;
const MAX_LOCK_MS: u64 = 365 * 86_400_000;
const MAX_UNBONDING_MS: u64 = 30 * 86_400_000;
const MAX_REQUEST_TTL_MS: u64 = 3_600_000;
const MAX_RESPONSE_TTL_MS: u64 = 7 * 86_400_000;
const MAX_SEAL_TTL_MS: u64 = 365 * 86_400_000;
const MAX_ENVELOPE_BYTES: u64 = 131_072;
const MAX_TIERS: u64 = 16;
const MAX_PERMISSIONS: u64 = 64;
const MAX_VERBS: u64 = 16;
const KINDS: u64 = 3;
const PRIORITIES: u64 = 4;

/// What a stake of at least `min_stake` MIST allows, beside what smaller stakes allow.
public struct Tier has copy, drop, store {
    min_stake: u64,
    permissions: vector<String>,
}

/// All that an administrator can set.
public struct Settings has copy, drop, store {
    /// MIST, for nodes, users, administrators.
    min_stake: vector<u64>,
    /// ms, for nodes, users, administrators.
    lock_ms: vector<u64>,
    /// ms from the wish to withdraw to the withdrawal; 0: none, and no wish is needed.
    unbonding_ms: u64,
    /// MIST that commands which write need.
    write_min_stake: u64,
    /// MIST that single verbs need, whatever else they need.
    verb_min_stake: VecMap<String, u64>,
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
    /// ms that the listener's previous key stays valid after a new one.
    key_overlap_ms: u64,
    /// Ascending by `min_stake`.
    tiers: vector<Tier>,
    /// Seals made before this are revoked; ms since 1970.
    seals_valid_from_ms: u64,
    /// The largest `max_seal_ttl_ms` so far: no seal lives longer from now on.
    longest_seal_ttl_ms: u64,
    paused: bool,
}

/// What a new cluster begins with.
public(package) fun default(treasury: address): Settings {
    Settings {
        min_stake: vector[MIST_PER_SUI, MIST_PER_SUI, MIST_PER_SUI],
        lock_ms: vector[0, 0, 0],
        unbonding_ms: 0,
        write_min_stake: MIST_PER_SUI,
        verb_min_stake: vec_map::empty(),
        slash_bps: 1_000,
        treasury,
        request_ttl_ms: vector[60_000, 120_000, 300_000, 600_000],
        response_ttl_ms: vector[600_000, 600_000, 600_000, 600_000],
        max_seal_ttl_ms: 30 * DAY_MS,
        max_envelope_bytes: 98_304,
        key_overlap_ms: 600_000,
        tiers: vector[
            Tier { min_stake: MIST_PER_SUI, permissions: text::all(vector[b"get:*", b"list:*", b"watch:*"]) },
            Tier {
                min_stake: 5 * MIST_PER_SUI,
                permissions: text::all(vector[b"*:nodes", b"*:pods", b"*:configmaps"]),
            },
            Tier { min_stake: 10 * MIST_PER_SUI, permissions: text::all(vector[b"*:*"]) },
        ],
        seals_valid_from_ms: 0,
        longest_seal_ttl_ms: 30 * DAY_MS,
        paused: false,
    }
}

/// Sets the least stakes and the locks by kind, and what writing needs.
public(package) fun set_minimums(
    settings: &mut Settings,
    min_stake: vector<u64>,
    lock_ms: vector<u64>,
    write_min_stake: u64,
) {
    assert!(min_stake.length() == KINDS && lock_ms.length() == KINDS, E_WRONG_LENGTH);
    assert!(min_stake.all!(|least| *least > 0), E_ZERO_MINIMUM);
    assert!(lock_ms.all!(|lock| *lock <= MAX_LOCK_MS), E_LIMIT_TOO_LARGE);
    settings.min_stake = min_stake;
    settings.lock_ms = lock_ms;
    settings.write_min_stake = write_min_stake;
}

/// Sets what a verb needs; 0 takes the verb off the list.
public(package) fun set_verb_minimum(settings: &mut Settings, verb: String, min_stake: u64) {
    assert!(text::is_verb(&verb), E_INVALID_VERB);
    if (settings.verb_min_stake.contains(&verb)) {
        settings.verb_min_stake.remove(&verb);
    };
    if (min_stake > 0) {
        assert!(settings.verb_min_stake.size() < MAX_VERBS, E_INVALID_VERB);
        settings.verb_min_stake.insert(verb, min_stake);
    };
}

/// Sets how long unbonding takes.
public(package) fun set_unbonding(settings: &mut Settings, unbonding_ms: u64) {
    assert!(unbonding_ms <= MAX_UNBONDING_MS, E_LIMIT_TOO_LARGE);
    settings.unbonding_ms = unbonding_ms;
}

/// Sets the share of a slash.
public(package) fun set_slash_bps(settings: &mut Settings, slash_bps: u64) {
    assert!(slash_bps > 0 && slash_bps <= 10_000, E_INVALID_BPS);
    settings.slash_bps = slash_bps;
}

/// Sets who gets what is slashed.
public(package) fun set_treasury(settings: &mut Settings, treasury: address) {
    assert!(treasury != @0x0, E_INVALID_TREASURY);
    settings.treasury = treasury;
}

/// Sets the tiers: `permissions[i]` are for stakes of at least `min_stakes[i]`.
public(package) fun set_tiers(
    settings: &mut Settings,
    min_stakes: vector<u64>,
    permissions: vector<vector<String>>,
) {
    assert!(min_stakes.length() == permissions.length(), E_WRONG_LENGTH);
    assert!(min_stakes.length() <= MAX_TIERS, E_INVALID_TIERS);
    settings.tiers = vector::tabulate!(min_stakes.length(), |at| {
        assert!(at == 0 || min_stakes[at] > min_stakes[at - 1], E_INVALID_TIERS);
        assert!(permissions[at].length() <= MAX_PERMISSIONS, E_INVALID_TIERS);
        assert!(permissions[at].all!(|permission| text::is_permission(permission)), E_INVALID_PERMISSION);
        Tier { min_stake: min_stakes[at], permissions: permissions[at] }
    });
}

/// Sets how long requests, answers and seals live, and how large an envelope may be.
public(package) fun set_ttls(
    settings: &mut Settings,
    request_ttl_ms: vector<u64>,
    response_ttl_ms: vector<u64>,
    max_seal_ttl_ms: u64,
    max_envelope_bytes: u64,
) {
    assert!(request_ttl_ms.length() == PRIORITIES && response_ttl_ms.length() == PRIORITIES, E_WRONG_LENGTH);
    assert!(request_ttl_ms.all!(|ttl| *ttl > 0) && response_ttl_ms.all!(|ttl| *ttl > 0), E_ZERO_LIMIT);
    assert!(max_seal_ttl_ms > 0 && max_envelope_bytes > 0, E_ZERO_LIMIT);
    assert!(request_ttl_ms.all!(|ttl| *ttl <= MAX_REQUEST_TTL_MS), E_LIMIT_TOO_LARGE);
    assert!(response_ttl_ms.all!(|ttl| *ttl <= MAX_RESPONSE_TTL_MS), E_LIMIT_TOO_LARGE);
    assert!(max_seal_ttl_ms <= MAX_SEAL_TTL_MS && max_envelope_bytes <= MAX_ENVELOPE_BYTES, E_LIMIT_TOO_LARGE);
    settings.request_ttl_ms = request_ttl_ms;
    settings.response_ttl_ms = response_ttl_ms;
    settings.max_seal_ttl_ms = max_seal_ttl_ms;
    settings.longest_seal_ttl_ms = settings.longest_seal_ttl_ms.max(max_seal_ttl_ms);
    settings.max_envelope_bytes = max_envelope_bytes;
}

/// Sets how long the listener's previous key stays valid; at most as long as an answer may be kept.
public(package) fun set_key_overlap(settings: &mut Settings, key_overlap_ms: u64) {
    assert!(key_overlap_ms <= MAX_RESPONSE_TTL_MS, E_LIMIT_TOO_LARGE);
    settings.key_overlap_ms = key_overlap_ms;
}

/// Revokes all seals made before a time; never takes that back.
public(package) fun revoke_seals_before(settings: &mut Settings, at_ms: u64) {
    settings.seals_valid_from_ms = settings.seals_valid_from_ms.max(at_ms);
}

/// Pauses or opens.
public(package) fun set_paused(settings: &mut Settings, paused: bool) {
    settings.paused = paused;
}

/// The least stake of a kind (0 node, 1 user, 2 administrator), MIST.
public fun min_stake(settings: &Settings, kind: u8): u64 { settings.min_stake[kind as u64] }
/// How long a stake of a kind is locked, ms.
public fun lock_ms(settings: &Settings, kind: u8): u64 { settings.lock_ms[kind as u64] }
/// How long unbonding takes, ms.
public fun unbonding_ms(settings: &Settings): u64 { settings.unbonding_ms }
/// What commands that write need, MIST.
public fun write_min_stake(settings: &Settings): u64 { settings.write_min_stake }

/// What a verb needs of its own, MIST; 0 for most.
public fun verb_min_stake(settings: &Settings, verb: &String): u64 {
    settings.verb_min_stake.try_get(verb).destroy_with_default(0)
}

/// What a stake of a kind needs for a verb, MIST: the largest of what the kind, the verb and writing need.
public fun needed_stake(settings: &Settings, kind: u8, verb: &String): u64 {
    let needed = settings.min_stake(kind).max(settings.verb_min_stake(verb));
    if (text::reads(verb)) needed else needed.max(settings.write_min_stake)
}

/// Whether the tiers, as they are now, give a verb on a resource to a stake of an amount. A command needs this beside
/// its seal: what an administrator takes out of the tiers is gone at once, from seals that live too.
public fun tiers_allow(settings: &Settings, amount: u64, verb: &String, resource: &String): bool {
    settings.tiers.any!(|tier| {
        tier.min_stake <= amount && tier.permissions.any!(|permission| text::covers(permission, verb, resource))
    })
}

/// The share that a slash takes, in 1/10000.
public fun slash_bps(settings: &Settings): u64 { settings.slash_bps }
/// Who gets what is slashed.
public fun treasury(settings: &Settings): address { settings.treasury }
/// How long a request of a priority lives, ms.
public fun request_ttl_ms(settings: &Settings, priority: u8): u64 { settings.request_ttl_ms[priority as u64] }
/// How long an answer to a request of a priority is kept, ms.
public fun response_ttl_ms(settings: &Settings, priority: u8): u64 { settings.response_ttl_ms[priority as u64] }
/// How long a seal may live, ms.
public fun max_seal_ttl_ms(settings: &Settings): u64 { settings.max_seal_ttl_ms }
/// How long a seal that was ever made may live at most, ms.
public fun longest_seal_ttl_ms(settings: &Settings): u64 { settings.longest_seal_ttl_ms }
/// How large an envelope may be, bytes.
public fun max_envelope_bytes(settings: &Settings): u64 { settings.max_envelope_bytes }
/// How long the listener's previous key stays valid, ms.
public fun key_overlap_ms(settings: &Settings): u64 { settings.key_overlap_ms }
/// The tiers, ascending.
public fun tiers(settings: &Settings): &vector<Tier> { &settings.tiers }
/// The least stake of a tier, MIST.
public fun tier_min_stake(tier: &Tier): u64 { tier.min_stake }
/// What a tier allows.
public fun tier_permissions(tier: &Tier): &vector<String> { &tier.permissions }
/// Seals made before this are revoked; ms since 1970.
public fun seals_valid_from_ms(settings: &Settings): u64 { settings.seals_valid_from_ms }
/// Whether it is paused.
public fun paused(settings: &Settings): bool { settings.paused }
