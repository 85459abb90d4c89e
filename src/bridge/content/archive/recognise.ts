/** What packs one stream of bytes, and nothing else. */
export type Compression = 'gz' | 'bz2' | 'xz' | 'zst'

/** What bytes are by their beginning. A program may have a ZIP at its end: a self-extracting archive. */
export type Kind = Compression | 'zip' | 'tar' | 'program'

/** How many bytes of the beginning are looked at. */
export const headLength = 512

const beginnings: readonly (readonly [kind: Kind, hex: RegExp])[] = [
  ['zip', /^504b(0304|0506|0708)/],
  ['gz', /^1f8b08/],
  ['bz2', /^425a683[1-9](314159265359|177245385090)/],
  ['xz', /^fd377a585a00/],
  // The second is a frame that unpackers skip: another may follow.
  ['zst', /^(28b52ffd|5.2a4d18)/],
  ['program', /^(4d5a|7f454c46|2321)/],
]

/** Recognises what can be unpacked. Undefined for everything else. */
export function recognise(head: Buffer): Kind | undefined {
  const hex = head.subarray(0, 16).toString('hex')
  const [kind] = beginnings.find(([, beginning]) => beginning.test(hex)) ?? []
  return kind ?? (isTarHeader(head) ? 'tar' : undefined)
}

/** Whether a block is the header of a member of a tar archive: every kind of tar has this sum (tar(5)). */
export function isTarHeader(block: Buffer): boolean {
  if (block.length < headLength) return false
  const text = block.toString('latin1', 148, 156)
  const [, digits] = /^ *([0-7]+)[ \0]/.exec(text) ?? []
  if (digits === undefined) return false
  let sum = 8 * 0x20
  for (const [index, byte] of block.subarray(0, headLength).entries()) if (index < 148 || index >= 156) sum += byte
  return Number.parseInt(digits, 8) === sum
}
