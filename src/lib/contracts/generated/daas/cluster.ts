/**************************************************************
 * THIS FILE IS GENERATED AND SHOULD NOT BE MANUALLY MODIFIED *
 **************************************************************/


/** The cluster: who administrates it, where its listener is, what its settings are. */

import { MoveStruct, normalizeMoveArguments, type RawTransactionArgument } from '../utils/index.ts';
import { bcs } from '@mysten/sui/bcs';
import { type Transaction } from '@mysten/sui/transactions';
import * as settings_1 from './settings.ts';
import * as listener_1 from './listener.ts';
import * as vec_set from './deps/0x2/vec_set.ts';
import * as revocations from './revocations.ts';
const $moduleName = '@local-pkg/daas::cluster';
export const Cluster = new MoveStruct({ name: `${$moduleName}::Cluster`, fields: {
        id: bcs.Address,
        /** The version of the package that may use it. */
        version: bcs.u64(),
        name: bcs.string(),
        settings: settings_1.Settings,
        listener: listener_1.Listener,
        /** The ListenerCaps that are good. */
        listener_caps: vec_set.VecSet(bcs.Address),
        /** Seals that the administrator revoked. */
        revoked_seals: revocations.Revocations,
        created_at_ms: bcs.u64(),
        /** The NodeRegistry of this cluster. */
        registry: bcs.Address,
        /**
         * The package of this version: whose functions are to be called. Types keep the
         * first package's id.
         */
        package: bcs.Address
    } });
export const AdminCap = new MoveStruct({ name: `${$moduleName}::AdminCap`, fields: {
        id: bcs.Address,
        cluster: bcs.Address
    } });
export const ListenerCap = new MoveStruct({ name: `${$moduleName}::ListenerCap`, fields: {
        id: bcs.Address,
        cluster: bcs.Address,
        /** 0 never heard of, 1 serving, 2 draining, 3 stopped. */
        status: bcs.u8(),
        /** When its listener said so, ms since 1970; 0 before. */
        last_heartbeat_ms: bcs.u64()
    } });
export const ClusterCreated = new MoveStruct({ name: `${$moduleName}::ClusterCreated`, fields: {
        cluster: bcs.Address,
        admin: bcs.Address,
        name: bcs.string(),
        registry: bcs.Address,
        created_at_ms: bcs.u64(),
        settings: settings_1.Settings,
        listener: listener_1.Listener,
        version: bcs.u64(),
        package: bcs.Address
    } });
export const ClusterMigrated = new MoveStruct({ name: `${$moduleName}::ClusterMigrated`, fields: {
        cluster: bcs.Address,
        from: bcs.u64(),
        to: bcs.u64(),
        /** The package of that version. */
        package: bcs.Address
    } });
export const ListenerCapCreated = new MoveStruct({ name: `${$moduleName}::ListenerCapCreated`, fields: {
        cluster: bcs.Address,
        cap: bcs.Address,
        recipient: bcs.Address
    } });
export const ListenerCapRevoked = new MoveStruct({ name: `${$moduleName}::ListenerCapRevoked`, fields: {
        cluster: bcs.Address,
        cap: bcs.Address
    } });
export const ListenerAnnounced = new MoveStruct({ name: `${$moduleName}::ListenerAnnounced`, fields: {
        cluster: bcs.Address,
        key_epoch: bcs.u64(),
        listener: listener_1.Listener
    } });
export const SealRevokedByAdmin = new MoveStruct({ name: `${$moduleName}::SealRevokedByAdmin`, fields: {
        cluster: bcs.Address,
        seal: bcs.Address,
        revoked_at_ms: bcs.u64(),
        until_ms: bcs.u64()
    } });
export const SealForgotten = new MoveStruct({ name: `${$moduleName}::SealForgotten`, fields: {
        cluster: bcs.Address,
        seal: bcs.Address
    } });
