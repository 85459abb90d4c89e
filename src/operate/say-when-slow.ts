/** Milliseconds after which somebody who waits wants to know what for. */
const SLOW = 2000

/** Says what is waited for, when that takes long. */
export async function sayWhenSlow<T>(text: string, work: Promise<T>, say: (line: string) => void): Promise<T> {
  const timer = setTimeout(() => say(text), SLOW)
  try {
    return await work
  } finally {
    clearTimeout(timer)
  }
}

/** What is waited for when a lease is watched. */
export const WATCHING = 'Watching whether a runner on another machine renews its lease …'
