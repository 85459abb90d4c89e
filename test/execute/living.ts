import { readdirSync, readFileSync } from 'node:fs'

let count = 0

/** A page of these blocks, whose steps are `s0`, `s1`, …; the first one's code begins on line 4. */
export function page(...blocks: readonly [language: string, meta: string, code: string][]): string {
  const steps = blocks.map(
    ([language, meta, code], index) => `### s${index}\n\`\`\`${language} ${meta}\n${code}\n\`\`\`\n`,
  )
  return `## Checks\n${steps.join('')}`
}

/** A number that no other test uses: `sleep` it, and find the process by it. */
export function makeMarker(): string {
  count += 1
  return `9${process.pid}${String(count).padStart(4, '0')}`
}

/** The processes that have the marker among their arguments. Zombies are dead. */
export function findLiving(marker: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter(pid => Number.isInteger(pid) && pid !== process.pid && hasMarker(pid, marker))
}

/** Ends the one process that has the marker, and says whether there was exactly one. */
export function endLiving(marker: string): boolean {
  const living = findLiving(marker)
  for (const pid of living) process.kill(pid, 'SIGKILL')
  return living.length === 1
}

/** Waits until a condition holds, for at most so many milliseconds. */
export async function eventually(condition: () => boolean, limit = 20_000): Promise<boolean> {
  const deadline = performance.now() + limit
  while (!condition()) {
    if (performance.now() > deadline) return false
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  return true
}

function hasMarker(pid: number, marker: string): boolean {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    // A shell has the whole script as one word; only a program of its own has the marker alone.
    return words.includes(marker) && !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}
