import {bcs} from '@mysten/sui/bcs'
import type {GrpcTypes as T} from '@mysten/sui/grpc'
import {toBase64} from '@mysten/sui/utils'
import {verifyPersonalMessageSignature, verifyTransactionSignature} from '@mysten/sui/verify'
import type {DevnetNode, StoredObject} from '../../ledger/api.ts'
import {type HandlerTable, unary} from '../dispatch.ts'
import {frameworkAddress} from '../proto/types.ts'
import {RpcFailure, invalidField, missingField, notFound} from '../status.ts'

const clockId = frameworkAddress.replace(/2$/, '6')

/** NameService: nobody has a name on a devnet. */
export function nameHandlers(): HandlerTable {
  return {
    'sui.rpc.v2.NameService/LookupName': unary((request: T.LookupNameRequest): T.LookupNameResponse => {
      throw notFound(`name ${request.name ?? ''} not found`)
    }),
    'sui.rpc.v2.NameService/ReverseLookupName': unary(
      (request: T.ReverseLookupNameRequest): T.ReverseLookupNameResponse => {
        throw notFound(`address ${request.address ?? ''} has no name`)
      },
    ),
  }
}

/** SignatureVerificationService: every scheme that the SDK verifies without a network. */
export function signatureHandlers(): HandlerTable {
  return {
    'sui.rpc.v2.SignatureVerificationService/VerifySignature': unary(
      async (request: T.VerifySignatureRequest): Promise<T.VerifySignatureResponse> => {
        const message = request.message?.value
        const signature = request.signature?.bcs?.value
        if (message === undefined) throw missingField('message')
        if (signature === undefined) throw missingField('signature')
        const verify = verifierOf(request.message?.name, message)
        try {
          await verify(toBase64(signature), request.address === undefined ? {} : {address: request.address})
          return {isValid: true}
        } catch (error) {
          return {isValid: false, reason: error instanceof Error ? error.message : String(error)}
        }
      },
    ),
  }
}

function verifierOf(
  name: string | undefined,
  message: Uint8Array,
): (signature: string, options: {address?: string}) => Promise<unknown> {
  if (name === 'TransactionData')
    return (signature, options) => verifyTransactionSignature(message, signature, options)
  if (name !== 'PersonalMessage') throw invalidField('message', 'invalid message')
  const text = Uint8Array.from(bcs.byteVector().parse(message))
  return (signature, options) => verifyPersonalMessageSignature(text, signature, options)
}

/** ForkingService: the time control of the devnet. */
export function forkingHandlers(node: DevnetNode): HandlerTable {
  const service = 'sui.forking.v1alpha.ForkingService'
  return {
    [`${service}/AdvanceClock`]: unary(
      async (request: T.AdvanceClockRequest): Promise<T.AdvanceClockResponse> => {
        await node.advanceClock(request.durationMs ?? 1n)
        await node.sealCheckpoint()
        const clock = clockOf(node)
        return {timestampMs: clockMs(clock), txDigest: clock.previousTransaction}
      },
    ),
    [`${service}/AdvanceCheckpoint`]: unary(async (): Promise<T.AdvanceCheckpointResponse> => {
      const {sequenceNumber, timestampMs} = await node.sealCheckpoint()
      return {checkpointSequenceNumber: sequenceNumber, timestampMs}
    }),
    [`${service}/GetStatus`]: unary((): T.GetStatusResponse => {
      return {
        epoch: node.epoch().epoch,
        checkpointSequenceNumber: node.tip().sequenceNumber,
        timestampMs: clockMs(clockOf(node)),
        forkedAtCheckpoint: 0n,
      }
    }),
  }
}

function clockOf(node: DevnetNode): StoredObject {
  const clock = node.getObject(clockId)
  if (clock === undefined) throw new RpcFailure('INTERNAL', 'the devnet has no Clock')
  return clock
}

/** `Clock {id: UID, timestamp_ms: u64}` */
function clockMs({contents}: StoredObject): bigint {
  return new DataView(contents.buffer, contents.byteOffset).getBigUint64(32, true)
}
