/**************************************************************
 * THIS FILE IS GENERATED AND SHOULD NOT BE MANUALLY MODIFIED *
 **************************************************************/


/** Seal tokens: what a stake allows, bound to the hash of a secret. */

import { MoveStruct, normalizeMoveArguments, type RawTransactionArgument } from '../utils/index.ts';
import { bcs } from '@mysten/sui/bcs';
import { type Transaction } from '@mysten/sui/transactions';
const $moduleName = '@local-pkg/daas::seal_token';
export const SealToken = new MoveStruct({ name: `${$moduleName}::SealToken`, fields: {
        id: bcs.Address,
        cluster: bcs.Address,
        owner: bcs.Address,
        /** What it was made of: a Stake, or a UserPermission. */
        stake: bcs.Address,
        /** MIST when it was sealed; 0 for a grant. */
        stake_amount: bcs.u64(),
        /** 0 worker, 1 user, 2 administrator, 3 user by a grant, 4 operator of a node. */
        kind: bcs.u8(),
        /** SHA-256 of the secret token. */
        token_hash: bcs.vector(bcs.u8()),
        /** `verb:resource`; none for a worker. */
        permissions: bcs.vector(bcs.string()),
        created_at_ms: bcs.u64(),
        expires_at_ms: bcs.u64(),
        /** Counts the rotations. */
        revision: bcs.u64(),
        /** The last 64 request ids, as a ring. */
        recent_requests: bcs.vector(bcs.vector(bcs.u8())),
        /** Counts the requests made with it. */
        request_count: bcs.u64()
    } });
export const SealTokenCreated = new MoveStruct({ name: `${$moduleName}::SealTokenCreated`, fields: {
        seal: bcs.Address,
        cluster: bcs.Address,
        owner: bcs.Address,
        stake: bcs.Address,
        kind: bcs.u8(),
        expires_at_ms: bcs.u64(),
        created_at_ms: bcs.u64(),
        stake_amount: bcs.u64(),
        token_hash: bcs.vector(bcs.u8()),
        permissions: bcs.vector(bcs.string())
    } });
export const SealTokenRotated = new MoveStruct({ name: `${$moduleName}::SealTokenRotated`, fields: {
        seal: bcs.Address,
        cluster: bcs.Address,
        revision: bcs.u64(),
        expires_at_ms: bcs.u64(),
        stake_amount: bcs.u64(),
        token_hash: bcs.vector(bcs.u8()),
        permissions: bcs.vector(bcs.string())
    } });
export const SealTokenRevoked = new MoveStruct({ name: `${$moduleName}::SealTokenRevoked`, fields: {
        seal: bcs.Address,
        cluster: bcs.Address
    } });
export interface CreateWorkerSealTokenArguments {
    cluster: RawTransactionArgument<string>;
    stake: RawTransactionArgument<string>;
    tokenHash: RawTransactionArgument<Array<number>>;
    ttlMs: RawTransactionArgument<number | bigint>;
}
export interface CreateWorkerSealTokenOptions {
    package?: string;
    arguments: CreateWorkerSealTokenArguments | [
        cluster: RawTransactionArgument<string>,
        stake: RawTransactionArgument<string>,
        tokenHash: RawTransactionArgument<Array<number>>,
        ttlMs: RawTransactionArgument<number | bigint>
    ];
}
/**
 * Seals a node's stake: the seal goes to the sender, who must be the staker.
 * `ttl_ms` is cut to the cluster's limit.
 */
