import { StringDecoder } from 'node:string_decoder'
import type { Program, ProgramEnd } from './program.ts'

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
