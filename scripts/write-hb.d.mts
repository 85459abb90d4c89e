/** Writes `hb` to a file, which it makes executable. */
export function writeHb(file: string): Promise<void>
