import type { IncomingMessage } from 'node:http'

const patience = 30_000

/** Lets the rest of a refused request run into nothing, so that the client gets to read our answer. */
export function discardBody(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return
  request.removeAllListeners('data')
  request.on('error', () => {})
  request.resume()
  const timer = setTimeout(() => request.destroy(), patience).unref()
  request.once('close', () => clearTimeout(timer))
}
