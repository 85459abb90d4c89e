import { followStream, type Link } from './connection/follow-stream.ts'

/** What is known of a stream, for React's `useSyncExternalStore`. */
export interface StreamStore<View> {
  listen(listener: () => void): () => void
  read(): Streamed<View>
}

/** A view of a stream's messages, and how the stream is connected. */
export interface Streamed<View> {
  readonly view: View
  readonly link: Link
  /** When the server was last heard, in milliseconds since 1970. */
  readonly heard: number | undefined
  /** By how many milliseconds this clock is ahead of the server's. */
  readonly ahead: number
}

/**
 * Follows a stream as long as somebody listens, and folds its messages into a view. Readers hear of changes at most once a frame, however
 * many messages come.
 */
export function createStreamStore<Message, View>(
  path: string,
  start: View,
  fold: (view: View, message: Message) => View,
  isLast: (message: Message) => boolean = () => false,
): StreamStore<View> {
  let now: Streamed<View> = { view: start, link: { state: 'opening' }, heard: undefined, ahead: 0 }
  /** What readers were told of. */
  let shown = now
  let waiting = false
  const listeners = new Set<() => void>()
  const change = (part: Partial<Streamed<View>>) => {
    now = { ...now, ...part }
    if (waiting) return
    waiting = true
    // A page in the background has no frames.
    const later = document.hidden ? (run: () => void) => setTimeout(run, 250) : requestAnimationFrame
    later(() => {
      waiting = false
      shown = now
      for (const listener of listeners) listener()
    })
  }
  let stop: AbortController | undefined
  return {
    read: () => shown,
    listen(listener) {
      listeners.add(listener)
      if (!stop) {
        stop = new AbortController()
        // Whoever comes back later hears all from the beginning.
        now = { ...now, view: start }
        void followStream<Message>(path, stop.signal, {
          hear(message) {
            change({ view: fold(now.view, message) })
            return isLast(message)
          },
          alive: () => change({ heard: Date.now() }),
          link: link => change({ link }),
          ahead: ahead => change({ ahead }),
        })
      }
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        stop?.abort()
        stop = undefined
      }
    },
  }
}
