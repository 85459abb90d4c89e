/** Thrown by `ruleOut`, `skip` and by reading what is not there: ends the block, and says how. */
export class BlockSignal extends Error {
  override readonly name = 'BlockSignal'
  readonly status: 'ruled-out' | 'skipped' | 'blocked'

  constructor(status: 'ruled-out' | 'skipped' | 'blocked', reason: string) {
    super(reason)
    this.status = status
  }
}
