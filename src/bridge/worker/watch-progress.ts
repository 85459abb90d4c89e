import { readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'

/** What is watched, and for how long (in milliseconds) it may stand still. */
interface WatchedRequest {
  readonly socket: () => Socket | null
  /** Whether the last byte was given to the socket. */
  readonly isSent: () => boolean
  readonly timeout: number
  /** How long downstream may take for its answer once it has everything. */
  readonly answerTimeout: number
  readonly onStalled: (reason: string) => void
}

/**
 * Watches a request by what the receiver took, not by what was given to the operating system: a slow receiver is no stalled one, however
 * much waits in between. Returns the function that ends the watch.
 */
export function watchProgress(request: WatchedRequest): () => void {
  const { timeout, answerTimeout } = request
  let taken = -1
  let lastProgress = performance.now()
  let completeSince: number | undefined
  const look = async () => {
    const socket = request.socket()
    const waiting = socket === null ? 0 : await unacknowledged(socket)
    const now = performance.now()
    const current = socket === null ? 0 : socket.bytesWritten - socket.writableLength - waiting
    if (current !== taken) {
      taken = current
      lastProgress = now
    }
    completeSince = request.isSent() && waiting === 0 ? (completeSince ?? now) : undefined
    if (completeSince === undefined ? now - lastProgress > timeout : now - completeSince > answerTimeout) {
      request.onStalled(
        completeSince === undefined ? `no progress for ${timeout} ms` : `no answer for ${answerTimeout} ms`,
      )
    }
  }
  const interval = Math.max(20, Math.min(500, timeout / 5, answerTimeout / 5))
  const timer = setInterval(() => void look(), interval)
  return () => clearInterval(timer)
}

/** The bytes of a connection that its other end has not acknowledged yet, by proc_net_tcp(5); 0 where that cannot be read. */
async function unacknowledged({ localPort, remotePort, remoteFamily }: Socket): Promise<number> {
  if (localPort === undefined || remotePort === undefined) return 0
  const ends = new RegExp(`: \\w+:${hex(localPort)} \\w+:${hex(remotePort)} \\w+ (\\w+):`)
  for (const name of remoteFamily === 'IPv6' ? ['tcp6', 'tcp'] : ['tcp', 'tcp6']) {
    const table = await readFile(`/proc/net/${name}`, 'latin1').catch(() => '')
    const [, waiting] = ends.exec(table) ?? []
    if (waiting !== undefined) return Number.parseInt(waiting, 16)
  }
  return 0
}

function hex(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0')
}
