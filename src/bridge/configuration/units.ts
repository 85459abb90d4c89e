const units: readonly string[] = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

/** Reads a size such as `4MiB`, `5GiB` or `1024` as bytes; undefined when it is none. */
export function parseByteSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(B|KiB|MiB|GiB|TiB)?$/.exec(text.trim())
  const [, amount, unit = 'B'] = match ?? []
  if (amount === undefined) return undefined
  const exponent = units.indexOf(unit)
  return Math.round(Number(amount) * 1024 ** exponent)
}

/** Writes bytes for people: `512 B`, `3.4 MiB`. */
export function formatByteSize(bytes: number): string {
  let amount = bytes
  let exponent = 0
  while (amount >= 1024 && exponent < units.length - 1) {
    amount /= 1024
    exponent += 1
  }
  return `${exponent === 0 ? amount : amount.toFixed(1)} ${units[exponent]}`
}

const unitMilliseconds = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** Reads a duration such as `500ms`, `30s`, `5m`, `24h` or `1d` as milliseconds; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.trim())
  const [, amount, unit] = match ?? []
  if (amount === undefined || !isUnit(unit)) return undefined
  return Math.round(Number(amount) * unitMilliseconds[unit])
}

/** Writes milliseconds for people, in the largest unit that leaves at most one decimal: `45s`, `2.5h`. */
export function formatDuration(milliseconds: number): string {
  const units = ['d', 'h', 'm', 's'] as const
  for (const unit of units) {
    const amount = milliseconds / unitMilliseconds[unit]
    if (amount >= 1) return `${Number(amount.toFixed(1))}${unit}`
  }
  return `${Math.round(milliseconds)}ms`
}

function isUnit(unit: string | undefined): unit is keyof typeof unitMilliseconds {
  return unit !== undefined && unit in unitMilliseconds
}
