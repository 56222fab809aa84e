/**************************************************************
 * THIS FILE IS GENERATED AND SHOULD NOT BE MANUALLY MODIFIED *
 **************************************************************/


/** Seals of grants: for users without a stake. */

import { type Transaction } from '@mysten/sui/transactions';
import { normalizeMoveArguments, type RawTransactionArgument } from '../utils/index.ts';
export interface CreateGrantedSealTokenArguments {
    cluster: RawTransactionArgument<string>;
    grant: RawTransactionArgument<string>;
    tokenHash: RawTransactionArgument<Array<number>>;
    ttlMs: RawTransactionArgument<number | bigint>;
}
export interface CreateGrantedSealTokenOptions {
    package?: string;
    arguments: CreateGrantedSealTokenArguments | [
        cluster: RawTransactionArgument<string>,
        grant: RawTransactionArgument<string>,
        tokenHash: RawTransactionArgument<Array<number>>,
        ttlMs: RawTransactionArgument<number | bigint>
    ];
}
/**
 * Makes a seal of a grant: it goes to the sender, whom the grant must name. It
 * ends with the grant at the latest.
 */
export function createGrantedSealToken(options: CreateGrantedSealTokenOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        'vector<u8>',
        'u64',
        '0x2::clock::Clock'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "grant", "tokenHash", "ttlMs"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'granted_seal',
        function: 'create_granted_seal_token',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface RotateArguments {
    seal: RawTransactionArgument<string>;
    cluster: RawTransactionArgument<string>;
    grant: RawTransactionArgument<string>;
    tokenHash: RawTransactionArgument<Array<number>>;
    ttlMs: RawTransactionArgument<number | bigint>;
}
export interface RotateOptions {
    package?: string;
    arguments: RotateArguments | [
        seal: RawTransactionArgument<string>,
        cluster: RawTransactionArgument<string>,
        grant: RawTransactionArgument<string>,
        tokenHash: RawTransactionArgument<Array<number>>,
        ttlMs: RawTransactionArgument<number | bigint>
    ];
}
/** Gives a seal of a grant a new secret and a new time to live. */
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
    const parameterNames = ["seal", "cluster", "grant", "tokenHash", "ttlMs"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'granted_seal',
        function: 'rotate',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}