import { createHash } from 'node:crypto'

/** What a proof stands on. */
export interface ProofContent {
  /** The page's text. */
  readonly page: string
  /** The texts of the scripts it embeds. */
  readonly scripts: readonly string[]
  /** The rules of its alerts, as text. */
  readonly rules: readonly string[]
  /** The fault's source. */
  readonly fault: string
}

/** SHA-256 over everything that a proof depends on; line endings do not count. */
export function hashContent({ page, scripts, rules, fault }: ProofContent): string {
  const parts = [page, ...scripts.toSorted(), ...rules.toSorted(), fault].map(text => text.replaceAll('\r\n', '\n'))
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}