export function createWorkerSealToken(options: CreateWorkerSealTokenOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        'vector<u8>',
        'u64',
        '0x2::clock::Clock'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "stake", "tokenHash", "ttlMs"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'seal_token',
        function: 'create_worker_seal_token',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface CreateUserSealTokenArguments {
    cluster: RawTransactionArgument<string>;
    stake: RawTransactionArgument<string>;
    tokenHash: RawTransactionArgument<Array<number>>;
    ttlMs: RawTransactionArgument<number | bigint>;
}
export interface CreateUserSealTokenOptions {
    package?: string;
    arguments: CreateUserSealTokenArguments | [
        cluster: RawTransactionArgument<string>,
        stake: RawTransactionArgument<string>,
        tokenHash: RawTransactionArgument<Array<number>>,
        ttlMs: RawTransactionArgument<number | bigint>
    ];
}
/** Seals a user's or an administrator's stake. As `create_worker_seal_token`. */
export function createUserSealToken(options: CreateUserSealTokenOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        'vector<u8>',
        'u64',
        '0x2::clock::Clock'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "stake", "tokenHash", "ttlMs"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'seal_token',
        function: 'create_user_seal_token',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface RotateArguments {
    seal: RawTransactionArgument<string>;
    cluster: RawTransactionArgument<string>;
    stake: RawTransactionArgument<string>;
    tokenHash: RawTransactionArgument<Array<number>>;
    ttlMs: RawTransactionArgument<number | bigint>;
}
export interface RotateOptions {
    package?: string;
    arguments: RotateArguments | [
        seal: RawTransactionArgument<string>,
        cluster: RawTransactionArgument<string>,
        stake: RawTransactionArgument<string>,
        tokenHash: RawTransactionArgument<Array<number>>,
        ttlMs: RawTransactionArgument<number | bigint>
    ];
}
/**
 * Gives a seal of a stake a new secret and a new time to live, and the permissions
 * of the stake as it is now.
 */
export function rotate(options: RotateOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        null,
        'vector<u8>',
        'u64',
        '0x2::clock::Clock'
    ] satisfies (string | null)[];
    const parameterNames = ["seal", "cluster", "stake", "tokenHash", "ttlMs"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'seal_token',
        function: 'rotate',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface RevokeArguments {
    seal: RawTransactionArgument<string>;
}
export interface RevokeOptions {
    package?: string;
    arguments: RevokeArguments | [
        seal: RawTransactionArgument<string>
    ];
}
/** Ends a seal. */
export function revoke(options: RevokeOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["seal"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'seal_token',
        function: 'revoke',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface HasPermissionArguments {
    seal: RawTransactionArgument<string>;
    verb: RawTransactionArgument<string>;
    resource: RawTransactionArgument<string>;
}
export interface HasPermissionOptions {
    package?: string;
    arguments: HasPermissionArguments | [
        seal: RawTransactionArgument<string>,
        verb: RawTransactionArgument<string>,
        resource: RawTransactionArgument<string>
    ];
}
/** Whether the seal allows a verb on a resource (`resource`, or `group/resource`). */
export function hasPermission(options: HasPermissionOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        '0x1::string::String',
        '0x1::string::String'
    ] satisfies (string | null)[];
    const parameterNames = ["seal", "verb", "resource"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'seal_token',
        function: 'has_permission',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface CalculatePermissionsArguments {
    cluster: RawTransactionArgument<string>;
    amount: RawTransactionArgument<number | bigint>;
}
export interface CalculatePermissionsOptions {
    package?: string;
    arguments: CalculatePermissionsArguments | [
        cluster: RawTransactionArgument<string>,
        amount: RawTransactionArgument<number | bigint>
    ];
}
/** What a stake of an amount allows: all tiers up to it. */
export function calculatePermissions(options: CalculatePermissionsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        'u64'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "amount"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'seal_token',
        function: 'calculate_permissions',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface GetNautilusInfoForWorkerArguments {
    cluster: RawTransactionArgument<string>;
    seal: RawTransactionArgument<string>;
}
export interface GetNautilusInfoForWorkerOptions {
    package?: string;
    arguments: GetNautilusInfoForWorkerArguments | [
        cluster: RawTransactionArgument<string>,
        seal: RawTransactionArgument<string>
    ];
}
/**
 * What a worker needs to find its listener: the URLs for its stake, HPKE key, TLS
 * pin. Only for the owner of a live seal of this cluster.
 */
export function getNautilusInfoForWorker(options: GetNautilusInfoForWorkerOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        '0x2::clock::Clock'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "seal"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'seal_token',
        function: 'get_nautilus_info_for_worker',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface ClusterArguments {
    seal: RawTransactionArgument<string>;
}
export interface ClusterOptions {
    package?: string;
    arguments: ClusterArguments | [
        seal: RawTransactionArgument<string>
    ];
}
/** The cluster. */
export function cluster(options: ClusterOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["seal"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'seal_token',
        function: 'cluster',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface OwnerArguments {
    seal: RawTransactionArgument<string>;
}
export interface OwnerOptions {
    package?: string;
    arguments: OwnerArguments | [
        seal: RawTransactionArgument<string>
    ];
}
/** Who owns it. */
export function owner(options: OwnerOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["seal"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'seal_token',
        function: 'owner',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface StakeArguments {
    seal: RawTransactionArgument<string>;
}
export interface StakeOptions {
    package?: string;
    arguments: StakeArguments | [
        seal: RawTransactionArgument<string>
    ];
}
/** What it was made of: a Stake, or a UserPermission. */
export function stake(options: StakeOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["seal"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'seal_token',
        function: 'stake',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface StakeAmountArguments {
    seal: RawTransactionArgument<string>;
}
export interface StakeAmountOptions {
    package?: string;
    arguments: StakeAmountArguments | [
        seal: RawTransactionArgument<string>
    ];
}
/** MIST when it was sealed. */
export function stakeAmount(options: StakeAmountOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["seal"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'seal_token',
        function: 'stake_amount',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface KindArguments {
    seal: RawTransactionArgument<string>;
}
export interface KindOptions {
    package?: string;
    arguments: KindArguments | [
        seal: RawTransactionArgument<string>
    ];
}
/** 0 worker, 1 user, 2 administrator, 3 user by a grant, 4 operator of a node. */
export function kind(options: KindOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["seal"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'seal_token',
        function: 'kind',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface TokenHashArguments {
    seal: RawTransactionArgument<string>;
}
export interface TokenHashOptions {
    package?: string;
    arguments: TokenHashArguments | [
        seal: RawTransactionArgument<string>
    ];
}
/** SHA-256 of the token. */
export function tokenHash(options: TokenHashOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["seal"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'seal_token',
        function: 'token_hash',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface PermissionsArguments {
    seal: RawTransactionArgument<string>;
}
export interface PermissionsOptions {
    package?: string;
    arguments: PermissionsArguments | [
        seal: RawTransactionArgument<string>
    ];
}
/** `verb:resource`. */
export function permissions(options: PermissionsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["seal"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'seal_token',
        function: 'permissions',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface ExpiresAtMsArguments {
    seal: RawTransactionArgument<string>;
}
export interface ExpiresAtMsOptions {
    package?: string;
    arguments: ExpiresAtMsArguments | [
        seal: RawTransactionArgument<string>
    ];
}
/** ms since 1970. */
export function expiresAtMs(options: ExpiresAtMsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["seal"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'seal_token',
        function: 'expires_at_ms',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface CreatedAtMsArguments {
    seal: RawTransactionArgument<string>;
}
export interface CreatedAtMsOptions {
    package?: string;
    arguments: CreatedAtMsArguments | [
        seal: RawTransactionArgument<string>
    ];
}
/** ms since 1970. */
export function createdAtMs(options: CreatedAtMsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["seal"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'seal_token',
        function: 'created_at_ms',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface IsRevokedArguments {
    seal: RawTransactionArgument<string>;
    cluster: RawTransactionArgument<string>;
}
export interface IsRevokedOptions {
    package?: string;
    arguments: IsRevokedArguments | [
        seal: RawTransactionArgument<string>,
        cluster: RawTransactionArgument<string>
    ];
}
/** Whether the administrator revoked it, alone or with all that are as old. */
export function isRevoked(options: IsRevokedOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null
    ] satisfies (string | null)[];
    const parameterNames = ["seal", "cluster"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'seal_token',
        function: 'is_revoked',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface RevisionArguments {
    seal: RawTransactionArgument<string>;
}
export interface RevisionOptions {
    package?: string;
    arguments: RevisionArguments | [
        seal: RawTransactionArgument<string>
    ];
}
/** Counts the rotations. */
export function revision(options: RevisionOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["seal"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'seal_token',
        function: 'revision',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface RequestCountArguments {
    seal: RawTransactionArgument<string>;
}
export interface RequestCountOptions {
    package?: string;
    arguments: RequestCountArguments | [
        seal: RawTransactionArgument<string>
    ];
}
/** Counts the requests made with it. */
export function requestCount(options: RequestCountOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["seal"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'seal_token',
        function: 'request_count',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface IsExpiredArguments {
    seal: RawTransactionArgument<string>;
}
export interface IsExpiredOptions {
    package?: string;
    arguments: IsExpiredArguments | [
        seal: RawTransactionArgument<string>
    ];
}
/** Whether it is expired. */
export function isExpired(options: IsExpiredOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        '0x2::clock::Clock'
    ] satisfies (string | null)[];
    const parameterNames = ["seal"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'seal_token',
        function: 'is_expired',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}