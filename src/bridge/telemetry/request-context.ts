import { AsyncLocalStorage } from 'node:async_hooks'
import type { Identity } from '../auth/roles.ts'

/** Who asks, and by which number the lines about it are found. */
export interface RequestContext {
  readonly requestId: string
  readonly traceId: string
  /** The client's address, as the connection tells it. */
  readonly address: string
  /** Whose uploads these are: `key:ID`, or `address:IP` of a client without a key. */
  readonly client: string
  readonly key?: Identity
}

/** The request that is worked on; nothing outside of requests. */
export const requestContext = new AsyncLocalStorage<RequestContext>()
