import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { createRandom } from '../../environment/create-random.ts'

/** Milliseconds that each direction takes: 400 for a question and its answer. */
const ONE_WAY = 200
/** Milliseconds until what was lost on the way is sent once more. */
const AGAIN = 1000
const LOSS = 0.05

/** A press as it passed: whether its answer was kept from the browser. */
interface Press {
  readonly path: string
  readonly key: string
  cut: boolean
}

/**
 * A bad line to a server. Everything is late; one piece in twenty is lost, and comes later still; a connection that asks for more than files is
 * cut as often. The same seed cuts at the same numbers.
 */
export async function openBadLine(to: number, seed: number) {
  const chance = createRandom(seed)
  const sockets = new Set<Socket>()
  const presses: Press[] = []
  let cuts = 0
  let isGone = false
  let cutNext: RegExp | undefined
  const server = createServer(browser => {
    if (isGone) {
      browser.destroy()
      return
    }
    const upstream = connect(to, '127.0.0.1')
    const both = [browser, upstream]
    const cut = () => {
      for (const socket of both) socket.destroy()
    }
    for (const socket of both) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', cut)
      socket.on('close', () => {
        sockets.delete(socket)
        cut()
      })
    }
    let asksMore = false
    let press: Press | undefined
    const carry = (target: Socket, look: (piece: Buffer) => boolean) => {
      let free = 0
      return (piece: Buffer) => {
        if (!look(piece)) return
        const late = ONE_WAY + (chance() < LOSS ? AGAIN : 0)
        // Nothing overtakes what was sent before.
        free = Math.max(free, performance.now() + late)
        setTimeout(() => target.destroyed || target.write(piece), free - performance.now())
        if (!asksMore || press || chance() >= LOSS) return
        cuts += 1
        cut()
      }
    }
    browser.on(
      'data',
      carry(upstream, piece => {
        const text = piece.toString('latin1')
        const [, method, path = ''] = /^(GET|POST) (\S+) HTTP/.exec(text) ?? []
        if (method !== undefined) asksMore = path.startsWith('/api/')
        const key = /"key":"([^"]+)"/.exec(text)?.[1]
        if (method === 'POST') press = { path, key: '', cut: false }
        if (press && key !== undefined) {
          press = { ...press, key, cut: cutNext?.test(press.path) ?? false }
          presses.push(press)
          if (press.cut) cutNext = undefined
        }
        return true
      }),
    )
    upstream.on(
      'data',
      carry(browser, () => {
        // The server has done it by now, and nobody hears of it.
        if (press?.cut) cut()
        const goesOn = !press?.cut
        press = undefined
        return goesOn
      }),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    /** What was pressed, in the order in which it came. */
    presses,
    cuts: () => cuts,
    /** The next press on such a path reaches the server, and its answer reaches nobody. */
    cutAnswerOf(path: RegExp) {
      cutNext = path
    },
    /** Whether nothing goes through at all. */
    setGone(gone: boolean) {
      isGone = gone
      if (gone) for (const socket of sockets) socket.destroy()
    },
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
