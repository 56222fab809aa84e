/**************************************************************
 * THIS FILE IS GENERATED AND SHOULD NOT BE MANUALLY MODIFIED *
 **************************************************************/


/** The cluster: what joins it must stake, where its listener is, what stakes allow. */

import { MoveStruct, normalizeMoveArguments, type RawTransactionArgument } from '../utils/index.ts';
import { bcs } from '@mysten/sui/bcs';
import { type Transaction, type TransactionArgument } from '@mysten/sui/transactions';
import * as vec_set from './deps/0x2/vec_set.ts';
const $moduleName = '@local-pkg/daas::cluster';
export const Tier = new MoveStruct({ name: `${$moduleName}::Tier`, fields: {
        min_stake: bcs.u64(),
        permissions: bcs.vector(bcs.string())
    } });
export const Cluster = new MoveStruct({ name: `${$moduleName}::Cluster`, fields: {
        id: bcs.Address,
        /** Version of this layout. */
        version: bcs.u64(),
        name: bcs.string(),
        /** Where the listener answers registrations. */
        listener_urls: bcs.vector(bcs.string()),
        /** Where agents find the k3s server. */
        k3s_url: bcs.string(),
        /** SHA-256 of the k3s server's CA, or empty. */
        ca_hash: bcs.vector(bcs.u8()),
        k3s_version: bcs.string(),
        /**
         * X25519 public key to which requests are sealed, or empty before the first
         * announcement.
         */
        listener_hpke_key: bcs.vector(bcs.u8()),
        /** SHA-256 of the SPKI DER of the listener's TLS key, or empty. */
        listener_tls_pin: bcs.vector(bcs.u8()),
        /** Counts the keys announced. */
        key_epoch: bcs.u64(),
        /** MIST, for nodes, users, administrators. */
        min_stake: bcs.vector(bcs.u64()),
        /** ms, for nodes, users, administrators. */
        lock_ms: bcs.vector(bcs.u64()),
        /** MIST that commands which write need. */
        write_min_stake: bcs.u64(),
        /** Share of a stake that a slash takes, in 1/10000. */
        slash_bps: bcs.u64(),
        /** Who gets what is slashed. */
        treasury: bcs.Address,
        /** ms, by priority 0 (interactive), 1 (normal), 2 (low), 3 (batch). */
        request_ttl_ms: bcs.vector(bcs.u64()),
        /** ms that an answer is kept, by priority. */
        response_ttl_ms: bcs.vector(bcs.u64()),
        max_seal_ttl_ms: bcs.u64(),
        max_envelope_bytes: bcs.u64(),
        /** Ascending by `min_stake`. */
        tiers: bcs.vector(Tier),
        /** Seals that the administrator revoked. */
        revoked_seals: vec_set.VecSet(bcs.Address),
        paused: bcs.bool(),
        created_at_ms: bcs.u64(),
        /** The NodeRegistry of this cluster. */
        registry: bcs.Address
    } });
export const AdminCap = new MoveStruct({ name: `${$moduleName}::AdminCap`, fields: {
        id: bcs.Address,
        cluster: bcs.Address
    } });
export const ListenerCap = new MoveStruct({ name: `${$moduleName}::ListenerCap`, fields: {
        id: bcs.Address,
        cluster: bcs.Address
    } });
export const ClusterCreated = new MoveStruct({ name: `${$moduleName}::ClusterCreated`, fields: {
        cluster: bcs.Address,
        admin: bcs.Address
    } });
export const ListenerAnnounced = new MoveStruct({ name: `${$moduleName}::ListenerAnnounced`, fields: {
        cluster: bcs.Address,
        key_epoch: bcs.u64()
    } });
export const SealRevokedByAdmin = new MoveStruct({ name: `${$moduleName}::SealRevokedByAdmin`, fields: {
        cluster: bcs.Address,
        seal: bcs.Address
    } });
export const ClusterUpdated = new MoveStruct({ name: `${$moduleName}::ClusterUpdated`, fields: {
        cluster: bcs.Address,
        what: bcs.u8()
    } });
export interface CreateArguments {
    name: RawTransactionArgument<string>;
    k3sVersion: RawTransactionArgument<string>;
}
export interface CreateOptions {
    package?: string;
    arguments: CreateArguments | [
        name: RawTransactionArgument<string>,
        k3sVersion: RawTransactionArgument<string>
    ];
}
/**
 * Creates a cluster with its NodeRegistry, shares both, and returns the right to
 * administrate it.
 */
