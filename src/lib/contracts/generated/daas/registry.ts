/**************************************************************
 * THIS FILE IS GENERATED AND SHOULD NOT BE MANUALLY MODIFIED *
 **************************************************************/


/** The names and stakes that are taken in a cluster. */

import { MoveStruct, normalizeMoveArguments, type RawTransactionArgument } from '../utils/index.ts';
import { bcs } from '@mysten/sui/bcs';
import { type Transaction } from '@mysten/sui/transactions';
import * as table from './deps/0x2/table.ts';
const $moduleName = '@local-pkg/daas::registry';
export const NodeRegistry = new MoveStruct({ name: `${$moduleName}::NodeRegistry`, fields: {
        id: bcs.Address,
        cluster: bcs.Address,
        /** Node name to its WorkerNode, which lives as long as the entry. */
        names: table.Table,
        /**
         * Stake to its WorkerNode; entries stay for good, whether the WorkerNode is still
         * there or not.
         */
        stakes: table.Table,
        /** The index of the next worker. */
        next_index: bcs.u64()
    } });
export interface ClusterArguments {
    registry: RawTransactionArgument<string>;
}
export interface ClusterOptions {
    package?: string;
    arguments: ClusterArguments | [
        registry: RawTransactionArgument<string>
    ];
}
/** The cluster of a registry. */
export function cluster(options: ClusterOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["registry"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'registry',
        function: 'cluster',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface HasNameArguments {
    registry: RawTransactionArgument<string>;
    name: RawTransactionArgument<string>;
}
export interface HasNameOptions {
    package?: string;
    arguments: HasNameArguments | [
        registry: RawTransactionArgument<string>,
        name: RawTransactionArgument<string>
    ];
}
/** Whether a name is taken. */
export function hasName(options: HasNameOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        '0x1::string::String'
    ] satisfies (string | null)[];
    const parameterNames = ["registry", "name"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'registry',
        function: 'has_name',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface WorkerOfArguments {
    registry: RawTransactionArgument<string>;
    name: RawTransactionArgument<string>;
}
export interface WorkerOfOptions {
    package?: string;
    arguments: WorkerOfArguments | [
        registry: RawTransactionArgument<string>,
        name: RawTransactionArgument<string>
    ];
}
/** The worker of a name. */
export function workerOf(options: WorkerOfOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        '0x1::string::String'
    ] satisfies (string | null)[];
    const parameterNames = ["registry", "name"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'registry',
        function: 'worker_of',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface HasStakeArguments {
    registry: RawTransactionArgument<string>;
    stake: RawTransactionArgument<string>;
}
export interface HasStakeOptions {
    package?: string;
    arguments: HasStakeArguments | [
        registry: RawTransactionArgument<string>,
        stake: RawTransactionArgument<string>
    ];
}
/** Whether a stake has, or had, a worker. */
export function hasStake(options: HasStakeOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        '0x2::object::ID'
    ] satisfies (string | null)[];
    const parameterNames = ["registry", "stake"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'registry',
        function: 'has_stake',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface NextIndexArguments {
    registry: RawTransactionArgument<string>;
}
export interface NextIndexOptions {
    package?: string;
    arguments: NextIndexArguments | [
        registry: RawTransactionArgument<string>
    ];
}
/** How many workers were ever registered. */
export function nextIndex(options: NextIndexOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["registry"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'registry',
        function: 'next_index',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}