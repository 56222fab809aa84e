/**
 * Prints as Markdown what each call of the contracts costs on the devnet (gas as Sui charges it, bytes of the signed
 * transaction, of its events and of the objects it makes) and how large the bytecode is.
 * Usage: node test/bench/contracts.ts
 */
import {bcs} from '@mysten/sui/bcs'
import {Transaction} from '@mysten/sui/transactions'
import * as administration from '../../src/lib/contracts/administration.ts'
import {createGrantedSeal} from '../../src/lib/contracts/grants.ts'
import {beat} from '../../src/lib/contracts/heartbeat.ts'
import {readDaasPackage} from '../../src/lib/contracts/package.ts'
import * as clusterCalls from '../../src/lib/contracts/transactions/cluster.ts'
import * as nodeCalls from '../../src/lib/contracts/transactions/nodes.ts'
import * as requestCalls from '../../src/lib/contracts/transactions/requests.ts'
import * as sealCalls from '../../src/lib/contracts/transactions/seals.ts'
import * as stakeCalls from '../../src/lib/contracts/transactions/staking.ts'
import {dryRunTransaction} from '../../src/lib/sui/execute.ts'
import {made, startRig, type Rig} from '../move/support/rig.ts'

const SUI = 1_000_000_000n
const HOUR = 3_600_000n
const rows: string[] = []

async function measure(
  rig: Rig,
  name: string,
  signer: number,
  build: (tx: Transaction) => void,
): ReturnType<Rig['run']> {
  const by = rig.signers[signer]!
  const trial = new Transaction()
  build(trial)
  const {budgetMist} = await dryRunTransaction({client: rig.client, signer: by}, trial)
  trial.setGasBudget(budgetMist)
  const bytes = (await trial.build({client: rig.client})).length
  const tx = await rig.run(by, build)
  const events = tx.events.reduce((sum, event) => sum + event.bcs.length, 0)
  const sizes: string[] = []
  for (const {objectId, type} of tx.created) {
    if (!type.includes('::') || type.startsWith('0x2::') || type.includes('dynamic_field')) continue
    const {object} = await rig.client.core.getObject({objectId, include: {content: true}})
    sizes.push(`${type.split('::').at(-1) ?? ''} ${object.content.length}`)
  }
  rows.push(`| ${name} | ${tx.gasMist} | ${bytes} | ${events} | ${sizes.join(', ') || 'none'} |`)
  return tx
}