export const ClusterUpdated = new MoveStruct({ name: `${$moduleName}::ClusterUpdated`, fields: {
        cluster: bcs.Address,
        what: bcs.u8(),
        settings: settings_1.Settings
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
export interface MigrateArguments {
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
}
export interface MigrateOptions {
    package?: string;
    arguments: MigrateArguments | [
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>
    ];
}
/**
 * Hands a cluster over to this version of the package, after an upgrade. Earlier
 * versions refuse it from then on.
 */
export function migrate(options: MigrateOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'migrate',
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
export interface RevokeListenerCapArguments {
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    listenerCap: RawTransactionArgument<string>;
}
export interface RevokeListenerCapOptions {
    package?: string;
    arguments: RevokeListenerCapArguments | [
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        listenerCap: RawTransactionArgument<string>
    ];
}
/** Revokes a ListenerCap, whoever holds it. */
export function revokeListenerCap(options: RevokeListenerCapOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        '0x2::object::ID'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap", "listenerCap"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'revoke_listener_cap',
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
 * raises `key_epoch`; the keys before stay good for the cluster's overlap.
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
        '0x1::string::String',
        '0x2::clock::Clock'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap", "listenerUrls", "hpkeKey", "tlsPin", "k3sUrl", "caHash", "k3sVersion"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'announce_listener',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface SetEndpointsArguments {
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    minStakes: RawTransactionArgument<Array<number | bigint>>;
    urls: RawTransactionArgument<Array<Array<string>>>;
}
export interface SetEndpointsOptions {
    package?: string;
    arguments: SetEndpointsArguments | [
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        minStakes: RawTransactionArgument<Array<number | bigint>>,
        urls: RawTransactionArgument<Array<Array<string>>>
    ];
}
/**
 * The listener tells where stakes of at least `min_stakes[i]` MIST find it: at
 * `urls[i]`. Ascending.
 */
export function setEndpoints(options: SetEndpointsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        'vector<u64>',
        'vector<vector<0x1::string::String>>'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap", "minStakes", "urls"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'set_endpoints',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface DropPreviousKeysArguments {
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
}
export interface DropPreviousKeysOptions {
    package?: string;
    arguments: DropPreviousKeysArguments | [
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>
    ];
}
/**
 * The listener ends the overlap of its keys at once, for example because the
 * previous ones leaked.
 */
export function dropPreviousKeys(options: DropPreviousKeysOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'drop_previous_keys',
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
/**
 * Revokes a seal, whoever owns it. Where the list is full, those that are past
 * their end go off it first.
 */
export function revokeSeal(options: RevokeSealOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        '0x2::object::ID',
        '0x2::clock::Clock'
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
 * Takes a seal off the revoked list, once it is past its end: a seal that may live
 * stays revoked.
 */
export function forgetSeal(options: ForgetSealOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        '0x2::object::ID',
        '0x2::clock::Clock'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap", "seal"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'forget_seal',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface AssertVersionArguments {
    cluster: RawTransactionArgument<string>;
}
export interface AssertVersionOptions {
    package?: string;
    arguments: AssertVersionArguments | [
        cluster: RawTransactionArgument<string>
    ];
}
/** Aborts unless the cluster is of this version of the package. */
export function assertVersion(options: AssertVersionOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["cluster"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'assert_version',
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
/** Aborts unless the cap is of this cluster's listener, and not revoked. */
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
export interface ListenerCapStatusArguments {
    cap: RawTransactionArgument<string>;
}
export interface ListenerCapStatusOptions {
    package?: string;
    arguments: ListenerCapStatusArguments | [
        cap: RawTransactionArgument<string>
    ];
}
/** How its listener is: 0 never heard of, 1 serving, 2 draining, 3 stopped. */
export function listenerCapStatus(options: ListenerCapStatusOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["cap"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'listener_cap_status',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface ListenerCapLastHeartbeatMsArguments {
    cap: RawTransactionArgument<string>;
}
export interface ListenerCapLastHeartbeatMsOptions {
    package?: string;
    arguments: ListenerCapLastHeartbeatMsArguments | [
        cap: RawTransactionArgument<string>
    ];
}
/** When its listener said so, ms since 1970; 0 before. */
export function listenerCapLastHeartbeatMs(options: ListenerCapLastHeartbeatMsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["cap"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'listener_cap_last_heartbeat_ms',
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
export interface VersionArguments {
    cluster: RawTransactionArgument<string>;
}
export interface VersionOptions {
    package?: string;
    arguments: VersionArguments | [
        cluster: RawTransactionArgument<string>
    ];
}
/** The version of the package that may use it. */
export function version(options: VersionOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["cluster"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'version',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface PackageOfArguments {
    cluster: RawTransactionArgument<string>;
}
export interface PackageOfOptions {
    package?: string;
    arguments: PackageOfArguments | [
        cluster: RawTransactionArgument<string>
    ];
}
/** The package of that version: whose functions are to be called. */
export function packageOf(options: PackageOfOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["cluster"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'package_of',
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
export interface SettingsArguments {
    cluster: RawTransactionArgument<string>;
}
export interface SettingsOptions {
    package?: string;
    arguments: SettingsArguments | [
        cluster: RawTransactionArgument<string>
    ];
}
/** What its administrator decided. */
export function settings(options: SettingsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["cluster"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'settings',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface ListenerArguments {
    cluster: RawTransactionArgument<string>;
}
export interface ListenerOptions {
    package?: string;
    arguments: ListenerArguments | [
        cluster: RawTransactionArgument<string>
    ];
}
/** What its listener told. */
export function listener(options: ListenerOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["cluster"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'listener',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface HasListenerCapArguments {
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
}
export interface HasListenerCapOptions {
    package?: string;
    arguments: HasListenerCapArguments | [
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>
    ];
}
/** Whether a ListenerCap is good. */
export function hasListenerCap(options: HasListenerCapOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        '0x2::object::ID'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'has_listener_cap',
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
/** Whether the administrator revoked a seal by its id. */
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
export interface CreatedAtMsArguments {
    cluster: RawTransactionArgument<string>;
}
export interface CreatedAtMsOptions {
    package?: string;
    arguments: CreatedAtMsArguments | [
        cluster: RawTransactionArgument<string>
    ];
}
/** ms since 1970. */
export function createdAtMs(options: CreatedAtMsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["cluster"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'cluster',
        function: 'created_at_ms',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}