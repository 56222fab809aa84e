import assert from 'node:assert/strict'
import * as administration from '../../../src/lib/contracts/administration.ts'
import {createGrantedSeal, pruneGrant} from '../../../src/lib/contracts/grants.ts'
import type {ClusterCall} from '../../../src/lib/contracts/transactions/call.ts'
import * as clusterCalls from '../../../src/lib/contracts/transactions/cluster.ts'
import * as requestCalls from '../../../src/lib/contracts/transactions/requests.ts'
import * as sealCalls from '../../../src/lib/contracts/transactions/seals.ts'
import * as stakeCalls from '../../../src/lib/contracts/transactions/staking.ts'
import {abortNameOf, made, type Rig} from './rig.ts'
import type {Random} from './seeded-random.ts'

const SUI = 1_000_000_000n
const HOUR = 3_600_000n

interface Owned {
  owner: number
  stake: string
  ticket: string
  kind: number
  amount: bigint
  status: number
  unbondingUntilMs: bigint
  lockedUntilMs: bigint
  seals: {id: string; revoked: boolean; expiresAtMs: bigint; permissions: boolean}[]
}

/** A random life: every step says beforehand how it must end. */
export class Life {
  readonly #rig: Rig
  readonly #random: Random
  readonly #time: {ms: number}
  readonly #stakes: Owned[] = []
  readonly #requests: {id: string; expiresAtMs: bigint; answered: boolean; until: bigint}[] = []
  readonly #grants: {id: string; user: number; expiresAtMs: bigint; revoked: boolean; seal?: string; until?: bigint}[] = []
  readonly ends = new Map<string, number>()
  #paused = false
  #unbondingMs = 0n
  #lockMs = 0n
  #bps = 1000n
  #ids = 0

  constructor(rig: Rig, random: Random, time: {ms: number}) {
    this.#rig = rig
    this.#random = random
    this.#time = time
  }

  get #now(): bigint {
    return BigInt(this.#time.ms)
  }

  get #call(): ClusterCall {
    return {packageId: this.#rig.packageId, cluster: this.#rig.cluster.id}
  }

  get #admin(): administration.AdminCall {
    return {...this.#call, cap: this.#rig.adminCap}
  }

  async step(): Promise<void> {
    this.#time.ms += this.#random.pick([0, 1, 500, 4_000, 70_000])
    const acts = [
      () => this.#stake(),
      () => this.#stake(),
      () => this.#add(),
      () => this.#slash(),
      () => this.#unstake(),
      () => this.#withdraw(),
      () => this.#withdraw(),
      () => this.#seal(),
      () => this.#seal(),
      () => this.#command(),
      () => this.#command(),
      () => this.#answer(),
      () => this.#prune(),
      () => this.#grant(),
      () => this.#useGrant(),
      () => this.#revoke(),
      () => this.#set(),
      ...(this.#paused ? Array.from({length: 6}, () => () => this.#set()) : []),
    ]
    let expected = 'nothing'
    while (expected === 'nothing') expected = await this.#random.pick(acts)()
    this.ends.set(expected, (this.ends.get(expected) ?? 0) + 1)
  }

  /** Does it and checks how it ended. */
  async #do(
    signer: number,
    expected: string,
    build: Parameters<Rig['run']>[1],
    done?: (tx: Awaited<ReturnType<Rig['run']>>) => void,
  ): Promise<string> {
    const attempt = this.#rig.run(this.#rig.signers[signer]!, build)
    assert.equal(await abortNameOf(attempt), expected)
    if (expected === '') done?.(await attempt)
    return expected
  }

