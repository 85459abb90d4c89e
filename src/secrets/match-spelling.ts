import { forget, listBetween, type Reach } from './reach.ts'
import type { Letter, Spelling } from './spell-secret.ts'

/** The result of matching a spelling at one place of a text. */
export interface Match {
  /** Where the longest match ends; -1 when there is none. */
  readonly end: number
  /** Whether the text ends before it is decided. */
  readonly open: boolean
}

/**
 * Prepares to match a spelling at places of a text, from its begin to its end. What was tried from an earlier place is not tried again:
 * its match belongs to the earlier one. So the cost stays in proportion to text and spelling, whatever repeats itself.
 * `reach` is shared by all spellings that are matched in the text.
 */
export function prepareMatch({ letters, ...kind }: Spelling, text: string, reach: Reach): (start: number) => Match {
  /** For each place behind the current start, the letters that were seen to end there. */
  const tried = new Map<number, Uint8Array>()
  /** The same letter may stand in a secret many times. */
  const followed = new Map<number, Map<Letter, Step>>()
  const special = listBetween(kind)
  const plain = letters.map(({ alone }) => (special.includes(String.fromCharCode(alone)) ? -1 : alone))

  return start => {
    forget(tried, start)
    forget(followed, start)
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
    const step = steps.get(letter) ?? joinSteps(reach(kind, place).map(at => matchTexts(letter, text, at)))
    steps.set(letter, step)
    return step
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
