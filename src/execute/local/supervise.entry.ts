// What supervise.pl does, for machines without perl: slower to start, and a process that leaves its parent gets away.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { type FrameKind, makeFrame, writeAll } from './pipe.ts'
import { killDescendants, listDescendants, type ProcessId, signal } from './process-tree.ts'

const [withReports, command = '', ...args] = process.argv.slice(2)
const frame = (kind: FrameKind, bytes: Buffer) => {
  if (!writeAll(1, makeFrame(kind, bytes))) leave(true)
}
let spared: readonly ProcessId[] = []
let asked = false
let over = false

const child = spawn(command, args, {
  env: { ...process.env, HB_REPORTS: '4' },
  // A group of its own, by which to find what stays in it but is no longer below this process.
  detached: true,
  stdio: ['ignore', 'pipe', 'pipe', withReports === '1' ? 3 : 'ignore', withReports === '1' ? 'pipe' : 'ignore'],
})
child.stdout?.on('data', (bytes: Buffer) => frame('o', bytes))
child.stderr?.on('data', (bytes: Buffer) => frame('e', bytes))
const reports = child.stdio[4]
// A turn later: what was written before the report is read first.
reports?.on('data', (bytes: Buffer) => void setImmediate(() => frame('r', bytes)))
child.on('error', error => {
  frame('e', Buffer.from(`${command} could not be started: ${error.message}\n`))
  tell(127 << 8)
})
child.on('exit', (code, name) => setTimeout(() => tell(name === null ? (code ?? 1) << 8 : constants.signals[name]), 20))

let heard = ''
process.stdin.setEncoding('utf8')
process.stdin.on('data', (text: string) => {
  const words = (heard + text).split('\n')
  heard = words.pop() ?? ''
  for (const word of words) obey(word)
})
process.stdin.on('end', () => leave(true))

function obey(word: string): void {
  const [first, ...numbers] = word.split(' ')
  if (first === 'spare') spare(numbers.map(Number))
  else if (word === 'look')
    frame(
      'l',
      Buffer.from(
        look()
          .map(({ pid }) => pid)
          .join(' '),
      ),
    )
  else if (word === 'term') {
    asked = true
    for (const { pid } of listDescendants(process.pid, spared)) signal(pid, 'SIGTERM')
  } else if (word === 'kill') endAll()
  else if (word === 'sweep') {
    if (over) endAll()
    else killDescendants(process.pid, spared, child.pid)
  } else if (word === 'release') leave(false)
  frame('d', Buffer.alloc(0))
}

function look(): ProcessId[] {
  return listDescendants(process.pid, spared).filter(({ pid }) => pid !== child.pid)
}

function spare(chosen: readonly number[]): void {
  spared = [...spared, ...look().filter(({ pid }) => chosen.length === 0 || chosen.includes(pid))]
}

function endAll(): void {
  killDescendants(process.pid, spared)
  if (spared.length === 0 && child.pid !== undefined) signal(-child.pid, 'SIGKILL')
}

function tell(status: number): void {
  if (asked && listDescendants(process.pid, spared).length > 0) return void setTimeout(() => tell(status), 50)
  over = true
  frame('x', Buffer.from(String(status)))
}

function leave(everything: boolean): void {
  if (everything) endAll()
  else if (!over && child.pid !== undefined) signal(child.pid, 'SIGKILL')
  process.exit(0)
}