  async #stake(): Promise<string> {
    const owner = 1 + this.#random.below(2)
    const amount = this.#random.pick([SUI - 1n, SUI, SUI + 3n, 7n * SUI])
    const kind = this.#random.below(2)
    const expected = this.#paused ? 'E_PAUSED' : amount < SUI ? 'E_BELOW_MINIMUM' : ''
    const nodeId = `w${this.#ids++}`
    return this.#do(
      owner,
      expected,
      (tx) =>
        kind === 0
          ? stakeCalls.stakeForNode(tx, {...this.#call, amount, nodeId})
          : stakeCalls.stakeForUser(tx, {...this.#call, amount}),
      (tx) => {
        const [stake, ticket] = [made(tx, '::staking::Stake'), made(tx, '::staking::StakeTicket')]
        const terms = {unbondingUntilMs: 0n, lockedUntilMs: this.#now + this.#lockMs}
        this.#stakes.push({owner, stake, ticket, kind, amount, status: 0, ...terms, seals: []})
      },
    )
  }

  async #add(): Promise<string> {
    const it = this.#random.pick(this.#stakes)
    if (it === undefined) return 'nothing'
    const signer = this.#random.below(4) === 0 ? 3 - it.owner : it.owner
    const amount = BigInt(this.#random.below(3)) * 7n
    const expected = this.#paused
      ? 'E_PAUSED'
      : signer !== it.owner
        ? 'E_NOT_STAKER'
        : it.status !== 0
          ? 'E_NOT_ACTIVE'
          : amount === 0n
            ? 'E_ZERO_AMOUNT'
            : ''
    const act = {...this.#call, stake: it.stake, amount}
    return this.#do(signer, expected, (tx) => stakeCalls.addStake(tx, act), () => (it.amount += amount))
  }

  async #slash(): Promise<string> {
    const it = this.#random.pick(this.#stakes)
    if (it === undefined) return 'nothing'
    const all = this.#random.pick([undefined, 0n, 1n, it.amount, it.amount + 1n])
    const amount = all ?? (it.amount * this.#bps + 9_999n) / 10_000n
    const expected =
      all === 0n ? 'E_ZERO_AMOUNT' : it.amount === 0n ? 'E_NOTHING_TO_SLASH' : amount > it.amount ? 'E_SLASH_TOO_LARGE' : ''
    const act = {...this.#admin, stake: it.stake, reason: 'lied', ...(all === undefined ? {} : {amount: all})}
    return this.#do(0, expected, (tx) => stakeCalls.slashStake(tx, act), () => {
      it.amount -= amount
      it.status = 2
      const until = this.#now + this.#unbondingMs
      if (this.#unbondingMs > 0n && until > it.unbondingUntilMs) it.unbondingUntilMs = until
    })
  }

  async #unstake(): Promise<string> {
    const it = this.#random.pick(this.#stakes)
    if (it === undefined) return 'nothing'
    const act = {...this.#call, stake: it.stake}
    const expected = it.status === 0 ? '' : 'E_NOT_ACTIVE'
    return this.#do(it.owner, expected, (tx) => stakeCalls.requestUnstake(tx, act), () => {
      it.status = 1
      it.unbondingUntilMs = this.#now + this.#unbondingMs
    })
  }

  async #withdraw(): Promise<string> {
    const it = this.#random.pick(this.#stakes)
    if (it === undefined) return 'nothing'
    const expected =
      this.#now < it.lockedUntilMs
        ? 'E_LOCKED'
        : it.status === 0 && this.#unbondingMs > 0n
        ? 'E_NOT_UNBONDING'
        : this.#now < it.unbondingUntilMs
          ? 'E_UNBONDING'
          : ''
    const recipient = this.#rig.signers[it.owner]!.toSuiAddress()
    const act = {...this.#call, stake: it.stake, ticket: it.ticket, recipient}
    return this.#do(it.owner, expected, (tx) => stakeCalls.withdrawStake(tx, act), () => {
      this.#stakes.splice(this.#stakes.indexOf(it), 1)
    })
  }

