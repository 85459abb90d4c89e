import type { Refusal } from '../../../wire/index.ts'
import { readRefusal } from './ask.ts'
import { createEventParser } from './parse-events.ts'
import { pause, waitBeforeRetry } from './wait-before-retry.ts'

/** How a stream is connected: `heard` is when the server was last heard, in milliseconds since 1970. */
export type Link =
  | { readonly state: 'opening' }
  | { readonly state: 'open' }
  | { readonly state: 'lost'; readonly heard: number | undefined }
  | { readonly state: 'refused'; readonly refusal: Refusal }
  | { readonly state: 'ended' }

/** Who hears a stream. */
export interface StreamListener<T> {
  /** Takes a message. `true` ends the stream: there is nothing more to come. */
  hear(message: T): boolean | undefined
  /** The server is there: it sent something, if only a sign of life. */
  alive(): void
  link(link: Link): void
  /** By how many milliseconds this clock is ahead of the server's. */
  ahead?(milliseconds: number): void
}

/** After so many milliseconds of silence a connection is taken for cut. The server sends something every 5 s. */
const SILENCE = 15_000

/**
 * Follows an event stream until the signal aborts. After a cut it connects again, ever more seldom, and asks only for what came after the
 * last message that it heard.
 */
export async function followStream<T>(path: string, signal: AbortSignal, listener: StreamListener<T>): Promise<void> {
  let last: string | undefined
  let failures = 0
  let heard: number | undefined
  const take = (text: string, parse: ReturnType<typeof createEventParser>): boolean => {
    for (const { id, data } of parse(text)) {
      last = id ?? last
      if (listener.hear(JSON.parse(data))) return true
    }
    return false
  }
  listener.link({ state: 'opening' })
  while (!signal.aborted) {
    const silence = watchSilence(signal)
    try {
      const headers = { accept: 'text/event-stream', ...(last === undefined ? {} : { 'last-event-id': last }) }
      const response = await fetch(path, { headers, signal: silence.signal, cache: 'no-store' })
      if (response.status >= 400 && response.status < 500 && response.status !== 429) {
        listener.link({ state: 'refused', refusal: await readRefusal(response) })
        return
      }
      if (!response.ok || !response.body) throw new Error(`the server answered with ${response.status}`)
      listener.ahead?.(readAhead(response))
      listener.link({ state: 'open' })
      const parse = createEventParser()
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
      for (;;) {
        const { done, value } = await reader.read()
        if (done) break
        silence.heard()
        heard = Date.now()
        failures = 0
        listener.alive()
        if (take(value, parse)) {
          listener.link({ state: 'ended' })
          await reader.cancel()
          return
        }
      }
    } catch {
      // Cut: what was heard stays, with its age.
    } finally {
      silence.end()
    }
    if (signal.aborted) return
    failures += 1
    listener.link({ state: 'lost', heard })
    await pause(waitBeforeRetry(failures, Math.random()), signal)
  }
}

/** A signal that aborts with another one, and when nothing was heard for too long. */
function watchSilence(outer: AbortSignal): { signal: AbortSignal; heard(): void; end(): void } {
  const silent = new AbortController()
  let timer = setTimeout(() => silent.abort(), SILENCE)
  return {
    signal: AbortSignal.any([outer, silent.signal]),
    heard() {
      clearTimeout(timer)
      timer = setTimeout(() => silent.abort(), SILENCE)
    },
    end: () => clearTimeout(timer),
  }
}

/** The header is in whole seconds: less than two is no difference. */
function readAhead(response: Response): number {
  const ahead = Date.now() - Date.parse(response.headers.get('date') ?? '')
  return Math.abs(ahead) < 2000 || Number.isNaN(ahead) ? 0 : ahead
}
