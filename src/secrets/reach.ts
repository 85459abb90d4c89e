import type { Gap } from './gap.ts'
import type { Spelling } from './spell-secret.ts'

/** What may stand between the letters of a spelling. */
export type Between = Pick<Spelling, 'gap' | 'backslashes'>

/**
 * Where the letter behind a place may begin, in one text: there, and behind whatever may stand between letters. It is the end of the
 * text when the letter may still come.
 */
export type Reach = (between: Between, place: number) => readonly number[]

/** Every character that may stand between two letters first. */
export function listBetween({ gap, backslashes }: Between): string {
  return (gap?.begins ?? '') + (backslashes ? '\\' : '')
}

/** Prepares it for a text. Every letter of every spelling asks it, so each answer is kept as long as places before it are looked at. */
export function createReach(text: string): Reach {
  const known = new Map<Gap | undefined, Map<number, readonly number[]>>()
  return (between, place) => {
    const places = known.get(between.gap) ?? new Map<number, readonly number[]>()
    known.set(between.gap, places)
    forget(places, place - KEPT)
    const starts = places.get(place) ?? findStarts(between, text, place)
    places.set(place, starts)
    return starts
  }
}

/** How far before the last place answers are kept: letters are tried in order, and gaps lead ahead. */
const KEPT = 4096

/** Removes what was kept of earlier places, up to the first later one: places come nearly in their order. */
export function forget(places: Map<number, unknown>, start: number): void {
  for (const place of places.keys()) {
    if (place >= start) return
    places.delete(place)
  }
}

/** How deep quoting of quoting may go: three levels put seven backslashes before a quote. */
const BACKSLASHES = 8

function findStarts({ gap, backslashes }: Between, text: string, place: number): readonly number[] {
  const starts = gap?.begins.includes(text.charAt(place)) ? skipGap(gap, text, place) : [place]
  if (!backslashes || !starts.some(at => text.charAt(at) === '\\')) return starts
  return starts.flatMap(at => {
    let run = 0
    while (run < BACKSLASHES && text.charAt(at + run) === '\\') run++
    return Array.from({ length: run + 1 }, (_, count) => at + count)
  })
}

function skipGap({ pattern, cut }: Gap, text: string, place: number): readonly number[] {
  pattern.lastIndex = place
  const behind = pattern.test(text) ? pattern.lastIndex : place
  const starts = [place]
  // White space behind a line break may be indentation, or the secret's own.
  let own = behind
  while (own > place && behind - own < OWN_SPACE && SPACE.test(text.charAt(own - 1))) own--
  for (let at = Math.max(own, place + 1); at < behind; at++) starts.push(at)
  cut.lastIndex = behind
  const end = cut.test(text) ? text.length : behind
  if (end > place) starts.push(end)
  return starts
}

const SPACE = /\s/

/** The most white space that is a secret's own behind a line break. */
const OWN_SPACE = 64
