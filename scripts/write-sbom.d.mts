import type { Metafile } from 'esbuild'

/** Writes a CycloneDX list, the same bytes each time, of what esbuild put into the programs of a folder. Returns its path. */
export function writeSbom(folder: string, metafile: Metafile, root?: string): Promise<string>