  async #seal(): Promise<string> {
    const it = this.#random.pick(this.#stakes)
    if (it === undefined) return 'nothing'
    const expected = this.#paused
      ? 'E_PAUSED'
      : it.status !== 0
        ? 'E_STAKE_NOT_ACTIVE'
        : it.amount < SUI
          ? 'E_BELOW_MINIMUM'
          : ''
    const act = {...this.#call, stake: it.stake, tokenHash: new Uint8Array(32).fill(1), ttlMs: HOUR}
    const build = it.kind === 0 ? sealCalls.createWorkerSeal : sealCalls.createUserSeal
    return this.#do(it.owner, expected, (tx) => build(tx, act), (tx) => {
      const id = made(tx, '::seal_token::SealToken')
      it.seals.push({id, revoked: false, expiresAtMs: this.#now + HOUR, permissions: it.kind === 1})
    })
  }

  async #command(): Promise<string> {
    const it = this.#random.pick(this.#stakes.filter(({seals}) => seals.length > 0))
    const seal = this.#random.pick(it?.seals ?? [])
    if (it === undefined || seal === undefined) return 'nothing'
    const expected = this.#paused
      ? 'E_PAUSED'
      : seal.revoked
        ? 'ERROR_INVALID_SEAL'
        : this.#now >= seal.expiresAtMs
          ? 'ERROR_SEAL_EXPIRED'
          : it.status !== 0
            ? 'ERROR_INSUFFICIENT_STAKE'
            : seal.permissions
              ? ''
              : 'ERROR_NO_PERMISSION'
    return this.#ask(it.owner, expected, seal.id, it.stake, false)
  }

  #ask(owner: number, expected: string, seal: string, stake: string, granted: boolean): Promise<string> {
    const requestId = new Uint8Array(16)
    new DataView(requestId.buffer).setUint32(0, this.#ids++)
    const text = {verb: 'get', resource: 'pods', namespace: 'dev', envelope: [new Uint8Array(9)]}
    const act = {...this.#call, seal, stake, requestId, ...text, priority: this.#random.below(4), granted}
    return this.#do(owner, expected, (tx) => requestCalls.executeKubectl(tx, act), (tx) => {
      const ttl = this.#rig.cluster.requestTtlMs[act.priority]!
      const id = made(tx, '::k8s_gateway::KubectlRequest')
      this.#requests.push({id, expiresAtMs: this.#now + ttl, answered: false, until: this.#now + ttl})
    })
  }

  async #answer(): Promise<string> {
    const it = this.#random.pick(this.#requests)
    if (it === undefined) return 'nothing'
    const expected = it.answered
      ? 'ERROR_ALREADY_ANSWERED'
      : this.#now >= it.expiresAtMs
        ? 'ERROR_REQUEST_EXPIRED'
        : ''
    const body = {status: 200, body: [new Uint8Array(7)], bodyHash: new Uint8Array(32).fill(2), bodyLocation: ''}
    const act = {...this.#call, cap: this.#rig.listenerCap, request: it.id, ...body}
    return this.#do(0, expected, (tx) => requestCalls.storeResponse(tx, act), () => {
      it.answered = true
      it.until = this.#now + 600_000n
    })
  }

  async #prune(): Promise<string> {
    const request = this.#random.pick(this.#requests)
    const grant = this.#random.pick(this.#grants)
    const {packageId} = this.#rig
    if (grant !== undefined && this.#random.below(2) === 0) {
      const expected = this.#now >= grant.expiresAtMs ? '' : 'E_NOT_OVER'
      return this.#do(3, expected, (tx) => pruneGrant(tx, {packageId, grant: grant.id}), () => {
        this.#grants.splice(this.#grants.indexOf(grant), 1)
      })
    }
    if (request === undefined) return 'nothing'
    const expected = this.#now >= request.until ? '' : 'ERROR_NOT_EXPIRED'
    return this.#do(3, expected, (tx) => requestCalls.pruneRequest(tx, {packageId, request: request.id}), () => {
      this.#requests.splice(this.#requests.indexOf(request), 1)
    })
  }

  async #grant(): Promise<string> {
    const user = 1 + this.#random.below(2)
    const expiresAtMs = this.#now + this.#random.pick([0n, 60_000n, HOUR])
    const expected = expiresAtMs > this.#now ? '' : 'E_ALREADY_OVER'
    const what = {permissions: ['get:pods'], namespaces: [this.#random.pick(['dev', '*'])]}
    const address = this.#rig.signers[user]!.toSuiAddress()
    const act = {...this.#admin, user: address, ...what, expiresAtMs}
    return this.#do(0, expected, (tx) => administration.grantPermission(tx, act), (tx) => {
      this.#grants.push({id: made(tx, '::grants::UserPermission'), user, expiresAtMs, revoked: false})
    })
  }

  async #useGrant(): Promise<string> {
    const it = this.#random.pick(this.#grants)
    if (it === undefined) return 'nothing'
    const live = !it.revoked && this.#now < it.expiresAtMs
    if (it.seal === undefined) {
      const expected = this.#paused ? 'E_PAUSED' : live ? '' : 'E_GRANT_NOT_LIVE'
      const act = {...this.#call, grant: it.id, tokenHash: new Uint8Array(32).fill(4), ttlMs: HOUR}
      return this.#do(it.user, expected, (tx) => createGrantedSeal(tx, act), (tx) => {
        it.seal = made(tx, '::seal_token::SealToken')
        it.until = this.#now + HOUR < it.expiresAtMs ? this.#now + HOUR : it.expiresAtMs
      })
    }
    const expected = this.#paused
      ? 'E_PAUSED'
      : this.#now >= it.until!
        ? 'ERROR_SEAL_EXPIRED'
        : live
          ? ''
          : 'ERROR_GRANT_REVOKED'
    return this.#ask(it.user, expected, it.seal, it.id, true)
  }

  async #revoke(): Promise<string> {
    const grant = this.#random.pick(this.#grants)
    if (grant !== undefined && this.#random.below(2) === 0) {
      const act = {...this.#admin, grant: grant.id}
      const expected = grant.revoked ? 'E_ALREADY_REVOKED' : ''
      return this.#do(0, expected, (tx) => administration.revokePermission(tx, act), () => (grant.revoked = true))
    }
    const seal = this.#random.pick(this.#stakes.flatMap(({seals}) => seals))
    if (seal === undefined) return 'nothing'
    const act = {...this.#admin, seal: seal.id}
    if (seal.revoked && this.#random.below(2) === 0) {
      return this.#do(0, 'E_SEAL_LIVES', (tx) => administration.forgetSeal(tx, act))
    }
    const expected = seal.revoked ? 'E_ALREADY_REVOKED' : ''
    return this.#do(0, expected, (tx) => administration.revokeSealByAdmin(tx, act), () => (seal.revoked = true))
  }

  async #set(): Promise<string> {
    const [paused, unbondingMs, lockMs, slashBps] = [
      this.#random.below(8) === 0,
      this.#random.pick([0n, 4_000n]),
      this.#random.pick([0n, 0n, 1_000n, 70_000n]),
      this.#random.pick([1n, 333n, 1_000n, 10_000n]),
    ]
    return this.#do(
      0,
      '',
      (tx) => {
        clusterCalls.setPaused(tx, {...this.#admin, paused})
        administration.setUnbonding(tx, {...this.#admin, unbondingMs})
        const minimums = {minStake: [SUI, SUI, SUI], writeMinStake: SUI}
        administration.setMinimums(tx, {...this.#admin, ...minimums, lockMs: [lockMs, lockMs, lockMs]})
        administration.setSlashBps(tx, {...this.#admin, slashBps})
      },
      () => {
        this.#paused = paused
        this.#unbondingMs = unbondingMs
        this.#lockMs = lockMs
        this.#bps = slashBps
      },
    )
  }
}
