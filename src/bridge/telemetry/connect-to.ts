import { once } from 'node:events'
import { connect } from 'node:net'

/** Opens a TCP connection to where a URL points, and closes it; throws when nobody answers in so many milliseconds. */
export async function connectTo(url: string, patience: number): Promise<undefined> {
  const { hostname, port, protocol, host } = new URL(url)
  const socket = connect(Number(port) || (protocol === 'https:' ? 443 : 80), hostname.replace(/^\[|\]$/g, ''))
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(patience) })
  } catch (cause) {
    throw new Error(`${host} cannot be reached`, { cause })
  } finally {
    socket.destroy()
  }
}
