import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { killDescendants, listDescendants, type ProcessId, signal } from './process-tree.ts'

const LOOK_EVERY = 200

let spare: readonly ProcessId[] = []
let thread: Worker | undefined

/** Ends this process and everything below it once the runner is gone, but not what earlier blocks left running on purpose. */
export function guardAgainstRunnerDeath(): void {
  const runner = process.ppid
  if (!isMainThread) parentPort?.on('message', (list: readonly ProcessId[]) => (spare = list))
  setInterval(() => {
    if (process.ppid === runner) return
    killDescendants(process.pid, spare)
    signal(process.pid, 'SIGKILL')
  }, LOOK_EVERY)
}

/** Guards in a thread, too: a ts block may loop for ever in the main one. The thread runs the worker's own bundle. */
export function guardInThread(bundle: string): void {
  thread ??= new Worker(bundle)
  thread.unref()
}

/** Spares, from now on, what runs below this process at the moment. */
export function spareDescendants(): void {
  spare = listDescendants(process.pid)
  thread?.postMessage(spare)
}
