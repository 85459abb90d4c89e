import type { Gap } from './gap.ts'
import type { Letter, Spelling } from './spell-secret.ts'

/** The result of matching a spelling at one place of a text. */
export interface Match {
  /** Where the longest match ends; -1 when there is none. */
  readonly end: number
  /** Whether the text ends before it is decided. */
  readonly open: boolean
}

/** How deep quoting of quoting may go: three levels put seven backslashes before a quote. */
const BACKSLASHES = 8

/**
 * Prepares to match a spelling at places of a text, from its begin to its end. What was tried from an earlier place is not tried again:
 * its match belongs to the earlier one. So the cost stays in proportion to text and spelling, whatever repeats itself.
 * `reach` is shared by all spellings that are matched in the text.
 */
export function prepareMatch(
  { letters, gap, backslashes }: Spelling,
  text: string,
  reach: Reach,
): (start: number) => Match {
  /** For each place behind the current start, the letters that were seen to end there. */
  const tried = new Map<number, Uint8Array>()
  /** The same letter may stand in a secret many times. */
  const followed = new Map<number, Map<Letter, Step>>()
  const known = reach.get(gap) ?? new Map<number, readonly number[]>()
  reach.set(gap, known)
  const special = (gap?.begins ?? '') + (backslashes ? '\\' : '')
  const plain = letters.map(({ alone }) => (special.includes(String.fromCharCode(alone)) ? -1 : alone))

  return start => {
    forget(tried, start)
    forget(followed, start)
    forget(known, start)
    if (breaksOff(start)) return NONE
    let open = false
    let places = [start]
    for (const [index, letter] of letters.entries()) {
      const [only = 0] = places
      if (places.length === 1 && text.charCodeAt(only) === plain[index]) {
        places[0] = only + 1
        continue
      }
      const next: number[] = []
      for (const place of places) {
        const step = index > 0 ? follow(letter, place) : matchTexts(letter, text, place)
        for (const end of step.ends) if (!isTried(end, index)) next.push(end)
        if (step.open) open = true
      }
      if (next.length === 0) return { end: -1, open }
      places = next
    }
    return { end: Math.max(...places), open }
  }

  /** Whether it is plain that the second letter is not behind the first one: of what begins like a secret, nearly all ends there. */
  function breaksOff(start: number): boolean {
    const [, second] = letters
    const behind = start + 1
    if (second === undefined || text.charCodeAt(start) !== plain[0] || behind >= text.length) return false
    return listStarts(behind).every(at => at < text.length && !second.starts.includes(text.charAt(at)))
  }

  function isTried(place: number, index: number): boolean {
    const seen = tried.get(place) ?? new Uint8Array(letters.length)
    if (seen[index] === 1) return true
    seen[index] = 1
    tried.set(place, seen)
    return false
  }

  /** What a letter comes to that is not the first one: a gap or backslashes may stand before it. */
  function follow(letter: Letter, place: number): Step {
    const steps = followed.get(place) ?? new Map<Letter, Step>()
    followed.set(place, steps)
    const step = steps.get(letter) ?? joinSteps(listStarts(place).map(at => matchTexts(letter, text, at)))
    steps.set(letter, step)
    return step
  }

  /** Where the letter behind this place may begin; the end of the text when that may still be. */
  function listStarts(place: number): readonly number[] {
    const starts = known.get(place) ?? findStarts(place)
    known.set(place, starts)
    return starts
  }

  function findStarts(place: number): readonly number[] {
    const starts = [place, ...skipGap(place)]
    if (!backslashes) return starts
    return [...new Set(starts)].flatMap(at => {
      let run = 0
      while (run < BACKSLASHES && text.charAt(at + run) === '\\') run++
      return Array.from({ length: run + 1 }, (_, count) => at + count)
    })
  }

  function skipGap(place: number): readonly number[] {
    if (!gap?.begins.includes(text.charAt(place))) return []
    gap.pattern.lastIndex = place
    const found = gap.pattern.exec(text)?.[0] ?? ''
    const behind = place + found.length
    gap.cut.lastIndex = behind
    // White space behind a line break may be indentation, or the secret's own.
    const own = Math.max(place + found.trimEnd().length, behind - OWN_SPACE)
    const starts = Array.from({ length: behind - own }, (_, at) => own + at)
    starts.push(gap.cut.test(text) ? text.length : behind)
    return starts
  }
}

/** Where letters may stand behind each place of a text, for each kind of gap: every letter asks that. Only text decides it. */
export type Reach = Map<Gap | undefined, Map<number, readonly number[]>>

const NONE: Match = { end: -1, open: false }

/** The most white space that is a secret's own behind a line break. */
const OWN_SPACE = 64

/** Removes what was kept of earlier places, up to the first later one: places come nearly in their order. */
function forget(places: Map<number, unknown>, start: number): void {
  for (const place of places.keys()) {
    if (place >= start) return
    places.delete(place)
  }
}

/** Where a letter that begins at some places may end, and whether the text ends before it is decided. */
interface Step {
  readonly ends: readonly number[]
  readonly open: boolean
}

function joinSteps(steps: readonly Step[]): Step {
  return { ends: [...new Set(steps.flatMap(({ ends }) => ends))], open: steps.some(({ open }) => open) }
}

function matchTexts({ texts, starts }: Letter, text: string, at: number): Step {
  if (at >= text.length) return { ends: [], open: true }
  if (!starts.includes(text.charAt(at))) return { ends: [], open: false }
  return {
    ends: texts.flatMap(one => (text.startsWith(one, at) ? at + one.length : [])),
    open: texts.some(one => at + one.length > text.length && one.startsWith(text.slice(at))),
  }
}
