import { randomInt } from 'node:crypto'

/**
 * A new run's id: sorts by time, also within a second, and can be read out over the phone, such as `20261122-031502-k7f2`. Of the four
 * letters two tell the part of the second, and two are random.
 */
export function makeRunId(now: Date): string {
  const [day = '', time = ''] = now.toISOString().split('T')
  const part = Math.floor((now.getUTCMilliseconds() * COUNT ** 2) / 1000)
  const letters = [Math.floor(part / COUNT), part % COUNT, randomInt(COUNT), randomInt(COUNT)]
  return `${day.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${letters.map(at => ALPHABET[at]).join('')}`
}

/** Whether a word is a run's id. */
export function isRunId(word: string): boolean {
  return readRunTime(word) !== undefined
}

/** The time, to the second, at which an id was made; nothing when it is none. */
export function readRunTime(id: string): Date | undefined {
  const [, date, hour, minute, second] = /^(\d{8})-(\d\d)(\d\d)(\d\d)-\w+$/.exec(id) ?? []
  if (date === undefined) return undefined
  const time = new Date(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(time.getTime()) ? undefined : time
}

/** No letters that are taken for digits. In the order in which names sort. */
const ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz'
const COUNT = ALPHABET.length
