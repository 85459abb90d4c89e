import { LabError } from '../../lab-port/index.ts'

/** How often a lab is started, each time with other ports. */
const TRIES = 3

/** What the programs of a lab say when somebody else listens on their port: each its own way, all with these words of the system. */
const TAKEN = /address already in use/i

/**
 * Starts a lab, and again when a part finds its port taken. A lab claims its ports before its parts listen, which keeps other labs away, but
 * no other program of this machine. Each start claims ports anew.
 */
export async function tryOtherPorts<Lab>(start: () => Promise<Lab>, log: (line: string) => void): Promise<Lab> {
  for (let tries = 1; ; tries++) {
    try {
      return await start()
    } catch (error) {
      if (tries === TRIES || !isTaken(error)) throw error
      log('– ports: another program took one since the lab chose it; trying others')
    }
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof LabError && error.code === 'part-failed' && TAKEN.test(error.message)
}
