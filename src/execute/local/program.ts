import { constants } from 'node:os'
import type { Writable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'

/** A program that cannot get away: whatever it starts can be ended, also when the runner dies. */
export interface Supervisor {
  /** The number of the process that watches; none when it could not be started. */
  readonly pid: number | undefined
  /** How the program ended. Never rejects. */
  readonly ended: Promise<ProgramEnd>
  /** Whether it was killed and nothing else could end all that the program had started. */
  isUnguarded(): boolean
  /** Where a program that reports reads requests. */
  readonly requests: Writable | undefined
  /** The numbers of what the program has started and still runs, but for what is spared and what that has started. */
  look(): Promise<readonly number[]>
  /** What runs now may go on, or these of it. Resolves once that is noted. */
  spare(pids?: readonly number[]): Promise<void>
  /** Ends what the program left behind, but not the program. Resolves once it is done. */
  sweep(): Promise<void>
  /** Ends the program and everything it started, but what is spared: asks first, then does not ask; at once when `hurry` aborts. */
  end(hurry?: AbortSignal): Promise<void>
  /** Ends the program, lets what else runs go on, and is gone itself when it resolves. */
  release(): Promise<void>
}

/** An exit code, a signal's number, or why there is neither. */
export type ProgramEnd = { readonly code: number } | { readonly signal: number } | { readonly lost: string }

/** What to run, and who listens. */
export interface Program {
  readonly command: readonly string[]
  readonly cwd: string
  /** The program's whole environment. */
  readonly variables: Readonly<Record<string, string>>
  readonly onOutput: (stream: 'stdout' | 'stderr', text: string) => void
  /** Hears, line by line, a program that reports; it reads requests from file descriptor 3. */
  readonly onReport?: (line: string) => void
}

/** Starts a program under supervision. */
export type Supervise = (program: Program) => Supervisor

/** How a program ended, in words that follow its name. */
export function describeEnd(end: ProgramEnd): string {
  if ('lost' in end) return end.lost
  if ('code' in end) return `ended with exit code ${nameCode(end.code)}`
  return `was ended by ${nameSignal(end.signal) ?? `signal ${end.signal}`}`
}

/** An exit code as it is read: shells tell by 128 and more which signal ended a program. */
export function nameCode(code: number): string {
  const name = nameSignal(code - 128)
  return name === undefined ? String(code) : `${code} (${name})`
}

function nameSignal(signal: number): string | undefined {
  return Object.entries(constants.signals).find(([, number]) => number === signal)?.[0]
}

/** Takes what a supervisor tells of one program apart. */
export function hearProgram({ onOutput, onReport }: Program, settle: (end: ProgramEnd) => void) {
  const decoders = { o: new StringDecoder('utf8'), e: new StringDecoder('utf8'), r: new StringDecoder('utf8') }
  const hear = {
    o: (text: string) => text && onOutput('stdout', text),
    e: (text: string) => text && onOutput('stderr', text),
  }
  let line = ''
  return (kind: string, bytes: Buffer) => {
    if (kind === 'o' || kind === 'e') hear[kind](decoders[kind].write(bytes))
    else if (kind === 'r') {
      line += decoders.r.write(bytes)
      for (let at = line.indexOf('\n'); at >= 0; at = line.indexOf('\n')) {
        onReport?.(line.slice(0, at))
        line = line.slice(at + 1)
      }
    } else if (kind === 'x') {
      hear.o(decoders.o.end())
      hear.e(decoders.e.end())
      settle(readStatus(Number(bytes.toString())))
    }
  }
}

/** Takes the status that waitpid gives apart. */
function readStatus(status: number): ProgramEnd {
  const signal = status & 127
  return signal === 0 ? { code: status >> 8 } : { signal }
}
