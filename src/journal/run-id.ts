import { randomBytes } from 'node:crypto'

/** A new run's id: sorts by time, and can be read out over the phone, such as `20261122-031502-k7f2`. */
export function makeRunId(now: Date): string {
  const [day = '', time = ''] = now.toISOString().split('T')
  const digits = [...randomBytes(4)].map(byte => ALPHABET[byte % ALPHABET.length]).join('')
  return `${day.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${digits}`
}

/** No letters that are taken for digits. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'
