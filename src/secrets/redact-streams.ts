import type { FindSecrets, FoundSecrets } from './find-secrets.ts'

/** A piece of what a step prints. */
export interface Piece {
  readonly stream: 'stdout' | 'stderr'
  readonly text: string
}

/**
 * A piece that waits for more of its stream. Of its beginning, so many characters belong to a secret whose mark was shown: without that
 * an endless secret would wait as a whole, and be searched again with all that comes.
 */
interface Held extends Piece {
  readonly hidden: number
}

/**
 * Removes secrets from the output of a step. A secret may be split across pieces, or across both streams in the order in which they are
 * read. If a piece may be the beginning of a secret, it is held back until this is decided.
 */
export interface RedactStreams {
  push(stream: Piece['stream'], text: string): Piece[]
  /** Whether something is held back. */
  readonly holds: boolean
  /** The output that was held back. When the step was cut off, the possible beginning of a secret is hidden. */
  flush(cut?: boolean): Piece[]
}

/** The fewest characters that are hidden as the beginning of a secret whose rest never came. */
const BEGINNING = 8

/** Makes a redactor for one step's streams; without a search nothing is hidden. */
export function createStreams(find: FindSecrets | undefined): RedactStreams {
  if (!find) return { push: (stream, text) => (text === '' ? [] : [{ stream, text }]), holds: false, flush: () => [] }
  let held: readonly Held[] = []
  /** The output that waits only for more of its own stream, which may take long. Meanwhile the other stream goes on. */
  const parked = { stdout: nothingOf('stdout'), stderr: nothingOf('stderr') }
  return {
    push(stream, text) {
      if (text === '') return []
      held = append(held, { ...parked[stream], text: parked[stream].text + text })
      parked[stream] = nothingOf(stream)
      const [first, ...others] = held
      const settled = others.length === 0 ? settleOne(first, find) : settleMany(held, find)
      held = settled.held
      if (!settled.apart) return settled.shown
      for (const piece of held) {
        const { text, hidden } = parked[piece.stream]
        parked[piece.stream] = { ...piece, text: text + piece.text, hidden: text === '' ? piece.hidden : hidden }
      }
      held = []
      return settled.shown
    },
    get holds() {
      return held.length > 0 || parked.stdout.text !== '' || parked.stderr.text !== ''
    },
    flush(cut = false) {
      const rest = STREAMS.map(stream => parked[stream]).filter(({ text }) => text !== '')
      const { shown } = settleMany([...rest, ...held], text => decide(text, find, cut))
      held = []
      for (const stream of STREAMS) parked[stream] = nothingOf(stream)
      return shown
    },
  }
}

const STREAMS = ['stdout', 'stderr'] as const

function nothingOf(stream: Piece['stream']): Held {
  return { stream, text: '', hidden: 0 }
}

function append(pieces: readonly Held[], piece: Held): readonly Held[] {
  const last = pieces.at(-1)
  return last?.stream === piece.stream
    ? [...pieces.slice(0, -1), { ...last, text: last.text + piece.text }]
    : [...pieces, piece]
}

/** The decision when no more text will come. */
function decide(text: string, find: FindSecrets, cut: boolean): FoundSecrets {
  const { ranges, open } = find(text)
  if (!cut || text.length - open < BEGINNING) return { ranges, open: text.length }
  const before = ranges.filter(([, end]) => end <= open)
  const from = ranges.find(([, end]) => end > open)?.[0] ?? open
  return { ranges: [...before, [Math.min(from, open), text.length]], open: text.length }
}

interface Settled {
  readonly shown: Piece[]
  readonly held: readonly Held[]
  /** Whether what is held waits only for its own stream. */
  readonly apart: boolean
}

