import type { RunEvent } from '../../journal/index.ts'

/** Which parameter the last step asked for, by `--param NAME=` in what it printed or failed with; a resumed run keeps its own. */
export interface AskedParam {
  hear(event: RunEvent): void
  readonly name: string | undefined
}

/** Hears the events of a run. A name that is no parameter of its page is left alone: it may be another page's. */
export function createAskedParam(): AskedParam {
  let params: readonly string[] = []
  let name: string | undefined
  const read = (text = '') => {
    const asked = /--param ([A-Za-z]\w*)=/.exec(text)?.[1]
    if (asked !== undefined && params.includes(asked)) name = asked
  }
  return {
    hear(event) {
      if (event.type === 'run.started') params = Object.keys({ ...event.params, ...event.declared })
      else if (event.type === 'step.started') name = undefined
      else if (event.type === 'step.output') read(event.text)
      else if (event.type === 'step.finished' && event.status === 'failed') read(event.error?.message)
    },
    get name() {
      return name
    },
  }
}
