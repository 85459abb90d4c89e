import type { Lock, Locker, RequestRelease } from '@tus/server'
import { BridgeProblem } from '../problem/bridge-problem.ts'
import { aborted } from '../run-process.ts'

interface Holder {
  readonly requestRelease: RequestRelease
  readonly released: Promise<void>
  readonly release: () => void
}

/** One request at a time works on an upload; a newer request makes the older one let go. */
export class UploadLocker implements Locker {
  readonly #holders = new Map<string, Holder>()
  readonly #timeout: number

  constructor(timeout: number) {
    this.#timeout = timeout
  }

  newLock(id: string): Lock {
    return {
      lock: (signal, requestRelease) => this.#lock(id, signal, requestRelease),
      unlock: async () => this.#unlock(id),
    }
  }

  async #lock(id: string, signal: AbortSignal, requestRelease: RequestRelease): Promise<void> {
    const deadline = AbortSignal.timeout(this.#timeout)
    for (let holder = this.#holders.get(id); holder !== undefined; holder = this.#holders.get(id)) {
      await holder.requestRelease()
      await Promise.race([holder.released, aborted(signal), aborted(deadline)])
      if (signal.aborted) throw new BridgeProblem('upload-interrupted')
      if (deadline.aborted) throw new BridgeProblem('upload-locked')
    }
    const { promise, resolve } = withResolvers()
    this.#holders.set(id, { requestRelease, released: promise, release: resolve })
  }

  #unlock(id: string): void {
    const holder = this.#holders.get(id)
    this.#holders.delete(id)
    holder?.release()
  }
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>(settle => {
    resolve = settle
  })
  return { promise, resolve }
}
