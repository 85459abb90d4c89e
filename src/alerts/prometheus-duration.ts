/** Milliseconds of each unit, in the order in which they are written. */
const UNITS = { y: 31_536_000_000, w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 }
const DURATION = /^(?=.)(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/
/** Prometheus counts in nanoseconds, in 64 bits: 292 years. */
const LONGEST = (2n ** 63n - 1n) / 1_000_000n

/** The milliseconds of a duration of Prometheus, such as `1h30m`; `undefined` for a text that is none, or that is too long. */
export function parsePrometheusDuration(text: string): bigint | undefined {
  if (text === '0') return 0n
  const found = DURATION.exec(text)
  if (!found) return undefined
  const amounts = Object.values(UNITS).map((unit, index) => BigInt(found[index + 1] ?? '0') * BigInt(unit))
  const total = amounts.reduce((sum, amount) => sum + amount, 0n)
  return total > LONGEST ? undefined : total
}
