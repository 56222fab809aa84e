import {randomBytes} from 'node:crypto'
import type {Signer} from '@mysten/sui/cryptography'
import {verifyPersonalMessageSignature} from '@mysten/sui/verify'
import {z} from 'zod'
import {daasError} from '../errors/daas-error.ts'
import {canonicalJson} from './canonical-json.ts'
import {heartbeatSchema} from './heartbeat.ts'

const suiId = z.string().regex(/^0x[0-9a-f]{64}$/)
/** A DNS label, as Kubernetes wants the name of a node (RFC 1123). */
export const nodeNameSchema = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/)

/** What a worker signs to register: everything that the listener judges, the token only by its hash. */
export const registrationBodySchema = z.strictObject({
  version: z.literal(1),
  cluster: suiId,
  seal: suiId,
  stake: suiId,
  nodeName: nodeNameSchema,
  address: suiId,
  /** SHA-256 of the seal token's text, hex. */
  tokenHash: z.string().regex(/^[0-9a-f]{64}$/),
  nodeIp: z.union([z.ipv4(), z.ipv6()]).optional(),
  labels: z
    .record(z.string().min(1).max(317), z.string().max(63))
    .refine((labels) => Object.keys(labels).length <= 32, 'more than 32 labels'),
  /** Unix time, ms. */
  timestampMs: z.int().nonnegative(),
  /** 16 random bytes, base64url without padding. */
  nonce: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
})

/** `POST /v1/workers`: the body and the Sui personal-message signature over it. */
export const registrationRequestSchema = z.strictObject({
  body: registrationBodySchema,
  signature: z.string().min(1).max(4096),
})

/** What the listener answers to an accepted registration. */
export const registrationAnswerSchema = z.object({
  version: z.literal(1),
  /** Of the Kubernetes API (k3s server), for example `https://host:6443`. */
  serverUrl: z.url(),
  /** k3s CA hash, 64 lower-case hex digits. */
  caHash: z.string().regex(/^[0-9a-f]{64}$/),
  k3sVersion: z.string(),
  nodeName: nodeNameSchema,
  labels: z.record(z.string(), z.string()),
  /** `key=value:Effect`. */
  taints: z.array(z.string()),
  /** RFC 3339, UTC. */
  tokenExpiresAt: z.iso.datetime(),
})

/** `GET /v1/workers/<name>`. */
export const workerStatusSchema = z.object({
  nodeName: nodeNameSchema,
  registered: z.boolean(),
  nodeReady: z.boolean(),
  evicted: z.boolean(),
  /** It asked to leave and is being drained; when it is gone the answer is 404. */
  leaving: z.boolean().optional(),
  /** It asked to leave, could not be drained, and stays. */
  stays: z.object({reason: z.string(), remedy: z.string()}).optional(),
  reason: z.string().optional(),
  /** The last one, and what it said. */
  heartbeat: z.object({at: z.iso.datetime(), ...heartbeatSchema.partial().shape}).optional(),
})

/** Every refusal of the listener's HTTP endpoints. */
export const refusalSchema = z.object({
  error: z.object({code: z.string(), message: z.string(), suggestions: z.array(z.string())}),
})

export type RegistrationBody = z.infer<typeof registrationBodySchema>
export type RegistrationRequest = z.infer<typeof registrationRequestSchema>
export type RegistrationAnswer = z.infer<typeof registrationAnswerSchema>
export type WorkerStatus = z.infer<typeof workerStatusSchema>
export type Refusal = z.infer<typeof refusalSchema>

/** A fresh nonce for a registration: 16 random bytes, base64url. */
export function createNonce(random: (size: number) => Uint8Array = randomBytes): string {
  return Buffer.from(random(16)).toString('base64url')
}

/** The bytes that are signed: a line naming protocol and version, then the body as canonical JSON. */
export function registrationMessage(body: RegistrationBody): Uint8Array {
  return new TextEncoder().encode(`daas.registration.v1\n${canonicalJson(body)}`)
}

/** Signs a registration as a Sui personal message. @returns the serialised signature, base64 */
export async function signRegistration(signer: Signer, body: RegistrationBody): Promise<string> {
  return (await signer.signPersonalMessage(registrationMessage(body))).signature
}

/**
 * Verifies that `body.address` signed this very body.
 * @throws REGISTRATION_SIGNATURE_INVALID
 */
export async function verifyRegistration(body: RegistrationBody, signature: string): Promise<void> {
  try {
    await verifyPersonalMessageSignature(registrationMessage(body), signature, {address: body.address})
  } catch (cause) {
    throw daasError('REGISTRATION_SIGNATURE_INVALID', {address: body.address}, {cause})
  }
}
