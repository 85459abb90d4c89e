/** A handbook of that many runbooks, in so many folders, each with three typed ts blocks and two bash blocks, no two of them alike. */
export function makeRunbooks(folder: string, count: number, folders?: number): Promise<void>

/** A runbook; its number makes it unlike all others. */
export function writeRunbook(number: number): string
