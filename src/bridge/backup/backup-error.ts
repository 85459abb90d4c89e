/** Why there is no backup, or none was brought back: something that whoever asked for it can see to. */
export class BackupError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'BackupError'
  }
}
