import type {Signer} from '@mysten/sui/cryptography'
import {verifyPersonalMessageSignature} from '@mysten/sui/verify'
import {z} from 'zod'
import {daasError} from '../errors/daas-error.ts'
import {canonicalJson} from './canonical-json.ts'
import {registrationBodySchema} from './registration.ts'

/**
 * What a leave may cost the pods of the node. Without it, or by force, budgets are heeded for as long as the listener's
 * grace is, then its pods go. Otherwise it is drained as `kubectl drain --ignore-daemonsets` does, or it stays.
 */
export const drainPolicySchema = z.strictObject({
  force: z.boolean(),
  deleteEmptyDirData: z.boolean(),
  /** How long draining may take, ms. */
  timeoutMs: z.int().min(1).max(86_400_000),
})

/** What the owner of a node signs to take it out of the cluster; the token only by its hash. */
export const leaveBodySchema = registrationBodySchema
  .pick({
    version: true,
    cluster: true,
    stake: true,
    nodeName: true,
    address: true,
    tokenHash: true,
    timestampMs: true,
    nonce: true,
  })
  .extend({drain: drainPolicySchema.optional()})

/** `POST /v1/workers/<name>/leave`: the body and the Sui personal-message signature over it. */
export const leaveRequestSchema = z.strictObject({
  body: leaveBodySchema,
  signature: z.string().min(1).max(4096),
})

/** Its answer: the listener drains and deletes from now on, and `GET /v1/workers/<name>` ends with 404 when it has. */
export const leaveAnswerSchema = z.object({nodeName: z.string(), leaving: z.boolean()})

export type DrainPolicy = z.infer<typeof drainPolicySchema>
export type LeaveBody = z.infer<typeof leaveBodySchema>
export type LeaveRequest = z.infer<typeof leaveRequestSchema>
export type LeaveAnswer = z.infer<typeof leaveAnswerSchema>

/** The bytes that are signed: another domain than a registration's, so that neither can pass for the other. */
export function leaveMessage(body: LeaveBody): Uint8Array {
  return new TextEncoder().encode(`daas.leave.v1\n${canonicalJson(body)}`)
}

/** Signs a leave as a Sui personal message. @returns the serialised signature, base64 */
export async function signLeave(signer: Signer, body: LeaveBody): Promise<string> {
  return (await signer.signPersonalMessage(leaveMessage(body))).signature
}

/**
 * Verifies that `body.address` signed this very body.
 * @throws REGISTRATION_SIGNATURE_INVALID
 */
export async function verifyLeave(body: LeaveBody, signature: string): Promise<void> {
  try {
    await verifyPersonalMessageSignature(leaveMessage(body), signature, {address: body.address})
  } catch (cause) {
    throw daasError('REGISTRATION_SIGNATURE_INVALID', {address: body.address}, {cause})
  }
}
