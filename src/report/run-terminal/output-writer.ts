import pc from 'picocolors'
import { breakText, measure } from '../wrap-text.ts'

const GUTTER = `    ${pc.dim('│')} `

/** Writes what a step prints, in its gutter. */
export interface OutputWriter {
  /** Takes a piece, which may begin and end in the middle of a line. */
  write(text: string): void
  /** Ends a line that has no end yet. */
  endLine(): void
}

/** Writes it as it is; with a width, in lines that fit, each with its gutter. */
export function createOutputWriter(write: (text: string) => void, columns: number | undefined): OutputWriter {
  const room = columns === undefined ? undefined : Math.max(20, columns - 6)
  /** The text of the last line, when that line has no end yet. */
  let open: string | undefined
  const endLine = () => {
    if (open !== undefined) write('\n')
    open = undefined
  }
  const add = (text: string) => {
    if (open === undefined) write(GUTTER)
    write(text)
    open = (open ?? '') + text
  }
  const addFitting = (text: string, room: number) => {
    const before = open ?? ''
    if (measure(before + text) <= room) return add(text)
    const [first = '', ...rest] = breakText(before + text, room)
    // What was written stays where it is: a line is broken behind it at the earliest.
    if (first.length >= before.length) {
      add(first.slice(before.length))
      for (const part of rest) {
        endLine()
        add(part)
      }
    } else {
      endLine()
      for (const [index, part] of breakText(text, room).entries()) {
        if (index > 0) endLine()
        add(part)
      }
    }
  }
  return {
    write(text) {
      const lines = text.split('\n')
      for (const [index, line] of lines.entries()) {
        if (index > 0) endLine()
        if (line === '' && index === lines.length - 1) continue
        if (line === '' || room === undefined) add(line)
        else addFitting(line, room)
      }
    },
    endLine,
  }
}
