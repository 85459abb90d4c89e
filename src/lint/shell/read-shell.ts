import type { ShellFacts } from './shell-facts.ts'
import { ShellScanner } from './shell-scanner.ts'

/**
 * Reads a bash script as far as checks need it: quoting, expansions, here-documents, substitutions, and where commands begin.
 * It is no parser: what bash refuses is bash's to say. It always comes to an end.
 */
export function readShell(code: string): ShellFacts {
  const scanner = new ShellScanner(code)
  scanner.scanList()
  return { references: scanner.references, commands: scanner.commands, assigned: scanner.assigned }
}
