import type {World} from '../devnet/world.ts'
import {renderFields, renderTable} from './table.ts'

/** What `daas devnet` says it is, for people and machines. The keys are derived from the seed and so no secrets. */
export interface DevnetBanner {
  rpcUrl: string
  faucetUrl: string
  chainId: string
  package: string
  cluster: string
  kubernetes:
    | {
        kind: string
        label: string
        kubeconfig: string
        url: string
        /** What joins it as a node; absent where that takes a k3s of one's own. */
        joinPartner: {kind: string; bin: string} | undefined
      }
    | undefined
  accounts: {address: string}[]
  people: Record<string, {address: string; keyFile: string}>
  env: Record<string, string>
  warning: string
}

/** Describes a running world. */
export function bannerOf({devnet, cluster, people, kubernetes, env}: World): DevnetBanner {
  return {
    rpcUrl: devnet.url,
    faucetUrl: devnet.faucetUrl,
    chainId: devnet.chainId,
    package: cluster.package,
    cluster: cluster.cluster,
    kubernetes: kubernetes && {
      kind: kubernetes.kind,
      label: kubernetes.label,
      kubeconfig: kubernetes.kubeconfigFile,
      url: kubernetes.url,
      joinPartner: kubernetes.joinPartner && {
        kind: kubernetes.joinPartner.kind,
        bin: kubernetes.joinPartner.bin,
      },
    },
    accounts: devnet.accounts.map(({address}) => ({address})),
    people: Object.fromEntries(
      Object.entries(people).map(([person, {address, keyFile}]) => [person, {address, keyFile}]),
    ),
    env: {...env},
    warning:
      'these keys are public: anyone can derive them from the seed. Never send anything of value to them.',
  }
}

/** The banner on a terminal. */
export function renderDevnet(banner: DevnetBanner): string {
  const partner = banner.kubernetes?.joinPartner
  return [
    `WARNING: ${banner.warning}`,
    '',
    renderFields([
      ['RPC (gRPC, gRPC-web)', banner.rpcUrl],
      ['faucet', `${banner.faucetUrl}/v2/gas`],
      ['chain', banner.chainId],
      ['package', banner.package],
      ['cluster', banner.cluster],
      ['Kubernetes', banner.kubernetes && `${banner.kubernetes.url} (${banner.kubernetes.label})`],
    ]),
    '',
    renderTable(
      ['WHO', 'ADDRESS', 'KEY FILE'],
      Object.entries(banner.people).map(([person, {address, keyFile}]) => [person, address, keyFile]),
    ),
    '',
    'To use it as the node operator:',
    ...Object.entries(banner.env).map(([name, value]) => `  export ${name}=${value}`),
    '',
    'To run the listener:',
    `  daas listen --key-file ${banner.people.listener?.keyFile ?? ''} --kubeconfig ${banner.kubernetes?.kubeconfig ?? 'FILE'}`,
    ...(partner
      ? [
          '',
          `To join a node (${partner.kind} agent), once staked:`,
          `  daas join --node worker-1 --k3s-bin ${partner.bin}`,
        ]
      : []),
  ].join('\n')
}
