import { AsyncLocalStorage } from 'node:async_hooks'

/** Who asks, and by which number the lines about it are found. */
export interface RequestContext {
  readonly requestId: string
  readonly traceId: string
  /** The client's address, as the connection tells it. */
  readonly address: string
}

/** The request that is worked on; nothing outside of requests. */
export const requestContext = new AsyncLocalStorage<RequestContext>()
