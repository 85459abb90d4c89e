import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, rm, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pid } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Deployment, Fault } from '../../kit/fault.ts'
import { isVolumeLow, requireVolume } from '../../kit/low-volume.ts'

/** The share of the volume that stays free. */
const LEFT = 0.025

/** How much is written at once, in bytes, and the pause after it in milliseconds. */
const PIECE = 4 * 1024 * 1024
const PAUSE = 100

const readers = new Map<string, ChildProcess>()

/** A big file was deleted to make room, and stays on the volume, because a program still has it open. */
export const deletedFileOpen: Fault = {
  name: 'deleted-file-open',
  title: 'A deleted file still fills the volume',
  summary:
    'Somebody writes a trace onto the volume, watches it with tail, and deletes it in another terminal: tail keeps its space',
  async start(deployment) {
    requireVolume(deployment)
    const path = join(dirname(deployment.storagePath), 'trace.log')
    const trace = await open(path, 'w')
    try {
      // It ends with the lab, also with one that is killed.
      const reader = spawn('tail', ['--follow', '--lines=0', `--pid=${pid}`, path], { stdio: 'ignore' })
      reader.unref()
      deployment.signal.addEventListener('abort', () => reader.kill(), { once: true })
      readers.set(deployment.notesPath, reader)
      await once(reader, 'spawn')
      await fill(deployment, bytes => trace.write(bytes))
    } finally {
      await trace.close()
      await rm(path)
    }
  },
  async stop({ notesPath }) {
    const reader = readers.get(notesPath)
    if (!reader) return
    readers.delete(notesPath)
    if (reader.exitCode !== null || reader.signalCode !== null) return
    reader.kill()
    await once(reader, 'exit')
  },
  isActive: deployment => readers.has(deployment.notesPath) && isVolumeLow(deployment),
}

async function fill({ storagePath, signal }: Deployment, write: (bytes: Buffer) => Promise<unknown>): Promise<void> {
  const piece = Buffer.alloc(PIECE, 'trace\n')
  for (;;) {
    const { bavail, blocks, bsize } = await statfs(storagePath)
    const room = Math.floor(bavail - LEFT * blocks) * bsize
    if (room <= 0) return
    await write(piece.subarray(0, room))
    await sleep(PAUSE, undefined, { signal })
  }
}
