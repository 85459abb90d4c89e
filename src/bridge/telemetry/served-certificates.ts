import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { isIP, isIPv6 } from 'node:net'
import { connect } from 'node:tls'
import { Gauge, type Registry } from 'prom-client'

/** Milliseconds between two looks, and the longest time that a listener has to answer. */
const pause = 5000
const patience = 5000

/** What a listener serves: one address and port to which the name of the service leads. */
interface ServedCertificate {
  readonly listener: string
  /** When its certificate ends, in seconds since 1970. */
  readonly notAfter: number
}

/**
 * The certificates that are served at an address, by each listener behind its name. They are not judged: one that has ended is told as well.
 * A listener that serves none is left out.
 */
export async function readServedCertificates(url: string | undefined): Promise<readonly ServedCertificate[]> {
  const { protocol, hostname, port } = new URL(url ?? 'http:none')
  if (protocol !== 'https:') return []
  const name = hostname.replace(/^\[|\]$/g, '')
  const addresses = await lookup(name, { all: true }).catch(() => [])
  const unique = [...new Set(addresses.map(({ address }) => address))]
  const read = unique.map(async address => {
    const notAfter = await readNotAfter(name, address, Number(port || 443)).catch(() => undefined)
    const listener = `${isIPv6(address) ? `[${address}]` : address}:${port || 443}`
    return notAfter === undefined ? [] : [{ listener, notAfter }]
  })
  return (await Promise.all(read)).flat()
}

async function readNotAfter(name: string, host: string, port: number): Promise<number> {
  const socket = connect({
    host,
    port,
    ...(isIP(name) ? {} : { servername: name }),
    // Nothing is sent. A certificate that no client trusts any more must be read, too.
    rejectUnauthorized: false,
  })
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(patience) })
    const seconds = Date.parse(socket.getPeerCertificate().valid_to) / 1000
    if (Number.isNaN(seconds)) throw new Error('the listener served no certificate')
    return seconds
  } finally {
    socket.on('error', () => {}).destroy()
  }
}

/** Looks at the served certificates, again and again. */
export class CertificateWatch {
  readonly #url: () => string | undefined
  #served: readonly ServedCertificate[] = []
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(url: () => string | undefined) {
    this.#url = url
  }

  /** What was served at the latest look. */
  get served(): readonly ServedCertificate[] {
    return this.#served
  }

  /** Looks at once, and then every few seconds. */
  async start(): Promise<void> {
    this.#served = await readServedCertificates(this.#url())
    if (!this.#stopped) this.#timer = setTimeout(() => void this.start(), pause)
  }

  /** Ends the looks. */
  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }
}

/** Makes the gauge of the ends of the served certificates. A listener that was not reached at the latest look has no sample. */
export function createCertificateMetric(registry: Registry, watch: Pick<CertificateWatch, 'served'>): void {
  new Gauge({
    name: 'upload_bridge_served_certificate_not_after_timestamp_seconds',
    help: 'When the certificate ends that is served at `api.publicUrl`',
    labelNames: ['listener'],
    registers: [registry],
    collect() {
      this.reset()
      for (const { listener, notAfter } of watch.served) this.set({ listener }, notAfter)
    },
  })
}
