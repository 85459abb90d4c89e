import { killDescendants, signal } from './process-tree.ts'

/** Ends a process and everything below it, at once. */
export function endTree(pid: number): void {
  killDescendants(pid)
  signal(pid, 'SIGKILL')
}
