import { useLocation } from '@docusaurus/router'
import type { ServedEnvironment, Session } from '../../wire/index.ts'

/** The environment that a page is about: the address names it, else it is the one that was chosen last, else the first. */
export function useEnvironment({ environments }: Session): ServedEnvironment | undefined {
  const named = new URLSearchParams(useLocation().search).get('environment') ?? readChoice()
  return environments.find(({ name }) => name === named) ?? environments[0]
}

const KEY = 'handbook-environment'

/** Keeps the choice for as long as this tab is open. */
export function keepChoice(name: string): void {
  try {
    sessionStorage.setItem(KEY, name)
  } catch {
    // A browser may forbid it: the address has the choice, too.
  }
}

function readChoice(): string | undefined {
  try {
    return sessionStorage.getItem(KEY) ?? undefined
  } catch {
    return undefined
  }
}
