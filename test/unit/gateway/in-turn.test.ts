import assert from 'node:assert/strict'
import {lutimes, mkdtemp, readdir, rm, symlink, utimes, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {daasError} from '../../../src/lib/errors/daas-error.ts'
import type {GatewayChain} from '../../../src/lib/gateway/chain-port.ts'
import {submitInTurn} from '../../../src/lib/gateway/in-turn.ts'

const never = new AbortController().signal

describe('submitInTurn', () => {
  let dir: string
  let lockFile: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'daas-turn-'))
    lockFile = join(dir, 'turns', '0x1')
  })
  afterEach(() => rm(dir, {recursive: true, force: true}))

  const locks = (): Promise<string[]> => readdir(dirname(lockFile))
  const chainOf = (submit: GatewayChain['submit']): GatewayChain => ({submit}) as unknown as GatewayChain
  const turn = (submit: GatewayChain['submit'], isAlive: (pid: number) => boolean = () => true) =>
    submitInTurn(chainOf(submit), {lockFile, pid: 7, isAlive})

  it('lets one send at a time, over all gateways', async () => {
    let sending = 0
    let most = 0
    const submit = async () => {
      sending += 1
      most = Math.max(most, sending)
      await sleep(10)
      sending -= 1
      return {digest: 'd', gasMist: 1n}
    }
    const gateways = [turn(submit), turn(submit), turn(submit)]
    await Promise.all(gateways.map(async (gateway) => gateway.submit([], never)))
    assert.equal(most, 1)
    assert.deepEqual(await locks(), [])
  })

  it('takes the turn of a process that died', async () => {
    const submit = async () => ({digest: 'd', gasMist: 1n})
    await turn(submit).submit([], never)
    await symlink('4242', lockFile)
    const dead = (pid: number): boolean => pid !== 4242
    assert.equal((await turn(submit, dead).submit([], never)).digest, 'd')
  })

  it('takes the turn that nobody can still have: of another process by that id, of an older daas', async () => {
    const submit = async () => ({digest: 'd', gasMist: 1n})
    await turn(submit).submit([], never)
    const longAgo = new Date(Date.now() - 200_000)
    await symlink('4242', lockFile)
    await lutimes(lockFile, longAgo, longAgo)
    assert.equal((await turn(submit).submit([], never)).digest, 'd')
    await writeFile(lockFile, '')
    await utimes(lockFile, longAgo, longAgo)
    assert.equal((await turn(submit).submit([], never)).digest, 'd')
    assert.deepEqual(await locks(), [])
  })

  it('does not wait for its turn longer than somebody wants it', async () => {
    const submit = async () => ({digest: 'd', gasMist: 1n})
    await turn(submit).submit([], never)
    await symlink('4242', lockFile)
    await assert.rejects(turn(submit).submit([], AbortSignal.timeout(50)), {name: 'AbortError'})
    assert.deepEqual(await locks(), ['0x1'])
  })

  it('sends again what was overtaken, and nothing else', async () => {
    let calls = 0
    const overtaken = daasError('RPC_FAILED', {
      url: 'u',
      status: 'FAILED_PRECONDITION',
      reason: 'Object ID 0x1 Version 0x7 is not available for consumption, current version: 0x8',
    })
    const chain = turn(async () => {
      calls += 1
      if (calls < 3) throw overtaken
      return {digest: 'third', gasMist: 1n}
    })
    assert.equal((await chain.submit([], never)).digest, 'third')
    calls = 0
    const other = turn(async () => {
      calls += 1
      throw daasError('GATEWAY_CLOSED', {})
    })
    await assert.rejects(other.submit([], never), {code: 'DAAS-G106'})
    assert.equal(calls, 1)
  })
})
