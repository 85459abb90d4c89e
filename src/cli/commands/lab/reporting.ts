import pc from 'picocolors'
import { LabError } from '../../../lab/index.ts'
import { UsageError } from '../../usage-error.ts'

/** Does what a lab command does; a lab that cannot is said plainly, and is exit code 1. */
export async function reporting(work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    if (error.code === 'unknown-fault') throw new UsageError(error.message)
    process.stderr.write(`${pc.red('✗')} ${error.message}\n`)
    return 1
  }
}

/** Says that no lab runs, and how to start one. */
export function sayNoLab(directory: string): number {
  process.stderr.write(`${pc.red('✗')} no lab runs in ${directory}\n  Start one: handbook lab up\n`)
  return 1
}
