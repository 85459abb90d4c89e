/** A message of an event stream. */
export interface StreamEvent {
  readonly id?: string
  readonly data: string
}

/**
 * Reads an event stream (WHATWG HTML, 9.2) piece by piece: the function takes a piece, which may end anywhere, and gives the messages that
 * are whole. Comments keep a connection open, and say nothing.
 */
export function createEventParser(): (piece: string) => StreamEvent[] {
  let rest = ''
  let id: string | undefined
  let data: string[] = []
  return piece => {
    const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    const events: StreamEvent[] = []
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) events.push({ ...(id === undefined ? {} : { id }), data: data.join('\n') })
        data = []
      }
      const [, field = '', value = ''] = /^(\w+)(?:: ?(.*))?$/s.exec(line) ?? []
      if (field === 'data') data.push(value)
      if (field === 'id') id = value
    }
    return events
  }
}
