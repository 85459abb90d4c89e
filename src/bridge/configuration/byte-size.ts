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
