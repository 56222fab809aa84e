import type {SuiGrpcClient} from '@mysten/sui/grpc'

/** Every checkpoint with all that is in it. */
export async function* checkpointsOf(client: SuiGrpcClient): AsyncGenerator<{transactions: unknown[]}> {
  const {response} = await client.ledgerService.getServiceInfo({})
  for (let sequenceNumber = 0n; sequenceNumber <= (response.checkpointHeight ?? 0n); sequenceNumber += 1n) {
    const answer = await client.ledgerService.getCheckpoint({
      checkpointId: {oneofKind: 'sequenceNumber', sequenceNumber},
      readMask: {paths: ['sequence_number', 'transactions', 'objects']},
    })
    if (answer.response.checkpoint) yield answer.response.checkpoint
  }
}
