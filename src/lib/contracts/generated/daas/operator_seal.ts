/**************************************************************
 * THIS FILE IS GENERATED AND SHOULD NOT BE MANUALLY MODIFIED *
 **************************************************************/


/**
 * Seals of operators: who runs a node may run commands, as far as the node's stake
 * and score go.
 */

import { type Transaction } from '@mysten/sui/transactions';
import { normalizeMoveArguments, type RawTransactionArgument } from '../utils/index.ts';
export interface CalculatePermissionsForNodeArguments {
    cluster: RawTransactionArgument<string>;
    amount: RawTransactionArgument<number | bigint>;
    score: RawTransactionArgument<number | bigint>;
}
export interface CalculatePermissionsForNodeOptions {
    package?: string;
    arguments: CalculatePermissionsForNodeArguments | [
        cluster: RawTransactionArgument<string>,
        amount: RawTransactionArgument<number | bigint>,
        score: RawTransactionArgument<number | bigint>
    ];
}
/**
 * What a node's stake of an amount allows at a score: below 500 the stake counts
 * for less, in proportion.
 */
export function calculatePermissionsForNode(options: CalculatePermissionsForNodeOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        'u64',
        'u64'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "amount", "score"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'operator_seal',
        function: 'calculate_permissions_for_node',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface CreateOperatorSealTokenArguments {
    cluster: RawTransactionArgument<string>;
    stake: RawTransactionArgument<string>;
    worker: RawTransactionArgument<string>;
    tokenHash: RawTransactionArgument<Array<number>>;
    ttlMs: RawTransactionArgument<number | bigint>;
}
export interface CreateOperatorSealTokenOptions {
    package?: string;
    arguments: CreateOperatorSealTokenArguments | [
        cluster: RawTransactionArgument<string>,
        stake: RawTransactionArgument<string>,
        worker: RawTransactionArgument<string>,
        tokenHash: RawTransactionArgument<Array<number>>,
        ttlMs: RawTransactionArgument<number | bigint>
    ];
}
/**
 * Makes a seal for the operator of a registered node, for an hour at most: it goes
 * to the sender, the staker.
 */
export function createOperatorSealToken(options: CreateOperatorSealTokenOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        null,
        'vector<u8>',
        'u64',
        '0x2::clock::Clock'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "stake", "worker", "tokenHash", "ttlMs"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'operator_seal',
        function: 'create_operator_seal_token',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface RotateArguments {
    seal: RawTransactionArgument<string>;
    cluster: RawTransactionArgument<string>;
    stake: RawTransactionArgument<string>;
    worker: RawTransactionArgument<string>;
    tokenHash: RawTransactionArgument<Array<number>>;
    ttlMs: RawTransactionArgument<number | bigint>;
}
export interface RotateOptions {
    package?: string;
    arguments: RotateArguments | [
        seal: RawTransactionArgument<string>,
        cluster: RawTransactionArgument<string>,
        stake: RawTransactionArgument<string>,
        worker: RawTransactionArgument<string>,
        tokenHash: RawTransactionArgument<Array<number>>,
        ttlMs: RawTransactionArgument<number | bigint>
    ];
}
/**
 * Gives an operator's seal a new secret, an hour at most, and the permissions of
 * stake and score as they are now.
 */
export function rotate(options: RotateOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        null,
        null,
        'vector<u8>',
        'u64',
        '0x2::clock::Clock'
    ] satisfies (string | null)[];
    const parameterNames = ["seal", "cluster", "stake", "worker", "tokenHash", "ttlMs"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'operator_seal',
        function: 'rotate',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}