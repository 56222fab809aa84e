/**************************************************************
 * THIS FILE IS GENERATED AND SHOULD NOT BE MANUALLY MODIFIED *
 **************************************************************/


/**
 * Seals that an administrator revoked one by one: a list that stays bounded and
 * never revives a seal.
 */

import { MoveStruct } from '../utils/index.ts';
import { bcs } from '@mysten/sui/bcs';
const $moduleName = '@local-pkg/daas::revocations';
export const Revocation = new MoveStruct({ name: `${$moduleName}::Revocation`, fields: {
        seal: bcs.Address,
        revoked_at_ms: bcs.u64(),
        /** From then on the seal is past its end, whenever it was made: none lives longer. */
        until_ms: bcs.u64()
    } });
export const Revocations = new MoveStruct({ name: `${$moduleName}::Revocations`, fields: {
        entries: bcs.vector(Revocation)
    } });