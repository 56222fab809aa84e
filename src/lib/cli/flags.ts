import {Args, Flags} from '@oclif/core'

/** Which chain, cluster and key: shared by every command that goes to the chain. */
export const chainFlags = {
  network: Flags.string({
    summary: 'network: devnet, localnet, testnet, mainnet or a URL (default devnet)',
    helpValue: 'NETWORK',
    env: 'DAAS_NETWORK',
    helpGroup: 'CHAIN',
  }),
  'rpc-url': Flags.string({
    summary: 'URL of the gRPC API of the network',
    helpValue: 'URL',
    env: 'DAAS_RPC_URL',
    helpGroup: 'CHAIN',
  }),
  cluster: Flags.string({
    char: 'c',
    summary: 'name of a cluster (daas cluster list), or its object id',
    helpValue: 'NAME|ID',
    env: 'DAAS_CLUSTER',
    helpGroup: 'CHAIN',
  }),
}

/** Whose key signs: shared by every command that sends a transaction. */
export const signerFlags = {
  'key-file': Flags.string({
    summary: 'file (0600) with the private key; default the Sui keystore',
    helpValue: 'FILE',
    env: 'DAAS_KEY_FILE',
    helpGroup: 'CHAIN',
  }),
  address: Flags.string({
    summary: 'address to sign for, where the Sui keystore holds several',
    helpValue: 'ADDRESS',
    env: 'DAAS_ADDRESS',
    helpGroup: 'CHAIN',
  }),
}

/** `--dry-run`: simulate, show the fee, send nothing. */
export const dryRunFlag = {
  'dry-run': Flags.boolean({summary: 'simulate and show the fee, send nothing', env: 'DAAS_DRY_RUN'}),
}

/** For acts of an administrator: `--dry-run`, and `--unsigned` for whoever signs elsewhere. */
export const adminFlags = {
  ...dryRunFlag,
  unsigned: Flags.boolean({
    summary: 'print the transaction of --address to be signed elsewhere (base64), send nothing',
    env: 'DAAS_UNSIGNED',
    exclusive: ['dry-run'],
  }),
}

/** `--yes`: what cannot be undone is not asked about. */
export const yesFlag = {
  yes: Flags.boolean({char: 'y', summary: 'do not ask', env: 'DAAS_YES'}),
}

/** The parsed values of chainFlags and signerFlags, in whatever subset a command has. */
export interface ChainFlagValues {
  readonly network?: string | undefined
  readonly 'rpc-url'?: string | undefined
  readonly cluster?: string | undefined
  readonly 'key-file'?: string | undefined
  readonly address?: string | undefined
  readonly seal?: string | undefined
  readonly unsigned?: boolean | undefined
}

export {Args, Flags}
