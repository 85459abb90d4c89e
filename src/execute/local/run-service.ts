import { spawn } from 'node:child_process'
import type { ServiceAction } from '../../environments/index.ts'
import type { ServiceAnswer } from '../../procedure/index.ts'
import type { BlockRequest } from '../protocol.ts'

/** Runs the command that an environment gives for an action on a service; its output is the block's, too. What it starts may go on. */
export function runService(
  command: string,
  action: ServiceAction,
  { cwd, variables, serviceMark }: BlockRequest,
): Promise<ServiceAnswer> {
  return new Promise((resolve, reject) => {
    const isMarked = serviceMark !== undefined && STARTS.includes(action)
    const env = { ...variables, ...(isMarked ? { HB_OF_SERVICE: serviceMark } : {}) }
    const child = spawn('bash', ['-c', command], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const answer = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      answer.stdout += text
      process.stdout.write(text)
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      answer.stderr += text
      process.stderr.write(text)
    })
    child.on('error', reject)
    child.on('close', exitCode => resolve({ ...answer, exitCode: exitCode ?? 1 }))
  })
}

const STARTS: readonly ServiceAction[] = ['start', 'restart', 'reload']