/** The usual case: nothing is held of the other stream. */
function settleOne(piece: Held | undefined, find: FindSecrets): Settled {
  if (!piece) return { shown: [], held: [], apart: false }
  const { stream, text } = piece
  const { ranges, open } = find(text)
  // The rest of a secret whose mark was shown gets no second mark.
  const begun = Math.max(piece.hidden, ...ranges.filter(([start]) => start < piece.hidden).map(([, end]) => end))
  const own = ranges.filter(([start]) => start >= piece.hidden)
  const crossing = begun > open ? undefined : own.find(([start, end]) => start < open && end > open)
  const hidden = Math.max(begun, crossing?.[1] ?? 0) - open
  const from = Math.min(begun, open)
  const shown =
    hide(
      text.slice(from, crossing?.[0] ?? open),
      own.filter(([, end]) => end <= open).map(([start, end]) => [start - from, end - from]),
    ) + (crossing ? MARK : '')
  return {
    shown: shown === '' ? [] : [{ stream, text: shown }],
    held: open === text.length ? [] : [{ stream, text: text.slice(open), hidden: Math.max(0, hidden) }],
    apart: false,
  }
}

/** Searches each stream alone, and both together in the order of their pieces. */
function settleMany(pieces: readonly Held[], find: FindSecrets): Settled {
  const known = pieces.flatMap(({ text, hidden }) => Array.from(text.split(''), (_, at) => at < hidden))
  const owners = pieces.flatMap(piece => piece.text.split('').map(() => piece.stream))
  const all = pieces.map(({ text }) => text).join('')
  const places = owners.map((_, place) => place)
  const alone = STREAMS.map(stream => places.filter(place => owners[place] === stream))
  const waits = new Uint8Array(all.length)
  const look = (view: readonly number[]) => {
    const { ranges, open } = find(view.map(place => all.charAt(place)).join(''))
    for (const place of view.slice(open)) waits[place] = 1
    return { secrets: ranges.map(([start, end]) => view.slice(start, end)), open: open < view.length }
  }
  const together = look(places)
  const secrets = [...together.secrets, ...alone.flatMap(view => look(view).secrets)]
  // If a part of a secret must wait, the whole secret waits. Nothing overtakes output that waits in the same stream.
  for (let changed = true; changed; ) {
    changed = false
    for (const group of [...secrets, ...alone.map(view => view.slice(view.findIndex(place => waits[place] === 1)))]) {
      const waiting = group.filter(place => waits[place] === 1).length
      if (waiting === 0 || waiting === group.length) continue
      for (const place of group) waits[place] = 1
      changed = true
    }
  }
  const hidden = new Uint8Array(all.length)
  for (const [first = 0, ...rest] of secrets.filter(([first = 0]) => waits[first] === 0)) {
    if (hidden[first] === 0) hidden[first] = known[first] ? 1 : 2
    for (const place of rest) if (hidden[place] === 0) hidden[place] = 1
  }
  for (const place of places) if (known[place] && waits[place] === 0) hidden[place] ||= 1
  const shown: Piece[] = []
  const held: Held[] = []
  for (const place of places) {
    const stream = owners[place] ?? 'stdout'
    const text = hidden[place] === 0 ? all.charAt(place) : hidden[place] === 2 ? MARK : ''
    if (waits[place] === 1) {
      const last = held.at(-1)
      const next = known[place] ? 1 : 0
      if (last?.stream !== stream) held.push({ stream, text, hidden: next })
      else
        held[held.length - 1] = {
          stream,
          text: last.text + text,
          hidden: last.hidden + (last.hidden === last.text.length ? next : 0),
        }
      continue
    }
    const last = shown.at(-1)
    if (last?.stream === stream) shown[shown.length - 1] = { stream, text: last.text + text }
    else if (text !== '') shown.push({ stream, text })
  }
  return { shown, held, apart: !together.open && together.secrets.every(([first = 0]) => waits[first] === 0) }
}

/** The text in place of a secret. */
export const MARK = '[redacted]'

/** A text with a mark in each of these places. */
export function hide(text: string, ranges: readonly (readonly [number, number])[]): string {
  let shown = ''
  let from = 0
  for (const [start, end] of ranges) {
    shown += text.slice(from, start) + MARK
    from = end
  }
  return from === 0 ? text : shown + text.slice(from)
}
