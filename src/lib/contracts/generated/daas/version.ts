/**************************************************************
 * THIS FILE IS GENERATED AND SHOULD NOT BE MANUALLY MODIFIED *
 **************************************************************/


/**
 * The version of this package. The only source that an upgrade which changes what
 * clusters mean must change: it raises VERSION, adds a mark of its own (`V2`), and
 * `cluster::migrate` is called for each cluster.
 */

import { MoveStruct } from '../utils/index.ts';
import { bcs } from '@mysten/sui/bcs';
import { type Transaction } from '@mysten/sui/transactions';
const $moduleName = '@local-pkg/daas::version';
export const V1 = new MoveStruct({ name: `${$moduleName}::V1`, fields: {
        dummy_field: bcs.bool()
    } });
export interface CurrentOptions {
    package?: string;
    arguments?: [
    ];
}
/** The version. */
export function current(options: CurrentOptions = {}) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'version',
        function: 'current',
    });
}
export interface PackageOptions {
    package?: string;
    arguments?: [
    ];
}
/** The package that brought it, whose functions are to be called. */
export function _package(options: PackageOptions = {}) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'version',
        function: 'package',
    });
}