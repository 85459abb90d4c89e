import { readFileSync } from 'node:fs'
import type { LeftProcess } from '../../journal/index.ts'

/** What a process runs, as Linux tells it; nothing when it is gone already. */
export function describeProcess(pid: number): LeftProcess[] {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      .replace(/[\s\p{Cc}]+/gu, ' ')
      .replace(/^bash -euo pipefail -c /, '')
      .trim()
    return command === '' ? [] : [{ pid, command }]
  } catch {
    return []
  }
}
