import type { Socket } from 'node:net'
import { problemTypes } from '../problem/problem-types.ts'
import { securityHeaders } from '../telemetry/security-headers.ts'

/** Answers what is no HTTP, or has headers that are too long, as any other mistake, and closes the connection. */
export function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const code = 'invalid-request'
  const { title, status } = problemTypes[code]
  const body = JSON.stringify({ type: `urn:upload-bridge:problem:${code}`, title, status, code })
  const headers = {
    ...securityHeaders,
    'Content-Type': 'application/problem+json',
    'Content-Length': body.length,
    Connection: 'close',
  }
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} Bad Request\r\n${head.join('')}\r\n${body}`)
}
