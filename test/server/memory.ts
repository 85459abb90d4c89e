import { closeSync, openSync, readFileSync, readSync } from 'node:fs'

/** Whether a text is anywhere in the memory of a process that it can write; `root` may look. */
export function findInMemory(pid: number, text: string): boolean {
  const wanted = [Buffer.from(text), Buffer.from(text, 'utf16le')]
  const memory = openSync(`/proc/${pid}/mem`, 'r')
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
      const [, from = '', to = ''] = /^(\w+)-(\w+) rw/.exec(line) ?? []
      const start = Number.parseInt(from, 16)
      const length = Number.parseInt(to, 16) - start
      if (!(length > 0 && length < 2 ** 30)) continue
      const bytes = Buffer.alloc(length)
      try {
        readSync(memory, bytes, 0, length, start)
      } catch {
        continue
      }
      if (wanted.some(one => bytes.includes(one))) return true
    }
    return false
  } finally {
    closeSync(memory)
  }
}
