import * as cluster from './generated/daas/cluster.ts'
import type {Listener} from './generated/daas/listener.ts'
import type {Settings} from './generated/daas/settings.ts'
import type {RawObject} from './objects.ts'

/** What stakes of at least `minStake` MIST allow, beside what smaller ones allow. */
export interface TierInfo {
  readonly minStake: bigint
  readonly permissions: string[]
}

/** Where stakes of at least `minStake` MIST find the listener. */
export interface EndpointInfo {
  readonly minStake: bigint
  readonly urls: string[]
}

/** What an administrator sets. Amounts in MIST, times in ms, `minStake` and `lockMs` for node, user, admin. */
export interface SettingsInfo {
  readonly minStake: bigint[]
  readonly lockMs: bigint[]
  /** From the wish to withdraw to the withdrawal; 0: none. */
  readonly unbondingMs: bigint
  readonly writeMinStake: bigint
  /** What single verbs need of their own. */
  readonly verbMinStake: Readonly<Record<string, bigint>>
  readonly slashBps: bigint
  readonly treasury: string
  /** By priority 0 to 3. */
  readonly requestTtlMs: bigint[]
  /** By priority 0 to 3. */
  readonly responseTtlMs: bigint[]
  readonly maxSealTtlMs: bigint
  readonly maxEnvelopeBytes: bigint
  /** How long the listener's previous keys stay good after new ones. */
  readonly keyOverlapMs: bigint
  readonly tiers: TierInfo[]
  /** Seals made before this are revoked. */
  readonly sealsValidFromMs: bigint
  /** The largest `maxSealTtlMs` so far. */
  readonly longestSealTtlMs: bigint
  readonly paused: boolean
}

/** What a listener announces. */
export interface ListenerInfo {
  readonly listenerUrls: string[]
  /** Ascending; a stake that none is for goes to `listenerUrls`. */
  readonly endpoints: EndpointInfo[]
  readonly k3sUrl: string
  /** SHA-256 as 64 hex digits, or ''. */
  readonly caHash: string
  readonly k3sVersion: string
  /** X25519 public key, 32 bytes; empty before the first announcement. */
  readonly listenerHpkeKey: Uint8Array
  /** SHA-256 of the SPKI DER of the listener's TLS key; empty before the first announcement. */
  readonly listenerTlsPin: Uint8Array
  readonly keyEpoch: bigint
  /** The keys before, good until `previousUntilMs`; or empty. */
  readonly previousHpkeKey: Uint8Array
  readonly previousTlsPin: Uint8Array
  readonly previousUntilMs: bigint
  readonly announcedAtMs: bigint
}

/** A seal that the administrator revoked by its id. Times in ms. */
export interface RevocationInfo {
  readonly seal: string
  readonly revokedAtMs: bigint
  /** From then on the seal is past its end and can be forgotten. */
  readonly untilMs: bigint
}

/** A Cluster object. Amounts in MIST, times in ms. */
export interface ClusterInfo extends SettingsInfo, ListenerInfo {
  readonly id: string
  /** The package that defines its type, and those of all objects and events: the first version. */
  readonly packageId: string
  /** Of the package that may use it. */
  readonly version: bigint
  /** The package that brought that version, as the chain tells it; after an upgrade it is not `packageId`. */
  readonly versionPackageId: string
  readonly name: string
  readonly revokedSeals: string[]
  /** The same, with their times. */
  readonly revocations: RevocationInfo[]
  readonly createdAtMs: bigint
  /** Id of its NodeRegistry. */
  readonly registry: string
  /** Ids of the ListenerCaps that are good. */
  readonly listenerCaps: string[]
}

/** Reads the BCS of a Cluster. */
export function clusterInfo({id, packageId, content}: RawObject): ClusterInfo {
  const raw = cluster.Cluster.parse(content)
  return {
    id,
    packageId,
    version: BigInt(raw.version),
    versionPackageId: raw.package,
    name: raw.name,
    ...settingsInfo(raw.settings),
    ...listenerInfo(raw.listener),
    revokedSeals: raw.revoked_seals.entries.map(({seal}) => seal),
    revocations: raw.revoked_seals.entries.map((entry) => ({
      seal: entry.seal,
      revokedAtMs: BigInt(entry.revoked_at_ms),
      untilMs: BigInt(entry.until_ms),
    })),
    createdAtMs: BigInt(raw.created_at_ms),
    registry: raw.registry,
    listenerCaps: raw.listener_caps.contents,
  }
}

/** Reads settings, of an object or of an event. */
export function settingsInfo(raw: typeof Settings.$inferType): SettingsInfo {
  return {
    minStake: raw.min_stake.map(BigInt),
    lockMs: raw.lock_ms.map(BigInt),
    unbondingMs: BigInt(raw.unbonding_ms),
    writeMinStake: BigInt(raw.write_min_stake),
    verbMinStake: Object.fromEntries(
      raw.verb_min_stake.contents.map(({key, value}) => [key, BigInt(value)] as const),
    ),
    slashBps: BigInt(raw.slash_bps),
    treasury: raw.treasury,
    requestTtlMs: raw.request_ttl_ms.map(BigInt),
    responseTtlMs: raw.response_ttl_ms.map(BigInt),
    maxSealTtlMs: BigInt(raw.max_seal_ttl_ms),
    maxEnvelopeBytes: BigInt(raw.max_envelope_bytes),
    keyOverlapMs: BigInt(raw.key_overlap_ms),
    tiers: raw.tiers.map((tier) => ({minStake: BigInt(tier.min_stake), permissions: tier.permissions})),
    sealsValidFromMs: BigInt(raw.seals_valid_from_ms),
    longestSealTtlMs: BigInt(raw.longest_seal_ttl_ms),
    paused: raw.paused,
  }
}

/** Reads what a listener announced, of an object or of an event. */
export function listenerInfo(raw: typeof Listener.$inferType): ListenerInfo {
  return {
    listenerUrls: raw.urls,
    endpoints: raw.endpoints.map(({min_stake, urls}) => ({minStake: BigInt(min_stake), urls})),
    k3sUrl: raw.k3s_url,
    caHash: Buffer.from(raw.ca_hash).toString('hex'),
    k3sVersion: raw.k3s_version,
    listenerHpkeKey: Uint8Array.from(raw.hpke_key),
    listenerTlsPin: Uint8Array.from(raw.tls_pin),
    keyEpoch: BigInt(raw.key_epoch),
    previousHpkeKey: Uint8Array.from(raw.previous_hpke_key),
    previousTlsPin: Uint8Array.from(raw.previous_tls_pin),
    previousUntilMs: BigInt(raw.previous_until_ms),
    announcedAtMs: BigInt(raw.announced_at_ms),
  }
}
