/** Fetches JSON within 10 s, of at most so many bytes. It follows no redirect. Throws with the address and the reason when this fails. */
export async function fetchJson(url: URL, signal?: AbortSignal, most = Number.POSITIVE_INFINITY): Promise<unknown> {
  const limit = AbortSignal.timeout(10_000)
  const { address, headers } = takeCredentials(url)
  const response = await fetch(address, {
    headers,
    // What another server says is not what this one says.
    redirect: 'manual',
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  }).catch(cause => {
    throw new Error(`${url.origin} does not answer: ${reason(cause)}`, { cause })
  })
  const location = response.headers.get('location')
  if (response.status >= 300 && response.status < 400 && location !== null) {
    await response.body?.cancel()
    const { origin, pathname } = new URL(location, address)
    throw new Error(
      `${url.origin}${url.pathname} answered ${response.status}: it leads to ${origin}${pathname}. Name the server that answers`,
    )
  }
  if (response.ok) {
    const said = await readText(response, most)
    if (said === undefined) throw new Error(`${url.origin}${url.pathname} answered with more than ${most / 1e6} MB`)
    try {
      return JSON.parse(said)
    } catch (cause) {
      throw new Error(`${url.origin}${url.pathname} did not answer with JSON: ${reason(cause)}`, { cause })
    }
  }
  const text = await response.text()
  const body = text.slice(0, 500).trim()
  throw new Error(`${url.origin}${url.pathname} answered ${response.status}${body === '' ? '' : `: ${body}`}`)
}

/** The text of an answer; nothing when it is longer than that. */
async function readText({ body }: Response, most: number): Promise<string | undefined> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const piece of body ?? []) {
    bytes += piece.length
    // To leave the loop cancels the rest.
    if (bytes > most) return undefined
    text += decoder.decode(piece, { stream: true })
  }
  return text + decoder.decode()
}

/** `fetch` refuses an address with a password, and its message shows the password. */
export function takeCredentials(url: URL): { address: URL; headers: Record<string, string> } {
  if (url.username === '' && url.password === '') return { address: url, headers: {} }
  const address = new URL(url)
  address.username = ''
  address.password = ''
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  return { address, headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` } }
}

/** An address below a server's address, which may end in a slash. */
export function below(url: string, path: string, query: Iterable<readonly [string, string]> = []): URL {
  const address = new URL(`${url.replace(/\/+$/, '')}/${path}`)
  for (const [name, value] of query) address.searchParams.append(name, value)
  return address
}

function reason(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  return cause.cause instanceof Error ? cause.cause.message : cause.message
}
