import type { RunRequest } from '../../../runner/index.ts'

/** What commands take that make a run. */
export const runModeArgs = {
  param: { type: 'string', description: 'A secret parameter, given again', valueHint: 'k=v' },
  auto: { type: 'boolean', description: 'Run without questions, as far as the environment allows' },
  'break-glass': {
    type: 'string',
    description: 'Do not wait for an approval; this is recorded, and always shown',
    valueHint: 'REASON',
  },
  json: { type: 'boolean', description: 'One event a line on stdout' },
} as const

/** Whether there is somebody to ask. */
export function chooseMode(auto: boolean | undefined): RunRequest['mode'] {
  if (auto) return 'auto'
  return process.stdin.isTTY && process.stdout.isTTY ? 'interactive' : 'reading'
}
