import { createHash } from 'node:crypto'
import { type Procedure, parseProcedure } from '../procedure/index.ts'

/** Pages as programs, so that the check and the pages' own making read each page once between them. */
export class KnownProcedures {
  #byPath = new Map<string, Procedure>()

  /** What pages are, until they change. */
  learn(procedures: readonly Procedure[]): void {
    this.#byPath = new Map(procedures.map(procedure => [procedure.path, procedure]))
  }

  /** The page as a program; read anew when its text is another than was learnt. */
  read(text: string, path: string): Procedure {
    const known = this.#byPath.get(path)
    const same = known?.hash === createHash('sha256').update(text).digest('hex')
    return known && same ? known : parseProcedure(text, path)
  }
}