async function main(): Promise<void> {
  let time = Date.now()
  const rig = await startRig({seed: 'bench', now: () => time})
  try {
    const call = {packageId: rig.packageId, cluster: rig.cluster.id}
    const admin = {...call, cap: rig.adminCap}
    const listen = {...call, cap: rig.listenerCap}
    const seal = {tokenHash: new Uint8Array(32).fill(1), ttlMs: HOUR}
    const {registry} = rig.cluster
    const keys = {hpkeKey: new Uint8Array(32).fill(1), tlsPin: new Uint8Array(32).fill(2)}
    const where = {
      listenerUrls: ['https://127.0.0.1:8443'],
      k3sUrl: 'https://127.0.0.1:6443',
      k3sVersion: 'v1.34.1+k3s1',
    }
    await measure(rig, 'announce_listener', 0, (tx) =>
      clusterCalls.announceListener(tx, {...listen, ...keys, ...where, caHash: new Uint8Array(32)}),
    )
    await measure(rig, 'set_slash_bps', 0, (tx) => administration.setSlashBps(tx, {...admin, slashBps: 500n}))
    const node = await measure(rig, 'stake_for_node, create_worker_seal_token, share_stake', 1, (tx) =>
      stakeCalls.stakeAndSeal(tx, {...call, ...seal, amount: SUI, nodeId: 'worker-1'}),
    )
    const [stake, token] = [made(node, '::staking::Stake'), made(node, '::seal_token::SealToken')]
    const joined = await measure(rig, 'register_worker', 0, (tx) =>
      nodeCalls.registerWorker(tx, {...listen, registry, stake, seal: token}),
    )
    const worker = made(joined, '::node_registry::WorkerNode')
    await measure(rig, 'set_status', 0, (tx) => nodeCalls.setWorkerStatus(tx, {...listen, worker, status: 1}))
    await measure(rig, 'set_score', 0, (tx) =>
      administration.setWorkerScore(tx, {...listen, worker, score: 900n}),
    )
    const runs = await measure(rig, 'create_operator_seal_token', 1, (tx) =>
      sealCalls.createOperatorSeal(tx, {...call, ...seal, stake, worker}),
    )
    const operators = made(runs, '::seal_token::SealToken')
    await measure(rig, 'operator_seal::rotate', 1, (tx) =>
      sealCalls.rotateOperatorSeal(tx, {...call, ...seal, stake, worker, seal: operators}),
    )
    await measure(rig, 'seal_token::revoke', 1, (tx) =>
      sealCalls.revokeSeal(tx, {packageId: rig.packageId, seal: operators}),
    )
    await measure(rig, 'heartbeat', 1, (tx) => nodeCalls.heartbeat(tx, {...call, worker}))
    await measure(rig, 'beat', 0, (tx) => beat(tx, {...listen, status: 'serving'}))
    for (const nodes of [1_000, 100_000]) {
      await measure(rig, `report_liveness of ${nodes} nodes`, 0, (tx) =>
        nodeCalls.reportLiveness(tx, {...listen, bitmap: new Uint8Array(nodes / 8)}),
      )
    }
    const user = await measure(rig, 'stake_for_user, create_user_seal_token, share_stake', 2, (tx) =>
      stakeCalls.stakeAndSealForUser(tx, {...call, ...seal, amount: 10n * SUI}),
    )
    const theirs = {seal: made(user, '::seal_token::SealToken'), stake: made(user, '::staking::Stake')}
    await measure(rig, 'rotate', 2, (tx) => sealCalls.rotateSeal(tx, {...call, ...seal, ...theirs}))
    await measure(rig, 'add_stake', 2, (tx) =>
      stakeCalls.addStake(tx, {...call, stake: theirs.stake, amount: SUI}),
    )
    let id = 0
    const ask = (bytes: number) => ({
      ...call,
      requestId: new Uint8Array(bcs.u128().serialize(++id).toBytes()),
      verb: 'get',
      resource: 'pods',
      namespace: 'default',
      envelope: Array.from(
        {length: Math.ceil(bytes / 16_000)},
        (_, at) => new Uint8Array(Math.min(16_000, bytes - at * 16_000)),
      ),
      priority: 0,
    })
    let request = ''
    for (const bytes of [500, 16_000, 96_000]) {
      const asked = await measure(rig, `execute_kubectl_command_with_id, ${bytes} bytes`, 2, (tx) =>
        requestCalls.executeKubectl(tx, {...ask(bytes), ...theirs}),
      )
      request = made(asked, '::k8s_gateway::KubectlRequest')
    }
    const many = await measure(rig, 'execute_kubectl_command_with_id, 20 of 500 bytes', 2, (tx) => {
      for (let count = 0; count < 20; count++) requestCalls.executeKubectl(tx, {...ask(500), ...theirs})
    })
    rows.splice(
      -1,
      1,
      rows.at(-1)!.replace(/\| KubectlRequest.*$/, `| ${many.created.length} KubectlRequest |`),
    )
    const answer = {
      status: 200,
      body: [new Uint8Array(2_000)],
      bodyHash: new Uint8Array(32),
      bodyLocation: '',
    }
    await measure(rig, 'store_k8s_response, 2000 bytes', 0, (tx) =>
      requestCalls.storeResponse(tx, {...listen, request, ...answer}),
    )
    const given = await measure(rig, 'grant_permission', 0, (tx) =>
      administration.grantPermission(tx, {
        ...admin,
        user: rig.signers[3]!.toSuiAddress(),
        permissions: ['get:pods', 'list:pods'],
        namespaces: ['default'],
        expiresAtMs: BigInt(Date.now()) + HOUR,
      }),
    )
    const grant = made(given, '::grants::UserPermission')
    const granted = await measure(rig, 'create_granted_seal_token', 3, (tx) =>
      createGrantedSeal(tx, {...call, ...seal, grant}),
    )
    const theirSeal = made(granted, '::seal_token::SealToken')
    await measure(rig, 'execute_granted_command_with_id, 500 bytes', 3, (tx) =>
      requestCalls.executeKubectl(tx, {...ask(500), seal: theirSeal, stake: grant, granted: true}),
    )
    await measure(rig, 'revoke_permission', 0, (tx) => administration.revokePermission(tx, {...admin, grant}))
    await measure(rig, 'slash_stake', 0, (tx) => stakeCalls.slashStake(tx, {...admin, stake, reason: 'lied'}))
    await measure(rig, 'evict_worker', 0, (tx) =>
      nodeCalls.evictWorker(tx, {...listen, registry, worker, reason: 'lied'}),
    )
    await measure(rig, 'release_name', 0, (tx) => nodeCalls.releaseName(tx, {...admin, registry, worker}))
    const ticket = made(node, '::staking::StakeTicket')
    const recipient = rig.signers[1]!.toSuiAddress()
    await measure(rig, 'withdraw_stake', 1, (tx) =>
      stakeCalls.withdrawStake(tx, {...call, stake, ticket, recipient}),
    )
    time += 700_000
    await measure(rig, 'prune', 3, (tx) => requestCalls.pruneRequest(tx, {packageId: rig.packageId, request}))
    await measure(rig, 'revoke_seal', 0, (tx) =>
      administration.revokeSealByAdmin(tx, {...admin, seal: rig.packageId}),
    )
    for (const from of [0, 100, 200]) {
      await rig.run(rig.signers[0]!, (tx) => {
        for (let count = from; count < Math.min(from + 100, 255); count++) {
          const id = `0x${(count + 1).toString(16).padStart(64, '0')}`
          administration.revokeSealByAdmin(tx, {...admin, seal: id})
        }
      })
    }
    await measure(rig, 'execute_kubectl_command_with_id, 500 bytes, 256 seals revoked', 2, (tx) =>
      requestCalls.executeKubectl(tx, {...ask(500), ...theirs}),
    )
  } finally {
    await rig.close()
  }

  const {modules} = readDaasPackage()
  const sizes = modules.map((text) => Buffer.from(text, 'base64').length)
  const lines = [
    '| call | gas (MIST, net) | transaction (bytes) | events (bytes) | new objects (bytes) |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    `Bytecode: ${modules.length} modules, ${sizes.reduce((sum, size) => sum + size, 0)} bytes.`,
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

await main()
