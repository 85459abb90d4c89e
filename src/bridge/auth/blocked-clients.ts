import { type Block, mostBlocks } from '../database/blocks.ts'

/** What is needed to know who is blocked. */
interface BlocksRoom {
  /** The blocks in force. */
  readonly list: () => Promise<readonly Pick<Block, 'client' | 'left'>[]>
  /** A clock in milliseconds that nobody sets. */
  readonly now: () => number
}

/** Milliseconds between two looks: so soon a block is in force, or ended by an operator, in every process. */
const pause = 1000

/**
 * The clients that are blocked, as last read from the database. No request waits for it, and while the database is away, blocks hold until
 * they expire.
 */
export class BlockedClients {
  readonly #room: BlocksRoom
  #until: ReadonlyMap<string, number> = new Map()
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(room: BlocksRoom) {
    this.#room = room
  }

  /** How many milliseconds a client is still blocked; undefined when it is not. */
  timeLeft(client: string): number | undefined {
    const left = (this.#until.get(client) ?? 0) - this.#room.now()
    return left > 0 ? left : undefined
  }

  /** Reads the blocks at once, and then every second. */
  async start(): Promise<void> {
    await this.refresh()
    if (!this.#stopped) this.#timer = setTimeout(() => void this.start(), pause)
  }

  /** Reads the blocks. Those known before stay when they cannot be read. */
  async refresh(): Promise<void> {
    const asked = this.#room.now()
    const blocks = await this.#room.list().catch(() => undefined)
    if (blocks === undefined) return
    this.#until = new Map(blocks.slice(0, mostBlocks).map(({ client, left }) => [client, asked + left]))
  }

  /** Ends the looks. */
  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }
}
