import pc from 'picocolors'
import { LabError } from '../../../lab-port/index.ts'
import { complain } from '../../print.ts'

/** Does what a lab command does; a lab that cannot is said plainly, and is exit code 1. */
export async function reporting(work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    // This command knows the fault, or it would not have asked.
    const old = error.code === 'unknown-fault'
    const message = old
      ? 'The lab that runs is of another build than this command: it does not know that fault'
      : error.message
    complain(`${pc.red('✗')} ${message}\n${old ? '  Restart it: handbook lab down, handbook lab up\n' : ''}`)
    return 1
  }
}

/** Says that no lab runs, and how to start one. */
export function sayNoLab(directory: string): number {
  complain(`${pc.red('✗')} no lab runs in ${directory}\n  Start one: handbook lab up\n`)
  return 1
}

/** Does what takes a while; in a terminal somebody sees that it goes on, and for how long. */
export async function tellTime(what: string, work: Promise<void>): Promise<void> {
  const { isTTY } = process.stderr
  const begun = performance.now()
  const tell = () => process.stderr.write(`\r${what}, ${Math.round((performance.now() - begun) / 1000)} s …`)
  if (!isTTY) return work
  tell()
  const timer = setInterval(tell, 1000)
  try {
    await work
  } finally {
    clearInterval(timer)
    process.stderr.write('\n')
  }
}
