import assert from 'node:assert/strict'
import * as administration from '../../src/lib/contracts/administration.ts'
import {createGrantedSeal, pruneGrant, readGrant} from '../../src/lib/contracts/grants.ts'
import * as reads from '../../src/lib/contracts/reads.ts'
import * as calls from '../../src/lib/contracts/transactions.ts'
import {abortNameOf, made, startRig, type Rig} from './support/rig.ts'
import {replay, type Replayed} from './support/replay.ts'
import {seededRandom, type Random} from './support/seeded-random.ts'

const SUI = 1_000_000_000n
const STEPS = Number(process.env.DAAS_LIFE_STEPS ?? 100)
const HOUR = 3_600_000n

interface Owned {
  owner: number
  stake: string
  ticket: string
  kind: number
  amount: bigint
  status: number
  unbondingUntilMs: bigint
  seals: {id: string; revoked: boolean; expiresAtMs: bigint; permissions: boolean}[]
}

/** A random life: every step says beforehand how it must end, and the coins are counted after each. */
class Life {
  readonly #rig: Rig
  readonly #random: Random
  readonly #time: {ms: number}
  readonly #stakes: Owned[] = []
  readonly #requests: {id: string; expiresAtMs: bigint; answered: boolean; until: bigint}[] = []
  readonly #grants: {id: string; user: number; expiresAtMs: bigint; revoked: boolean; seal?: string; until?: bigint}[] = []
  readonly ends = new Map<string, number>()
  #paused = false
  #unbondingMs = 0n
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

