const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** A span of time as people and Prometheus write it: `30s`, `10m`, `1h30m`, `24h`, `180d`. */
export const DURATION_PATTERN = /^(?:\d+(?:\.\d+)?(?:ms|[smhdw]))+$/

/** The milliseconds of a duration such as `1h30m`; `undefined` when the text is not one. */
export function parseDuration(text: string): number | undefined {
  if (!DURATION_PATTERN.test(text)) return undefined
  let total = 0
  for (const [, amount, unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g)) {
    total += Number(amount) * (UNITS[unit] ?? 0)
  }
  return total
}

/** A span of time for readers: `340 ms`, `12 s`, `3 min 20 s`, `2 h 5 min`, `3 d`. */
export function formatDuration(given: number): string {
  if (!Number.isFinite(given)) return 'an unknown time'
  // A clock may be set back.
  const milliseconds = Math.max(0, given)
  if (Math.round(milliseconds) < 1000) return `${Math.round(milliseconds)} ms`
  const precise = Number((milliseconds / 1000).toFixed(1))
  if (precise < 10) return `${precise} s`
  const seconds = Math.round(milliseconds / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return join(minutes, 'min', seconds % 60, 's')
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return join(hours, 'h', minutes % 60, 'min')
  return join(Math.floor(hours / 24), 'd', hours % 24, 'h')
}

function join(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`
}
