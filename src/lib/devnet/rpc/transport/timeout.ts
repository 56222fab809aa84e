const unitMs: Record<string, number> = {H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1 / 1000, n: 1 / 1_000_000}

/** The ms of a `grpc-timeout` header such as `1500m`; undefined if there is none or it is malformed. */
export function parseGrpcTimeout(header: string | undefined): number | undefined {
  const match = header === undefined ? null : /^(\d{1,8})([HMSmun])$/.exec(header)
  if (match === null) return undefined
  return Math.ceil(Number(match[1]) * (unitMs[match[2] ?? ''] ?? 0))
}