  get #call(): calls.ClusterCall {
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
          ? calls.stakeForNode(tx, {...this.#call, amount, nodeId})
          : calls.stakeForUser(tx, {...this.#call, amount}),
      (tx) => {
        const [stake, ticket] = [made(tx, '::staking::Stake'), made(tx, '::staking::StakeTicket')]
        this.#stakes.push({owner, stake, ticket, kind, amount, status: 0, unbondingUntilMs: 0n, seals: []})
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
    return this.#do(signer, expected, (tx) => calls.addStake(tx, act), () => (it.amount += amount))
  }

  async #slash(): Promise<string> {
    const it = this.#random.pick(this.#stakes)
    if (it === undefined) return 'nothing'
    const all = this.#random.pick([undefined, 0n, 1n, it.amount, it.amount + 1n])
    const amount = all ?? (it.amount * this.#bps + 9_999n) / 10_000n
    const expected =
      all === 0n ? 'E_ZERO_AMOUNT' : it.amount === 0n ? 'E_NOTHING_TO_SLASH' : amount > it.amount ? 'E_SLASH_TOO_LARGE' : ''
    const act = {...this.#admin, stake: it.stake, reason: 'lied', ...(all === undefined ? {} : {amount: all})}
    return this.#do(0, expected, (tx) => calls.slashStake(tx, act), () => {
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
    return this.#do(it.owner, expected, (tx) => calls.requestUnstake(tx, act), () => {
      it.status = 1
      it.unbondingUntilMs = this.#now + this.#unbondingMs
    })
  }

  async #withdraw(): Promise<string> {
    const it = this.#random.pick(this.#stakes)
    if (it === undefined) return 'nothing'
    const expected =
      it.status === 0 && this.#unbondingMs > 0n
        ? 'E_NOT_UNBONDING'
        : this.#now < it.unbondingUntilMs
          ? 'E_UNBONDING'
          : ''
    const recipient = this.#rig.signers[it.owner]!.toSuiAddress()
    const act = {...this.#call, stake: it.stake, ticket: it.ticket, recipient}
    return this.#do(it.owner, expected, (tx) => calls.withdrawStake(tx, act), () => {
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
    const build = it.kind === 0 ? calls.createWorkerSeal : calls.createUserSeal
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
    return this.#do(owner, expected, (tx) => calls.executeKubectl(tx, act), (tx) => {
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
    return this.#do(0, expected, (tx) => calls.storeResponse(tx, act), () => {
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
    return this.#do(3, expected, (tx) => calls.pruneRequest(tx, {packageId, request: request.id}), () => {
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
    const [paused, unbondingMs, slashBps] = [
      this.#random.below(8) === 0,
      this.#random.pick([0n, 4_000n]),
      this.#random.pick([1n, 333n, 1_000n, 10_000n]),
    ]
    return this.#do(
      0,
      '',
      (tx) => {
        calls.setPaused(tx, {...this.#admin, paused})
        administration.setUnbonding(tx, {...this.#admin, unbondingMs})
        administration.setSlashBps(tx, {...this.#admin, slashBps})
      },
      () => {
        this.#paused = paused
        this.#unbondingMs = unbondingMs
        this.#bps = slashBps
      },
    )
  }
}

const withoutPackage = ({packageId: _, ...rest}: {packageId: string}): object => rest

/** Compares all that the events tell with what lies on chain. */
async function compare({client, cluster: {id}}: Rig, state: Replayed): Promise<void> {
  const {settings, listener, ...rest} = state.cluster
  assert.deepEqual(withoutPackage(await reads.readCluster(client, id)), {...rest, ...settings, ...listener})
  const registry = await reads.findNodeRegistry(client, state.cluster)
  assert.equal(registry.nextIndex, state.nextIndex)
  for (const [stake, row] of state.stakes) assert.deepEqual(withoutPackage(await reads.readStake(client, stake)), row)
  for (const [seal, row] of state.seals) assert.deepEqual(withoutPackage(await reads.readSeal(client, seal)), row)
  for (const [grant, row] of state.grants) assert.deepEqual(withoutPackage(await readGrant(client, grant)), row)
  for (const [worker, row] of state.workers) {
    assert.deepEqual(withoutPackage(await reads.readWorker(client, worker)), row)
  }
  for (const [request, row] of state.requests) {
    assert.deepEqual(withoutPackage(await reads.readRequest(client, request)), row)
  }
}

/** All coins of the accounts, all stakes, and what gas took: never more, never less. */
async function total({client, signers}: Rig, state: Replayed, gasMist: bigint): Promise<bigint> {
  let sum = gasMist
  for (const signer of signers) {
    const {balance} = await client.getBalance({owner: signer.toSuiAddress()})
    sum += BigInt(balance.balance)
  }
  for (const {balance} of state.stakes.values()) sum += balance
  return sum
}

describe('random lives on the devnet', function () {
  this.timeout(120_000)

  for (const seed of [1, 2, 3]) {
    it(`seed ${seed}: ends as foreseen, keeps every coin, and its events tell all`, async () => {
      const time = {ms: 1_800_000_000_000}
      const rig = await startRig({seed: `life-${seed}`, now: () => time.ms})
      let gas = 0n
      const counted: Rig = {
        ...rig,
        run: async (signer, build) => {
          const tx = await rig.run(signer, build)
          gas += tx.gasMist
          return tx
        },
      }
      try {
        const treasury = rig.signers[3]!.toSuiAddress()
        const admin = {packageId: rig.packageId, cluster: rig.cluster.id, cap: rig.adminCap}
        await counted.run(rig.signers[0]!, (tx) => administration.setTreasury(tx, {...admin, treasury}))
        await nodeLife(counted, time)
        const before = await total(rig, replay(rig.events), gas)
        const life = new Life(counted, seededRandom(seed), time)
        for (let step = 0; step < STEPS; step++) {
          await life.step()
          if (step % 25 === 24) assert.equal(await total(rig, replay(rig.events), gas), before)
        }
        await compare(rig, replay(rig.events))
        assert.equal(await total(rig, replay(rig.events), gas), before)
        assert.ok(life.ends.size >= 10, JSON.stringify([...life.ends]))
      } finally {
        await rig.close()
      }
    })
  }
})

/** Nodes: registered, scored, ready, beating, evicted; and a listener that changes its keys. */
async function nodeLife(rig: Rig, time: {ms: number}): Promise<void> {
  const [admin, operator] = [rig.signers[0]!, rig.signers[1]!]
  const {packageId, adminCap, listenerCap, cluster} = rig
  const call = {packageId, cluster: cluster.id}
  const listen = {...call, cap: listenerCap}
  const seal = {tokenHash: new Uint8Array(32).fill(7), ttlMs: HOUR}
  const workers: string[] = []
  for (const nodeId of ['a', 'b']) {
    const staked = await rig.run(operator, (tx) => calls.stakeAndSeal(tx, {...call, ...seal, amount: SUI, nodeId}))
    const [stake, token] = [made(staked, '::staking::Stake'), made(staked, '::seal_token::SealToken')]
    const joined = await rig.run(admin, (tx) =>
      calls.registerWorker(tx, {...listen, registry: cluster.registry, stake, seal: token}),
    )
    workers.push(made(joined, '::node_registry::WorkerNode'))
    time.ms += 10
    await rig.run(operator, (tx) => calls.rotateSeal(tx, {...call, ...seal, ttlMs: 5n, seal: token, stake}))
  }
  const [first, second] = workers as [string, string]
  await rig.run(operator, (tx) => calls.heartbeat(tx, {...call, worker: first}))
  await rig.run(admin, (tx) => {
    administration.setWorkerScore(tx, {...listen, worker: first, score: 777n})
    calls.setWorkerStatus(tx, {...listen, worker: first, status: 1})
    calls.reportLiveness(tx, {...listen, bitmap: Uint8Array.of(1)})
    calls.evictWorker(tx, {...listen, registry: cluster.registry, worker: second, reason: 'lied'})
  })
  for (const byte of [1, 2]) {
    const keys = {hpkeKey: new Uint8Array(32).fill(byte), tlsPin: new Uint8Array(32).fill(byte)}
    const where = {listenerUrls: ['https://l'], k3sUrl: 'https://k', caHash: new Uint8Array(), k3sVersion: 'v1'}
    await rig.run(admin, (tx) => calls.announceListener(tx, {...listen, ...keys, ...where}))
  }
  await rig.run(admin, (tx) => {
    administration.setEndpoints(tx, {...listen, endpoints: [{minStake: SUI, urls: ['https://m']}]})
    administration.setVerbMinimum(tx, {...call, cap: adminCap, verb: 'delete', minStake: 2n * SUI})
    administration.setKeyOverlap(tx, {...call, cap: adminCap, keyOverlapMs: 5n})
    administration.setMinimums(tx, {...call, cap: adminCap, minStake: [SUI, SUI, SUI], lockMs: [0n, 0n, 0n], writeMinStake: SUI})
    administration.setTiers(tx, {...call, cap: adminCap, tiers: [{minStake: SUI, permissions: ['get:*']}]})
    calls.createListenerCap(tx, {...call, cap: adminCap, recipient: operator.toSuiAddress()})
  })
  const extra = await rig.run(admin, (tx) =>
    calls.createListenerCap(tx, {...call, cap: adminCap, recipient: operator.toSuiAddress()}),
  )
  const revoked = made(extra, '::cluster::ListenerCap')
  await rig.run(admin, (tx) => administration.revokeListenerCap(tx, {...call, cap: adminCap, listenerCap: revoked}))
  time.ms += 10
  await rig.run(admin, (tx) => administration.revokeSealsBefore(tx, {...call, cap: adminCap, atMs: 1n}))
}
