import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'
import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import {readCluster} from '../../../src/lib/contracts/reads.ts'
import {DaasError} from '../../../src/lib/errors/daas-error.ts'
import {createListenerClient, type ListenerClient} from '../../../src/lib/k3s/register.ts'
import {createNonce, type RegistrationBody, signRegistration} from '../../../src/lib/seal/registration.ts'
import {createSealToken, hashSealTokenHex} from '../../../src/lib/seal/token.ts'
import {createSuiClient} from '../../../src/lib/sui/client.ts'
import {type CliWorld, keyOf} from '../../helpers/cli-world.ts'

/** The operator's node `w1`, staked and sealed, with a listener that runs. */
export interface RegistrationSubject {
  readonly world: CliWorld
  readonly stake: string
  readonly seal: string
  readonly tokenFile: string
}

/** What the listener refuses of a registration that no `daas join` would send. Leaves `w1` registered. */
export function registrationRefusals(subject: () => RegistrationSubject): void {
  describe('the registration', () => {
    let client: ListenerClient
    let token: string
    const signer = async (): Promise<Ed25519Keypair> => keyOf(subject().world, 'operator')
    before(async () => {
      token = (await readFile(subject().tokenFile, 'utf8')).trim()
      client = await listenerClient(token)
    })
    after(() => client?.close())

    async function listenerClient(sealToken: string): Promise<ListenerClient> {
      const {listenerUrls: urls, listenerTlsPin: tlsPin} = await clusterOf(subject().world)
      return createListenerClient({urls, tlsPin, sealToken, signal: AbortSignal.timeout(30_000)})
    }

    function bodyOf(address: string, changes: Partial<RegistrationBody> = {}): RegistrationBody {
      return {
        version: 1,
        cluster: subject().world.ready.cluster,
        seal: subject().seal,
        stake: subject().stake,
        nodeName: 'w1',
        address,
        tokenHash: hashSealTokenHex(token),
        labels: {},
        timestampMs: Date.now(),
        nonce: createNonce(),
        ...changes,
      }
    }

    async function refused(code: string, status: number, work: Promise<unknown>): Promise<void> {
      await assert.rejects(work, (error) => {
        assert.ok(error instanceof DaasError)
        assert.deepEqual(
          [error.errorName, error.details?.code, error.details?.status],
          ['LISTENER_REFUSED', code, status],
        )
        return true
      })
    }

    it('stale: DAAS-L202', async () => {
      const key = await signer()
      const body = bodyOf(key.toSuiAddress(), {timestampMs: Date.now() - 3_600_000})
      await refused('DAAS-L202', 400, client.register({body, signature: await signRegistration(key, body)}))
    })

    it('signed by somebody else: DAAS-T105', async () => {
      const body = bodyOf((await signer()).toSuiAddress())
      const signature = await signRegistration(Ed25519Keypair.generate(), body)
      await refused('DAAS-T105', 401, client.register({body, signature}))
    })

    it('with a token that is not the one of the seal: DAAS-L302', async () => {
      const key = await signer()
      const wrong = createSealToken()
      const other = await listenerClient(wrong)
      const body = bodyOf(key.toSuiAddress(), {tokenHash: hashSealTokenHex(wrong)})
      await refused('DAAS-L302', 401, other.register({body, signature: await signRegistration(key, body)}))
      other.close()
    })

    it('for a name that is not that of the stake: DAAS-L402', async () => {
      const key = await signer()
      const body = bodyOf(key.toSuiAddress(), {nodeName: 'w9'})
      await refused('DAAS-L402', 403, client.register({body, signature: await signRegistration(key, body)}))
    })

    it('replayed: DAAS-L405', async () => {
      const key = await signer()
      const body = bodyOf(key.toSuiAddress())
      const request = {body, signature: await signRegistration(key, body)}
      assert.equal((await client.register(request)).nodeName, 'w1')
      await refused('DAAS-L405', 409, client.register(request))
    })
  })
}

async function clusterOf(world: CliWorld): ReturnType<typeof readCluster> {
  return readCluster(createSuiClient({url: world.ready.rpcUrl}), world.ready.cluster)
}
