import type {TransactionArgument} from '@mysten/sui/transactions'

/** An object: its id, or a result of a command before. */
export type ObjectRef = string | TransactionArgument

/** What every call names: the published package and the cluster. */
export interface ClusterCall {
  readonly packageId: string
  readonly cluster: ObjectRef
}
