import assert from 'node:assert/strict'
import {DaasError} from '../../../src/lib/errors/daas-error.ts'
import {resolveNetwork} from '../../../src/lib/sui/networks.ts'

describe('resolveNetwork', () => {
  it('knows the networks by name', () => {
    assert.equal(resolveNetwork('testnet').url, 'https://fullnode.testnet.sui.io:443')
    assert.equal(resolveNetwork('devnet').url, 'http://127.0.0.1:9000')
  })

  it('takes a URL as a network, and a URL for a network', () => {
    assert.deepEqual(resolveNetwork('http://localhost:1/'), {
      name: 'custom',
      url: 'http://localhost:1',
      faucetUrl: undefined,
    })
    assert.equal(resolveNetwork('devnet', 'http://127.0.0.1:4242').url, 'http://127.0.0.1:4242')
  })

  for (const network of ['nowhere', '', 'ftp://x', 'constructor']) {
    it(`refuses "${network}"`, () => {
      assert.throws(
        () => resolveNetwork(network),
        (error) =>
          error instanceof DaasError && error.errorName === 'NETWORK_UNKNOWN' && error.exitCode === 2,
      )
    })
  }
})
