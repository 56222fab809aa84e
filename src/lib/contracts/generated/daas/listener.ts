/**************************************************************
 * THIS FILE IS GENERATED AND SHOULD NOT BE MANUALLY MODIFIED *
 **************************************************************/


/** What a listener tells of itself: where it is, its keys, and the k3s server's. */

import { MoveStruct, normalizeMoveArguments, type RawTransactionArgument } from '../utils/index.ts';
import { bcs } from '@mysten/sui/bcs';
import { type Transaction, type TransactionArgument } from '@mysten/sui/transactions';
const $moduleName = '@local-pkg/daas::listener';
export const Endpoint = new MoveStruct({ name: `${$moduleName}::Endpoint`, fields: {
        min_stake: bcs.u64(),
        urls: bcs.vector(bcs.string())
    } });
export const Listener = new MoveStruct({ name: `${$moduleName}::Listener`, fields: {
        /** Where it answers registrations of stakes that no endpoint is for. */
        urls: bcs.vector(bcs.string()),
        /** Ascending by `min_stake`. */
        endpoints: bcs.vector(Endpoint),
        /** Where agents find the k3s server. */
        k3s_url: bcs.string(),
        /** SHA-256 of the k3s server's CA, or empty. */
        ca_hash: bcs.vector(bcs.u8()),
        k3s_version: bcs.string(),
        /**
         * X25519 public key to which requests are sealed, or empty before the first
         * announcement.
         */
        hpke_key: bcs.vector(bcs.u8()),
        /** SHA-256 of the SPKI DER of its TLS key, or empty. */
        tls_pin: bcs.vector(bcs.u8()),
        /** Counts the HPKE keys announced. */
        key_epoch: bcs.u64(),
        /** The keys before these, or empty; they are good until `previous_until_ms`. */
        previous_hpke_key: bcs.vector(bcs.u8()),
        previous_tls_pin: bcs.vector(bcs.u8()),
        previous_until_ms: bcs.u64(),
        announced_at_ms: bcs.u64()
    } });
export interface UrlsForArguments {
    listener: TransactionArgument;
    amount: RawTransactionArgument<number | bigint>;
}
export interface UrlsForOptions {
    package?: string;
    arguments: UrlsForArguments | [
        listener: TransactionArgument,
        amount: RawTransactionArgument<number | bigint>
    ];
}
/**
 * Where a stake of an amount finds the listener: the endpoint of the largest
 * minimum that it reaches.
 */
export function urlsFor(options: UrlsForOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        'u64'
    ] satisfies (string | null)[];
    const parameterNames = ["listener", "amount"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'listener',
        function: 'urls_for',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface UrlsArguments {
    listener: TransactionArgument;
}
export interface UrlsOptions {
    package?: string;
    arguments: UrlsArguments | [
        listener: TransactionArgument
    ];
}
/** Where it answers stakes that no endpoint is for. */
export function urls(options: UrlsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["listener"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'listener',
        function: 'urls',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface K3sUrlArguments {
    listener: TransactionArgument;
}
export interface K3sUrlOptions {
    package?: string;
    arguments: K3sUrlArguments | [
        listener: TransactionArgument
    ];
}
/** Where the k3s server is. */
export function k3sUrl(options: K3sUrlOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["listener"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'listener',
        function: 'k3s_url',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface CaHashArguments {
    listener: TransactionArgument;
}
export interface CaHashOptions {
    package?: string;
    arguments: CaHashArguments | [
        listener: TransactionArgument
    ];
}
/** SHA-256 of the k3s server's CA, or empty. */
export function caHash(options: CaHashOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["listener"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'listener',
        function: 'ca_hash',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface K3sVersionArguments {
    listener: TransactionArgument;
}
export interface K3sVersionOptions {
    package?: string;
    arguments: K3sVersionArguments | [
        listener: TransactionArgument
    ];
}
/** The version of k3s that agents must run. */
export function k3sVersion(options: K3sVersionOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["listener"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'listener',
        function: 'k3s_version',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface HpkeKeyArguments {
    listener: TransactionArgument;
}
export interface HpkeKeyOptions {
    package?: string;
    arguments: HpkeKeyArguments | [
        listener: TransactionArgument
    ];
}
/** The HPKE key, or empty. */
export function hpkeKey(options: HpkeKeyOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["listener"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'listener',
        function: 'hpke_key',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface TlsPinArguments {
    listener: TransactionArgument;
}
export interface TlsPinOptions {
    package?: string;
    arguments: TlsPinArguments | [
        listener: TransactionArgument
    ];
}
/** The pin of the TLS key, or empty. */
export function tlsPin(options: TlsPinOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["listener"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'listener',
        function: 'tls_pin',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface KeyEpochArguments {
    listener: TransactionArgument;
}
export interface KeyEpochOptions {
    package?: string;
    arguments: KeyEpochArguments | [
        listener: TransactionArgument
    ];
}
/** Counts the HPKE keys announced. */
export function keyEpoch(options: KeyEpochOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["listener"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'listener',
        function: 'key_epoch',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface PreviousKeysArguments {
    listener: TransactionArgument;
    nowMs: RawTransactionArgument<number | bigint>;
}
export interface PreviousKeysOptions {
    package?: string;
    arguments: PreviousKeysArguments | [
        listener: TransactionArgument,
        nowMs: RawTransactionArgument<number | bigint>
    ];
}
/**
 * The HPKE key and the TLS pin before the present ones, empty where they are not
 * good any more.
 */
export function previousKeys(options: PreviousKeysOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        'u64'
    ] satisfies (string | null)[];
    const parameterNames = ["listener", "nowMs"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'listener',
        function: 'previous_keys',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface AnnouncedAtMsArguments {
    listener: TransactionArgument;
}
export interface AnnouncedAtMsOptions {
    package?: string;
    arguments: AnnouncedAtMsArguments | [
        listener: TransactionArgument
    ];
}
/** When it announced itself last; ms since 1970, or 0. */
export function announcedAtMs(options: AnnouncedAtMsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["listener"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'listener',
        function: 'announced_at_ms',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}