/** The longest that work goes on before what else waits gets its turn, in milliseconds: a signal is heard within a few of these. */
const TURN = 50

/** Small pieces of work that are done in their order. */
export interface Turns {
  /** Does a piece of work: at once, or after those that wait. */
  add(work: () => void): void
  /** Resolves once nothing waits any more; undefined when nothing does. */
  settle(): Promise<void> | undefined
  /** Leaves out what waits. */
  leave(): void
}

/**
 * Does pieces of work in their order, and lets everything else have its turn in between: to search much output for secrets may take long,
 * and who presses Ctrl-C meanwhile must be heard.
 */
export function takeTurns(): Turns {
  let waiting: (() => void)[] = []
  let working: Promise<void> | undefined
  /** Milliseconds of work since everything else had its turn. */
  let spent = 0
  const perform = (piece: () => void) => {
    if (spent === 0)
      setImmediate(() => {
        spent = 0
      })
    const begun = performance.now()
    piece()
    spent += performance.now() - begun
  }
  const work = async () => {
    for (let at = 0; at < waiting.length; at++) {
      while (spent >= TURN) await new Promise(resolve => setImmediate(resolve))
      const piece = waiting[at]
      if (piece) perform(piece)
    }
    waiting = []
    working = undefined
  }
  return {
    add(piece) {
      if (!working && spent < TURN) return perform(piece)
      waiting.push(piece)
      working ??= work()
    },
    settle: () => working,
    leave() {
      waiting = []
    },
  }
}