export function create(options: CreateOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        '0x1::string::String',
        '0x1::string::String',
        '0x2::clock::Clock'
    ] satisfies (string | null)[];
    const parameterNames = ["name", "k3sVersion"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'create',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface CreateListenerCapArguments {
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    recipient: RawTransactionArgument<string>;
}
export interface CreateListenerCapOptions {
    package?: string;
    arguments: CreateListenerCapArguments | [
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        recipient: RawTransactionArgument<string>
    ];
}
/** Makes a ListenerCap and gives it to `recipient`. */
export function createListenerCap(options: CreateListenerCapOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        'address'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap", "recipient"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'create_listener_cap',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface AnnounceListenerArguments {
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    listenerUrls: RawTransactionArgument<Array<string>>;
    hpkeKey: RawTransactionArgument<Array<number>>;
    tlsPin: RawTransactionArgument<Array<number>>;
    k3sUrl: RawTransactionArgument<string>;
    caHash: RawTransactionArgument<Array<number>>;
    k3sVersion: RawTransactionArgument<string>;
}
export interface AnnounceListenerOptions {
    package?: string;
    arguments: AnnounceListenerArguments | [
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        listenerUrls: RawTransactionArgument<Array<string>>,
        hpkeKey: RawTransactionArgument<Array<number>>,
        tlsPin: RawTransactionArgument<Array<number>>,
        k3sUrl: RawTransactionArgument<string>,
        caHash: RawTransactionArgument<Array<number>>,
        k3sVersion: RawTransactionArgument<string>
    ];
}
/**
 * The listener tells where it is, its keys, and the k3s server's. A new HPKE key
 * raises `key_epoch`.
 */
export function announceListener(options: AnnounceListenerOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        'vector<0x1::string::String>',
        'vector<u8>',
        'vector<u8>',
        '0x1::string::String',
        'vector<u8>',
        '0x1::string::String'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap", "listenerUrls", "hpkeKey", "tlsPin", "k3sUrl", "caHash", "k3sVersion"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'announce_listener',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface SetMinimumsArguments {
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    minStake: RawTransactionArgument<Array<number | bigint>>;
    lockMs: RawTransactionArgument<Array<number | bigint>>;
    writeMinStake: RawTransactionArgument<number | bigint>;
}
export interface SetMinimumsOptions {
    package?: string;
    arguments: SetMinimumsArguments | [
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        minStake: RawTransactionArgument<Array<number | bigint>>,
        lockMs: RawTransactionArgument<Array<number | bigint>>,
        writeMinStake: RawTransactionArgument<number | bigint>
    ];
}
/**
 * Sets the least stakes (node, user, administrator), how long they are locked, and
 * what writing needs.
 */
export function setMinimums(options: SetMinimumsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        'vector<u64>',
        'vector<u64>',
        'u64'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap", "minStake", "lockMs", "writeMinStake"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'set_minimums',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface SetSlashBpsArguments {
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    slashBps: RawTransactionArgument<number | bigint>;
}
export interface SetSlashBpsOptions {
    package?: string;
    arguments: SetSlashBpsArguments | [
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        slashBps: RawTransactionArgument<number | bigint>
    ];
}
/** Sets the share of a stake that a slash takes, in 1/10000. */
export function setSlashBps(options: SetSlashBpsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        'u64'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap", "slashBps"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'set_slash_bps',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface SetTreasuryArguments {
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    treasury: RawTransactionArgument<string>;
}
export interface SetTreasuryOptions {
    package?: string;
    arguments: SetTreasuryArguments | [
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        treasury: RawTransactionArgument<string>
    ];
}
/** Sets who gets what is slashed. */
export function setTreasury(options: SetTreasuryOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        'address'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap", "treasury"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'set_treasury',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface SetTiersArguments {
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    minStakes: RawTransactionArgument<Array<number | bigint>>;
    permissions: RawTransactionArgument<Array<Array<string>>>;
}
export interface SetTiersOptions {
    package?: string;
    arguments: SetTiersArguments | [
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        minStakes: RawTransactionArgument<Array<number | bigint>>,
        permissions: RawTransactionArgument<Array<Array<string>>>
    ];
}
/**
 * Sets the tiers: `permissions[i]` are for stakes of at least `min_stakes[i]`.
 * Ascending.
 */
export function setTiers(options: SetTiersOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        'vector<u64>',
        'vector<vector<0x1::string::String>>'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap", "minStakes", "permissions"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'set_tiers',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface SetTtlsArguments {
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    requestTtlMs: RawTransactionArgument<Array<number | bigint>>;
    responseTtlMs: RawTransactionArgument<Array<number | bigint>>;
    maxSealTtlMs: RawTransactionArgument<number | bigint>;
    maxEnvelopeBytes: RawTransactionArgument<number | bigint>;
}
export interface SetTtlsOptions {
    package?: string;
    arguments: SetTtlsArguments | [
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        requestTtlMs: RawTransactionArgument<Array<number | bigint>>,
        responseTtlMs: RawTransactionArgument<Array<number | bigint>>,
        maxSealTtlMs: RawTransactionArgument<number | bigint>,
        maxEnvelopeBytes: RawTransactionArgument<number | bigint>
    ];
}
/**
 * Sets how long requests, answers and seals live, and how large an envelope may
 * be.
 */
export function setTtls(options: SetTtlsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        'vector<u64>',
        'vector<u64>',
        'u64',
        'u64'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap", "requestTtlMs", "responseTtlMs", "maxSealTtlMs", "maxEnvelopeBytes"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'set_ttls',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface SetPausedArguments {
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    paused: RawTransactionArgument<boolean>;
}
export interface SetPausedOptions {
    package?: string;
    arguments: SetPausedArguments | [
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        paused: RawTransactionArgument<boolean>
    ];
}
/**
 * Pauses the cluster or opens it again. Slashing and withdrawing go on while it is
 * paused.
 */
export function setPaused(options: SetPausedOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        'bool'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap", "paused"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'set_paused',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface RevokeSealArguments {
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    seal: RawTransactionArgument<string>;
}
export interface RevokeSealOptions {
    package?: string;
    arguments: RevokeSealArguments | [
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        seal: RawTransactionArgument<string>
    ];
}
/** Revokes a seal, whoever owns it. */
export function revokeSeal(options: RevokeSealOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        '0x2::object::ID'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap", "seal"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'revoke_seal',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface ForgetSealArguments {
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    seal: RawTransactionArgument<string>;
}
export interface ForgetSealOptions {
    package?: string;
    arguments: ForgetSealArguments | [
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        seal: RawTransactionArgument<string>
    ];
}
/**
 * Takes a seal off the revoked list, which is bounded: for seals that are expired
 * or deleted by now.
 */
export function forgetSeal(options: ForgetSealOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        '0x2::object::ID'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap", "seal"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'forget_seal',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface AssertAdminArguments {
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
}
export interface AssertAdminOptions {
    package?: string;
    arguments: AssertAdminArguments | [
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>
    ];
}
/** Aborts unless the cap administrates this cluster. */
export function assertAdmin(options: AssertAdminOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'assert_admin',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface AssertListenerArguments {
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
}
export interface AssertListenerOptions {
    package?: string;
    arguments: AssertListenerArguments | [
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>
    ];
}
/** Aborts unless the cap is of this cluster's listener. */
export function assertListener(options: AssertListenerOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'assert_listener',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface AssertOpenArguments {
    cluster: RawTransactionArgument<string>;
}
export interface AssertOpenOptions {
    package?: string;
    arguments: AssertOpenArguments | [
        cluster: RawTransactionArgument<string>
    ];
}
/** Aborts while the cluster is paused. */
export function assertOpen(options: AssertOpenOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["cluster"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'assert_open',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface ListenerCapClusterArguments {
    cap: RawTransactionArgument<string>;
}
export interface ListenerCapClusterOptions {
    package?: string;
    arguments: ListenerCapClusterArguments | [
        cap: RawTransactionArgument<string>
    ];
}
/** The cluster that a ListenerCap is for. */
export function listenerCapCluster(options: ListenerCapClusterOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["cap"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'listener_cap_cluster',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface AdminCapClusterArguments {
    cap: RawTransactionArgument<string>;
}
export interface AdminCapClusterOptions {
    package?: string;
    arguments: AdminCapClusterArguments | [
        cap: RawTransactionArgument<string>
    ];
}
/** The cluster that an AdminCap is for. */
export function adminCapCluster(options: AdminCapClusterOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["cap"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'admin_cap_cluster',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface NameArguments {
    cluster: RawTransactionArgument<string>;
}
export interface NameOptions {
    package?: string;
    arguments: NameArguments | [
        cluster: RawTransactionArgument<string>
    ];
}
/** The name. */
export function name(options: NameOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["cluster"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'name',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface ListenerUrlsArguments {
    cluster: RawTransactionArgument<string>;
}
export interface ListenerUrlsOptions {
    package?: string;
    arguments: ListenerUrlsArguments | [
        cluster: RawTransactionArgument<string>
    ];
}
/** Where the listener answers. */
export function listenerUrls(options: ListenerUrlsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["cluster"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'listener_urls',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface K3sUrlArguments {
    cluster: RawTransactionArgument<string>;
}
export interface K3sUrlOptions {
    package?: string;
    arguments: K3sUrlArguments | [
        cluster: RawTransactionArgument<string>
    ];
}
/** Where the k3s server is. */
export function k3sUrl(options: K3sUrlOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["cluster"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'k3s_url',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface CaHashArguments {
    cluster: RawTransactionArgument<string>;
}
export interface CaHashOptions {
    package?: string;
    arguments: CaHashArguments | [
        cluster: RawTransactionArgument<string>
    ];
}
/** SHA-256 of the k3s server's CA, or empty. */
export function caHash(options: CaHashOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["cluster"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'ca_hash',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface K3sVersionArguments {
    cluster: RawTransactionArgument<string>;
}
export interface K3sVersionOptions {
    package?: string;
    arguments: K3sVersionArguments | [
        cluster: RawTransactionArgument<string>
    ];
}
/** The version of k3s that agents must run. */
export function k3sVersion(options: K3sVersionOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["cluster"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'k3s_version',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface ListenerHpkeKeyArguments {
    cluster: RawTransactionArgument<string>;
}
export interface ListenerHpkeKeyOptions {
    package?: string;
    arguments: ListenerHpkeKeyArguments | [
        cluster: RawTransactionArgument<string>
    ];
}
/** The listener's HPKE key, or empty. */
export function listenerHpkeKey(options: ListenerHpkeKeyOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["cluster"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'listener_hpke_key',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface ListenerTlsPinArguments {
    cluster: RawTransactionArgument<string>;
}
export interface ListenerTlsPinOptions {
    package?: string;
    arguments: ListenerTlsPinArguments | [
        cluster: RawTransactionArgument<string>
    ];
}
/** The pin of the listener's TLS key, or empty. */
export function listenerTlsPin(options: ListenerTlsPinOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["cluster"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'listener_tls_pin',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface KeyEpochArguments {
    cluster: RawTransactionArgument<string>;
}
export interface KeyEpochOptions {
    package?: string;
    arguments: KeyEpochArguments | [
        cluster: RawTransactionArgument<string>
    ];
}
/** Counts the keys announced. */
export function keyEpoch(options: KeyEpochOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["cluster"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'key_epoch',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface MinStakeArguments {
    cluster: RawTransactionArgument<string>;
    kind: RawTransactionArgument<number>;
}
export interface MinStakeOptions {
    package?: string;
    arguments: MinStakeArguments | [
        cluster: RawTransactionArgument<string>,
        kind: RawTransactionArgument<number>
    ];
}
/** The least stake of a kind (0 node, 1 user, 2 administrator), MIST. */
export function minStake(options: MinStakeOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        'u8'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "kind"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'min_stake',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface LockMsArguments {
    cluster: RawTransactionArgument<string>;
    kind: RawTransactionArgument<number>;
}
export interface LockMsOptions {
    package?: string;
    arguments: LockMsArguments | [
        cluster: RawTransactionArgument<string>,
        kind: RawTransactionArgument<number>
    ];
}
/** How long a stake of a kind is locked, ms. */
export function lockMs(options: LockMsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        'u8'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "kind"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'lock_ms',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface WriteMinStakeArguments {
    cluster: RawTransactionArgument<string>;
}
export interface WriteMinStakeOptions {
    package?: string;
    arguments: WriteMinStakeArguments | [
        cluster: RawTransactionArgument<string>
    ];
}
/** What commands that write need, MIST. */
export function writeMinStake(options: WriteMinStakeOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["cluster"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'write_min_stake',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface SlashBpsArguments {
    cluster: RawTransactionArgument<string>;
}
export interface SlashBpsOptions {
    package?: string;
    arguments: SlashBpsArguments | [
        cluster: RawTransactionArgument<string>
    ];
}
/** The share that a slash takes, in 1/10000. */
export function slashBps(options: SlashBpsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["cluster"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'slash_bps',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface TreasuryArguments {
    cluster: RawTransactionArgument<string>;
}
export interface TreasuryOptions {
    package?: string;
    arguments: TreasuryArguments | [
        cluster: RawTransactionArgument<string>
    ];
}
/** Who gets what is slashed. */
export function treasury(options: TreasuryOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["cluster"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'treasury',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface RequestTtlMsArguments {
    cluster: RawTransactionArgument<string>;
    priority: RawTransactionArgument<number>;
}
export interface RequestTtlMsOptions {
    package?: string;
    arguments: RequestTtlMsArguments | [
        cluster: RawTransactionArgument<string>,
        priority: RawTransactionArgument<number>
    ];
}
/** How long a request of a priority lives, ms. */
export function requestTtlMs(options: RequestTtlMsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        'u8'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "priority"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'request_ttl_ms',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface ResponseTtlMsArguments {
    cluster: RawTransactionArgument<string>;
    priority: RawTransactionArgument<number>;
}
export interface ResponseTtlMsOptions {
    package?: string;
    arguments: ResponseTtlMsArguments | [
        cluster: RawTransactionArgument<string>,
        priority: RawTransactionArgument<number>
    ];
}
/** How long an answer to a request of a priority is kept, ms. */
export function responseTtlMs(options: ResponseTtlMsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        'u8'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "priority"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'response_ttl_ms',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface MaxSealTtlMsArguments {
    cluster: RawTransactionArgument<string>;
}
export interface MaxSealTtlMsOptions {
    package?: string;
    arguments: MaxSealTtlMsArguments | [
        cluster: RawTransactionArgument<string>
    ];
}
/** How long a seal may live, ms. */
export function maxSealTtlMs(options: MaxSealTtlMsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["cluster"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'max_seal_ttl_ms',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface MaxEnvelopeBytesArguments {
    cluster: RawTransactionArgument<string>;
}
export interface MaxEnvelopeBytesOptions {
    package?: string;
    arguments: MaxEnvelopeBytesArguments | [
        cluster: RawTransactionArgument<string>
    ];
}
/** How large an envelope may be, bytes. */
export function maxEnvelopeBytes(options: MaxEnvelopeBytesOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["cluster"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'max_envelope_bytes',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface TiersArguments {
    cluster: RawTransactionArgument<string>;
}
export interface TiersOptions {
    package?: string;
    arguments: TiersArguments | [
        cluster: RawTransactionArgument<string>
    ];
}
/** The tiers, ascending. */
export function tiers(options: TiersOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["cluster"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'tiers',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface TierMinStakeArguments {
    tier: TransactionArgument;
}
export interface TierMinStakeOptions {
    package?: string;
    arguments: TierMinStakeArguments | [
        tier: TransactionArgument
    ];
}
/** The least stake of a tier, MIST. */
export function tierMinStake(options: TierMinStakeOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["tier"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'tier_min_stake',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface TierPermissionsArguments {
    tier: TransactionArgument;
}
export interface TierPermissionsOptions {
    package?: string;
    arguments: TierPermissionsArguments | [
        tier: TransactionArgument
    ];
}
/** What a tier allows. */
export function tierPermissions(options: TierPermissionsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["tier"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'tier_permissions',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface IsRevokedArguments {
    cluster: RawTransactionArgument<string>;
    seal: RawTransactionArgument<string>;
}
export interface IsRevokedOptions {
    package?: string;
    arguments: IsRevokedArguments | [
        cluster: RawTransactionArgument<string>,
        seal: RawTransactionArgument<string>
    ];
}
/** Whether the administrator revoked a seal. */
export function isRevoked(options: IsRevokedOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        '0x2::object::ID'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "seal"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'is_revoked',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface IsPausedArguments {
    cluster: RawTransactionArgument<string>;
}
export interface IsPausedOptions {
    package?: string;
    arguments: IsPausedArguments | [
        cluster: RawTransactionArgument<string>
    ];
}
/** Whether the cluster is paused. */
export function isPaused(options: IsPausedOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["cluster"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'is_paused',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface RegistryArguments {
    cluster: RawTransactionArgument<string>;
}
export interface RegistryOptions {
    package?: string;
    arguments: RegistryArguments | [
        cluster: RawTransactionArgument<string>
    ];
}
/** The NodeRegistry of the cluster. */
export function registry(options: RegistryOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["cluster"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'registry',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}